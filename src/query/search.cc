// Ranked search. Postings are told apart by what they are worth; then either the best combinations of them
// are intersected one after another until enough is found, or all of them at once. In one field the best are
// those of short texts, so postings are looked up length by length, and no further than needed.
#include "relata/query/search.h"

#include <algorithm>
#include <array>
#include <compare>
#include <queue>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "relata/base/strings.h"
#include "src/base/words.h"
#include "src/query/near_words.h"
#include "src/query/postings.h"
#include "src/query/text_search.h"
#include "src/schema/catalogue.h"
#include "src/store/index_entry.h"
#include "src/store/word_key.h"

namespace relata::query {
namespace {

constexpr uint32_t kMaxWeight = 1'000;
// Where more combinations than this were begun, looking at all records is cheaper than at each combination.
constexpr size_t kMaxCombinations = 1'024;
constexpr size_t kPage = 16;  // most searches want no more

enum class Match : uint8_t { kWord, kBeginning, kSlip };
constexpr std::array<uint64_t, 3> kWorthOfMatch = {100, 70, 40};
// 1000 / sqrt(n) of 1 to 8 words, then of 16, 32, …, 1024; see store::LengthStep.
constexpr std::array<uint64_t, store::kLengthSteps> kWorthOfLength = {1000, 707, 577, 500, 447, 408, 377, 353,
                                                                      250,  176, 125, 88,  62,  44,  31};

// What tells postings of one word apart.
struct PostingKind {
  uint32_t field = 0;
  uint8_t length_step = 0;
  Match match = Match::kWord;
  auto operator<=>(const PostingKind&) const = default;
};

struct Listed {
  PostingKind kind;
  PostingHead head;
};

// The postings whose values keys are `key` and a length, looked up as lengths grow.
struct Begun {
  std::string key;
  Match match;
  uint8_t length = 0;  // of the first posting that was not passed yet; kNoLength if there is none
  PostingHead head;
};
constexpr uint8_t kNoLength = store::kLengthSteps + 1;

// One word that was typed: all its postings, or those listed so far; and which kinds of them are combined.
struct Word {
  absl::InlinedVector<Listed, 4> postings;
  absl::InlinedVector<PostingKind, 4> kinds;  // each once
  absl::InlinedVector<Begun, 2> begun;
};

// One kind per word, and what a record is worth that has them all.
struct Combination {
  uint64_t score = 0;
  absl::InlinedVector<PostingKind, 4> kinds;
};

struct Found {
  uint64_t score = 0;
  RecordId id = 0;
  uint32_t field = 0;
};
bool Better(const Found& a, const Found& b) {
  return a.score != b.score ? a.score > b.score : a.id != b.id ? a.id < b.id : a.field < b.field;
}

class Ranking {
 public:
  Ranking(const store::Reader& reader, const SearchOptions& options, size_t fields)
      : reader_(reader), options_(options) {
    fields_.reserve(fields);
    best_.reserve(std::min(options.limit, kPage));
  }

  void AddField(uint32_t weight, const store::IndexRuntime& index) {
    fields_.emplace_back(weight, index.tree.tree(), reader_.kv());
  }

  // The best records that have all words, best first.
  StatusOr<std::vector<Found>> Best(const std::vector<SearchWord>& typed) {
    if (fields_.size() == 1) {
      RELATA_ASSIGN_OR_RETURN(const bool few, FindByLength(typed));
      if (few) return std::move(best_);
    }
    words_.clear();
    best_.clear();
    seen_.clear();
    for (const SearchWord& word : typed) RELATA_RETURN_IF_ERROR(AddWord(word));
    std::vector<Combination> combinations;
    Combination begun;
    size_t left = kMaxCombinations;
    if (words_.size() == 1 && Combine(&begun, &left, &combinations)) {
      RELATA_RETURN_IF_ERROR(TakeBest(combinations));
      return std::move(best_);
    }
    return ByRecord();
  }

 private:
  struct SearchedField {
    SearchedField(uint32_t its_weight, kv::Tree its_tree, const kv::Transaction& txn)
        : weight(its_weight), tree(its_tree), cursor(txn, its_tree) {}

    uint32_t weight;
    kv::Tree tree;
    kv::Cursor cursor;
  };

  uint64_t Worth(const PostingKind& kind) const {
    return uint64_t{fields_[kind.field].weight} * kWorthOfMatch[static_cast<size_t>(kind.match)] *
           kWorthOfLength[kind.length_step - 1];
  }

  Status AddWord(const SearchWord& typed) {
    Word word;
    for (uint32_t field = 0; field < fields_.size(); ++field) {
      RELATA_RETURN_IF_ERROR(ListWord(typed, field, &word));
    }
    for (const Listed& listed : word.postings) word.kinds.push_back(listed.kind);
    std::sort(word.kinds.begin(), word.kinds.end());
    word.kinds.erase(std::unique(word.kinds.begin(), word.kinds.end()), word.kinds.end());
    words_.push_back(std::move(word));
    return absl::OkStatus();
  }

