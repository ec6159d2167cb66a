// Ranked search. Postings are told apart by what they are worth; then either the best combinations of them
// are intersected one after another until enough is found, or all of them at once.
#include "relata/query/search.h"

#include <algorithm>
#include <array>
#include <compare>
#include <queue>
#include <span>
#include <utility>

#include "absl/container/flat_hash_set.h"
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

enum class Match : uint8_t { kWord, kBeginning, kSlip };
constexpr std::array<uint64_t, 3> kWorthOfMatch = {100, 70, 40};
// 1000 / sqrt(n) of 1 to 8 words, then of 16, 32, …, 1024; see store::LengthStep.
constexpr std::array<uint64_t, store::kLengthSteps> kWorthOfLength = {1000, 707, 577, 500, 447, 408, 377, 353,
                                                                      250,  176, 125, 88,  62,  44,  31};

// What tells postings of one word apart.
struct Kind {
  uint32_t field = 0;
  uint8_t length_step = 0;
  Match match = Match::kWord;
  auto operator<=>(const Kind&) const = default;
};

// The key of one posting.
struct Listed {
  Kind kind;
  std::string values;
};

// All postings of one word that was typed.
struct Word {
  std::vector<Listed> postings;
  std::vector<Kind> kinds;  // of them, each once
};

// One kind per word, and what a record is worth that has them all.
struct Combination {
  uint64_t score = 0;
  std::vector<Kind> kinds;
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
  Ranking(const store::Reader& reader, const SearchOptions& options) : reader_(reader), options_(options) {}

  void AddField(uint32_t weight, const store::IndexRuntime* index) {
    fields_.push_back({weight, index->tree.tree(), kv::Cursor(reader_.kv(), index->tree.tree())});
  }

  Status AddWord(const SearchWord& typed) {
    Word word;
    for (uint32_t field = 0; field < fields_.size(); ++field) {
      RELATA_RETURN_IF_ERROR(ListWord(typed, field, &word.postings));
    }
    for (const Listed& listed : word.postings) word.kinds.push_back(listed.kind);
    std::sort(word.kinds.begin(), word.kinds.end());
    word.kinds.erase(std::unique(word.kinds.begin(), word.kinds.end()), word.kinds.end());
    words_.push_back(std::move(word));
    return absl::OkStatus();
  }

  // The best records, best first.
  StatusOr<std::vector<Found>> Best() {
    std::vector<Combination> combinations;
    Combination begun;
    size_t left = kMaxCombinations;
    const bool separable = words_.size() == 1 || fields_.size() == 1;
    if (separable && Combine(&begun, &left, &combinations)) return ByCombination(std::move(combinations));
    return ByRecord();
  }

 private:
  struct SearchedField {
    uint32_t weight;
    kv::Tree tree;
    kv::Cursor cursor;
  };

  uint64_t Worth(const Kind& kind) const {
    return uint64_t{fields_[kind.field].weight} * kWorthOfMatch[static_cast<size_t>(kind.match)] *
           kWorthOfLength[kind.length_step - 1];
  }

  Status ListWord(const SearchWord& typed, uint32_t field, std::vector<Listed>* listed) {
    if (typed.prefix && !store::IsShortPrefix(typed.text)) {
      RELATA_RETURN_IF_ERROR(
          List(store::EntriesBeginningWith(typed.text), typed.text, field, Match::kBeginning, listed));
    } else {
      RELATA_RETURN_IF_ERROR(List(store::EntriesOf(typed.text), typed.text, field, Match::kWord, listed));
      if (typed.prefix) {
        RELATA_RETURN_IF_ERROR(
            List(store::EntriesOfPrefix(typed.text), "", field, Match::kBeginning, listed));
      }
    }
    if (!options_.typos) return absl::OkStatus();
    std::vector<std::string> near;
    RELATA_RETURN_IF_ERROR(NearWords(&fields_[field].cursor, typed.text, &near));
    for (const std::string& word : near) {
      if (typed.prefix && word.starts_with(typed.text)) continue;  // listed as a beginning
      RELATA_RETURN_IF_ERROR(List(store::EntriesOf(word), "", field, Match::kSlip, listed));
    }
    return absl::OkStatus();
  }