  Status ListWord(const SearchWord& typed, uint32_t field, Word* word) {
    if (typed.prefix && !store::IsShortPrefix(typed.text)) {
      RELATA_RETURN_IF_ERROR(
          List(store::EntriesBeginningWith(typed.text), typed.text, field, Match::kBeginning, word));
    } else {
      RELATA_RETURN_IF_ERROR(List(store::EntriesOf(typed.text), typed.text, field, Match::kWord, word));
      if (typed.prefix) {
        RELATA_RETURN_IF_ERROR(List(store::EntriesOfPrefix(typed.text), "", field, Match::kBeginning, word));
      }
    }
    return VisitSlips(typed, field, [&](const std::string& slip) {
      return List(store::EntriesOf(slip), "", field, Match::kSlip, word);
    });
  }

  // Calls `visit` with the words of the field that are one slip away, where that is asked for.
  template <class Visit>
  Status VisitSlips(const SearchWord& typed, uint32_t field, Visit visit) {
    if (!options_.typos) return absl::OkStatus();
    std::vector<std::string> near;
    RELATA_RETURN_IF_ERROR(NearWords(&fields_[field].cursor, typed.text, &near));
    for (const std::string& slip : near) {
      if (typed.prefix && slip.starts_with(typed.text)) continue;  // listed as a beginning
      RELATA_RETURN_IF_ERROR(visit(slip));
    }
    return absl::OkStatus();
  }

  // Lists the postings in the range; those of `text` are the word itself.
  Status List(const store::KeyRange& range, std::string_view text, uint32_t field, Match match, Word* word) {
    kv::Cursor& at = fields_[field].cursor;
    at.Seek(range.low);
    while (at.Valid() && store::BeforeEnd(range, at.key())) {
      store::WordKey key;
      Listed& listed = word->postings.emplace_back();
      RELATA_RETURN_IF_ERROR(Take(field, &key, &listed.head));
      const bool same = !key.prefix && key.text == text;
      listed.kind = {field, key.length_step, same ? Match::kWord : match};
      if (!listed.head.whole && at.status().ok()) at.Seek(store::KeyAfter(listed.head.values));
    }
    return at.status();
  }

  // Takes the posting whose first block the field's cursor stands on. A small block is likely the only one:
  // the cursor then moves on, and the posting is whole if that is so. `key` is of its values.
  Status Take(uint32_t field, store::WordKey* key, PostingHead* head) {
    kv::Cursor& at = fields_[field].cursor;
    if (!store::SplitIdSuffix(at.key(), &head->values, &head->id) || !store::ReadWordKey(head->values, key)) {
      return store::DamagedEntry(fields_[field].tree);
    }
    head->gaps = at.value();
    if (at.value().size() >= store::kMaxBlockIds / 2) return absl::OkStatus();
    at.Next();
    head->whole = !at.Valid() || !at.key().starts_with(head->values);
    return at.status();
  }

  // The postings of one field whose keys are known are only noted; those of the words that have a beginning
  // in common are listed.
  Status BeginWord(const SearchWord& typed, Word* word) {
    const auto begin = [&](store::KeyRange range, Match match) {
      word->begun.push_back({.key = std::move(range.low), .match = match, .head = {}});
      return absl::OkStatus();
    };
    if (typed.prefix && !store::IsShortPrefix(typed.text)) {
      RELATA_RETURN_IF_ERROR(
          List(store::EntriesBeginningWith(typed.text), typed.text, 0, Match::kBeginning, word));
    } else {
      RELATA_RETURN_IF_ERROR(begin(store::EntriesOf(typed.text), Match::kWord));
      if (typed.prefix) RELATA_RETURN_IF_ERROR(begin(store::EntriesOfPrefix(typed.text), Match::kBeginning));
    }
    return VisitSlips(typed, 0,
                      [&](const std::string& slip) { return begin(store::EntriesOf(slip), Match::kSlip); });
  }

  // Sets `least` to the least length from `length` on in which the word has postings, kNoLength if none.
  Status FindLength(Word* word, uint8_t length, uint8_t* least) {
    *least = kNoLength;
    for (const Listed& listed : word->postings) {
      const uint8_t own = listed.kind.length_step;
      if (own >= length) *least = std::min(*least, own);
    }
    kv::Cursor& at = fields_[0].cursor;
    for (Begun& begun : word->begun) {
      if (begun.length < length) {
        begun.key.push_back(static_cast<char>(length));
        at.Seek(begun.key);
        begun.key.pop_back();
        begun.length = kNoLength;
        if (at.Valid() && at.key().starts_with(begun.key)) {
          store::WordKey key;
          begun.head = {};
          RELATA_RETURN_IF_ERROR(Take(0, &key, &begun.head));
          begun.length = key.length_step;
        }
        RELATA_RETURN_IF_ERROR(at.status());
      }
      *least = std::min(*least, begun.length);
    }
    return absl::OkStatus();
  }