  // Lists the postings in the range; those of `word` are the word itself.
  Status List(const store::KeyRange& range, std::string_view word, uint32_t field, Match match,
              std::vector<Listed>* listed) {
    kv::Cursor& at = fields_[field].cursor;
    at.Seek(range.low);
    while (at.Valid() && store::BeforeEnd(range, at.key())) {
      std::string_view values;
      RecordId first = 0;
      store::WordKey key;
      if (!store::SplitIdSuffix(at.key(), &values, &first) || !store::ReadWordKey(values, &key)) {
        return store::DamagedEntry(fields_[field].tree);
      }
      const bool same = !key.prefix && key.text == word;
      listed->push_back({{field, key.length_step, same ? Match::kWord : match}, std::string(values)});
      // Where there are more blocks they are passed over; a small block is likely the only one.
      const std::string& seen = listed->back().values;
      const bool small = at.value().size() < store::kMaxBlockIds / 2;
      if (small) at.Next();
      if (!small || (at.Valid() && at.key().starts_with(seen))) at.Seek(store::KeyAfter(seen));
    }
    return at.status();
  }

  // Adds all combinations that go on as `begun`. False if more than `left` are begun for it. In one field all
  // words of a record have the same length.
  bool Combine(Combination* begun, size_t* left, std::vector<Combination>* all) const {
    if ((*left)-- == 0) return false;
    if (begun->kinds.size() == words_.size()) {
      all->push_back(*begun);
      return true;
    }
    for (const Kind& kind : words_[begun->kinds.size()].kinds) {
      if (!begun->kinds.empty() && begun->kinds.front().length_step != kind.length_step) continue;
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
  Postings Open(const Word& word, const Kind* kind) {
    Postings postings;
    for (const Listed& listed : word.postings) {
      if (kind != nullptr && listed.kind != *kind) continue;
      const SearchedField& field = fields_[listed.kind.field];
      postings.Add(Posting(reader_.kv(), field.tree, listed.values, {Worth(listed.kind), listed.kind.field}));
    }
    return postings;
  }

  // A record may have several combinations; the best of them comes first.
  StatusOr<std::vector<Found>> ByCombination(std::vector<Combination> combinations) {
    std::stable_sort(combinations.begin(), combinations.end(),
                     [](const Combination& a, const Combination& b) { return a.score > b.score; });
    std::vector<Found> best;
    absl::flat_hash_set<RecordId> seen;
    size_t next = 0;
    while (next < combinations.size() && best.size() < options_.limit) {
      const size_t wanted = options_.limit - best.size();
      const uint64_t score = combinations[next].score;
      std::vector<Found> equals;
      for (; next < combinations.size() && combinations[next].score == score; ++next) {
        const std::vector<Kind>& kinds = combinations[next].kinds;
        std::vector<Postings> words;
        for (size_t i = 0; i < words_.size(); ++i) words.push_back(Open(words_[i], &kinds[i]));
        size_t left = wanted;
        RELATA_RETURN_IF_ERROR(Intersect(&words, [&](RecordId id) {
          if (seen.contains(id)) return true;
          equals.push_back({score, id, kinds.front().field});
          return --left > 0;
        }));
      }
      std::sort(equals.begin(), equals.end(), Better);
      for (const Found& found : equals) {
        if (best.size() < options_.limit && seen.insert(found.id).second) best.push_back(found);
      }
    }
    return best;
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
  Ranking ranking(reader, options);
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
    ranking.AddField(searched.weight, index);
  }
  std::vector<SearchHit> hits;
  const std::vector<SearchWord> words = ParseSearch(typed);
  if (words.empty() || options.limit == 0) return hits;
  for (const SearchWord& word : words) RELATA_RETURN_IF_ERROR(ranking.AddWord(word));
  RELATA_ASSIGN_OR_RETURN(const std::vector<Found> best, ranking.Best());
  for (const Found& found : best) hits.push_back({found.id, found.score, fields[found.field].name});
  return hits;
}

}  // namespace relata::query