  // Moves `length` on to the first one in which all words have postings; to kNoLength if there is none.
  Status FindCommonLength(uint8_t* length) {
    for (size_t agreed = 0, i = 0; agreed < words_.size() && *length < kNoLength;
         i = (i + 1) % words_.size()) {
      uint8_t least = 0;
      RELATA_RETURN_IF_ERROR(FindLength(&words_[i], *length, &least));
      agreed = least == *length ? agreed + 1 : 1;
      *length = least;
    }
    return absl::OkStatus();
  }

  // Sets the kinds to combine to those of fields of this length.
  static void TakeLength(uint8_t length, Word* word) {
    for (const Begun& begun : word->begun) {
      if (begun.length == length) word->postings.push_back({{0, length, begun.match}, begun.head});
    }
    word->kinds.clear();
    for (const Listed& listed : word->postings) {
      if (listed.kind.length_step != length) continue;
      if (std::find(word->kinds.begin(), word->kinds.end(), listed.kind) == word->kinds.end()) {
        word->kinds.push_back(listed.kind);
      }
    }
  }

  // Finds the best in one field: shorter ones are worth more, so they are looked at first, until no longer
  // one can be among the best. False where there are too many combinations.
  StatusOr<bool> FindByLength(const std::vector<SearchWord>& typed) {
    words_.resize(typed.size());
    for (size_t i = 0; i < typed.size(); ++i) RELATA_RETURN_IF_ERROR(BeginWord(typed[i], &words_[i]));
    size_t left = kMaxCombinations;
    std::vector<Combination> open;  // of lengths seen, which a longer one may still equal or surpass
    for (uint8_t length = 1;; ++length) {
      RELATA_RETURN_IF_ERROR(Settle(length, &open));
      if (length == kNoLength || best_.size() == options_.limit) return true;
      RELATA_RETURN_IF_ERROR(FindCommonLength(&length));
      if (length == kNoLength) {
        RELATA_RETURN_IF_ERROR(Settle(length, &open));
        return true;
      }
      for (Word& word : words_) TakeLength(length, &word);
      Combination begun;
      if (!Combine(&begun, &left, &open)) return false;
    }
  }

  // Takes what is worth more than anything in fields of this length and longer ones.
  Status Settle(uint8_t length, std::vector<Combination>* open) {
    if (open->empty()) return absl::OkStatus();
    const uint64_t most = length == kNoLength ? 0 : words_.size() * Worth({0, length, Match::kWord}) + 1;
    const auto sure =
        std::partition(open->begin(), open->end(), [&](const Combination& c) { return c.score < most; });
    RELATA_RETURN_IF_ERROR(TakeBest(std::span(sure, open->end())));
    open->erase(sure, open->end());
    return absl::OkStatus();
  }

  // Adds all combinations that go on as `begun`. False if more than `left` are begun for it.
  bool Combine(Combination* begun, size_t* left, std::vector<Combination>* all) const {
    if ((*left)-- == 0) return false;
    if (begun->kinds.size() == words_.size()) {
      all->push_back(*begun);
      return true;
    }
    for (const PostingKind& kind : words_[begun->kinds.size()].kinds) {
      begun->kinds.push_back(kind);
      begun->score += Worth(kind);
      const bool few = Combine(begun, left, all);
      begun->score -= Worth(kind);
      begun->kinds.pop_back();
      if (!few) return false;
    }
    return true;
  }

  // The postings of a word: of one kind, or all.
  Postings Open(const Word& word, const PostingKind* kind) const {
    const auto open = [&](const Listed& listed) { return kind == nullptr || listed.kind == *kind; };
    Postings postings(static_cast<size_t>(std::count_if(word.postings.begin(), word.postings.end(), open)));
    for (const Listed& listed : word.postings) {
      if (!open(listed)) continue;
      const uint32_t field = listed.kind.field;
      postings.Add(reader_.kv(), fields_[field].tree, listed.head, {Worth(listed.kind), field});
    }
    return postings;
  }

  // Adds the records of these combinations to the best so far, none of which is worth less, until there are
  // enough. A record may have several combinations; the best of them comes first.
  Status TakeBest(std::span<Combination> combinations) {
    std::sort(combinations.begin(), combinations.end(),
              [](const Combination& a, const Combination& b) { return a.score > b.score; });
    std::vector<Postings> words;
    absl::InlinedVector<Found, kPage> equals;
    for (size_t next = 0; next < combinations.size() && best_.size() < options_.limit;) {
      const size_t first = next;
      const size_t wanted = options_.limit - best_.size();
      const uint64_t score = combinations[first].score;
      equals.clear();
      for (; next < combinations.size() && combinations[next].score == score; ++next) {
        const absl::InlinedVector<PostingKind, 4>& kinds = combinations[next].kinds;
        words.clear();
        words.reserve(words_.size());
        for (size_t i = 0; i < words_.size(); ++i) words.push_back(Open(words_[i], &kinds[i]));
        size_t left = wanted;
        RELATA_RETURN_IF_ERROR(Intersect(&words, [&](RecordId id) {
          if (!IsNew(id)) return true;
          equals.push_back({score, id, kinds.front().field});
          return --left > 0;
        }));
      }
      // Those of one combination are in order, and each once.
      const bool one = next - first == 1;
      if (!one) std::sort(equals.begin(), equals.end(), Better);
      for (const Found& found : equals) {
        if (best_.size() < options_.limit && (one || IsNew(found.id))) best_.push_back(found);
      }
    }
    return absl::OkStatus();
  }

  // Whether the record is not among the best so far.
  bool IsNew(RecordId id) {
    if (best_.empty()) return true;
    for (size_t i = seen_.size(); i < best_.size(); ++i) seen_.insert(best_[i].id);
    return !seen_.contains(id);
  }

  StatusOr<std::vector<Found>> ByRecord() {
    std::vector<Postings> words;
    for (const Word& word : words_) words.push_back(Open(word, nullptr));
    std::priority_queue<Found, std::vector<Found>, bool (*)(const Found&, const Found&)> worst(Better);
    RELATA_RETURN_IF_ERROR(Intersect(&words, [&](RecordId id) {
      Found found{.id = id};
      Share most;
      for (const Postings& word : words) {
        const Share share = word.Best();
        found.score += share.score;
        if (share.score > most.score || (share.score == most.score && share.field < most.field)) most = share;
      }
      found.field = most.field;
      worst.push(found);
      if (worst.size() > options_.limit) worst.pop();
      return true;
    }));
    std::vector<Found> best;
    for (; !worst.empty(); worst.pop()) best.push_back(worst.top());
    std::reverse(best.begin(), best.end());
    return best;
  }

  const store::Reader& reader_;
  const SearchOptions& options_;
  std::vector<SearchedField> fields_;
  std::vector<Word> words_;
  std::vector<Found> best_;
  absl::flat_hash_set<RecordId> seen_;  // the ids of best_, as far as they were asked for
};

// Gives the fields that have an index of words, where none was named.
StatusOr<std::vector<SearchField>> AllFields(const EntityType& type) {
  std::vector<SearchField> fields;
  for (const Index& index : type.indexes) {
    if (index.parts.front().folding != Folding::kWords || index.state != IndexState::kReady) continue;
    fields.push_back({type.fields[index.parts.front().field].name});
  }
  if (!fields.empty()) return fields;
  return absl::FailedPreconditionError(
      StrCat(type.name, ": has no index of words; add one with AddIndex, on a part such as words(name)"));
}

}  // namespace

StatusOr<std::vector<SearchHit>> Search(const store::Reader& reader, std::string_view entity,
                                        std::vector<SearchField> fields, std::string_view typed,
                                        const SearchOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(entity));
  if (fields.empty()) {
    RELATA_ASSIGN_OR_RETURN(fields, AllFields(*type->type));
  }
  Ranking ranking(reader, options, fields.size());
  for (const SearchField& searched : fields) {
    RELATA_ASSIGN_OR_RETURN(const Field* field, schema::GetField(*type->type, searched.name));
    const store::IndexRuntime* index = WordIndexOf(*type, field->id);
    if (index == nullptr) {
      return absl::FailedPreconditionError(StrCat(type->type->name, ".", field->name,
                                                  ": has no index of words; add one with the part words(",
                                                  field->name, "), or wait until it is built"));
    }
    if (searched.weight == 0 || searched.weight > kMaxWeight) {
      return absl::InvalidArgumentError(StrCat(type->type->name, ".", field->name, ": the weight ",
                                               searched.weight, " is not 1 to ", kMaxWeight));
    }
    ranking.AddField(searched.weight, *index);
  }
  std::vector<SearchHit> hits;
  const std::vector<SearchWord> words = ParseSearch(typed);
  if (words.empty() || options.limit == 0) return hits;
  RELATA_ASSIGN_OR_RETURN(const std::vector<Found> best, ranking.Best(words));
  hits.reserve(best.size());
  for (const Found& found : best) {
    SearchHit& hit = hits.emplace_back();
    hit.id = found.id;
    hit.score = found.score;
    hit.field = fields[found.field].name;
  }
  return hits;
}

}  // namespace relata::query
