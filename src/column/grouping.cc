// Finds the group of each record, block by block, and lets every term add it up.
#include "src/column/grouping.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/strings.h"
#include "src/column/kernels.h"
#include "src/column/totals.h"

namespace relata::column {

namespace {

constexpr uint32_t kNoGroup = std::numeric_limits<uint32_t>::max();

// An array by place may be so large: in any case, and where it is not large beside the records. Where there
// are far more records than places, each place is a group of its own, found or not.
constexpr uint64_t kSmallArray = uint64_t{1} << 16;
constexpr uint64_t kLargestArray = uint64_t{1} << 23;

struct Key {
  std::unique_ptr<Evaluation> evaluation;
  Parts parts;
};

}  // namespace

class Grouping::State {
 public:
  State(const store::TypeRuntime& type, const store::Snapshot& at, uint64_t memory)
      : type_(type), at_(at), memory_(memory) {}

  Status Open(const expr::Program* where, std::span<const expr::Program* const> keys,
              std::span<const GroupTerm> terms, ColumnCache* cache) {
    std::vector<Parts*> parts;
    if (where != nullptr) {
      where_.emplace();
      where_->evaluation = std::make_unique<Evaluation>(*where, at_);
      where_->parts = TakeApart(where_->evaluation.get());
      parts.push_back(&where_->parts);
    }
    for (const expr::Program* program : keys) {
      Key key{.evaluation = std::make_unique<Evaluation>(*program, at_), .parts = {}};
      std::optional<Parts> taken = TakeApartKey(key.evaluation.get());
      if (!taken) return Unsupported();
      key.parts = *std::move(taken);
      keys_.push_back(std::move(key));
    }
    for (const GroupTerm& term : terms) {
      std::optional<Totals> totals = Totals::Make(term, &at_);
      if (!totals) return Unsupported();
      terms_.push_back(*std::move(totals));
    }
    for (Key& key : keys_) parts.push_back(&key.parts);
    for (Totals& term : terms_) parts.push_back(term.parts());
    RELATA_ASSIGN_OR_RETURN(table_, OpenTables(parts, type_, at_, cache));
    for (Key& key : keys_) RELATA_RETURN_IF_ERROR(key.parts.key->Prepare());
    for (Totals& term : terms_) RELATA_RETURN_IF_ERROR(term.Prepare());
    return Layout();
  }

  Status Run(Look look) {
    if (keys_.empty()) GroupAt(0);
    if (is_direct_) {
      for (Totals& term : terms_) term.Grow(bounds_[0] * strides_[0]);
    }
    for (size_t chunk = 0; chunk < table_->chunks(); ++chunk) {
      if (table_->presence[chunk] == nullptr) continue;
      Mask mask = *table_->presence[chunk];
      if (where_) RELATA_RETURN_IF_ERROR(where_->parts.condition->Filter(chunk, true, &mask));
      const uint64_t count = CountBits(mask.words);
      if (count == 0) continue;
      records_ += count;
      for (Totals& term : terms_) term.BeginChunk(chunk, count);
      for (size_t block = 0; block < kBlocks; ++block) {
        const uint64_t* words = mask.words.data() + block * Block::kWords;
        if (!IsEmptyBlock(words)) RELATA_RETURN_IF_ERROR(AddBlock(chunk, block, words));
      }
      RELATA_RETURN_IF_ERROR(look(bytes()));
    }
    if (!is_direct_) {
      for (Totals& term : terms_) term.Grow(places_.size());
    }
    for (size_t i = 0; i < found_.size(); ++i) {
      for (uint64_t word = found_[i]; word != 0; word &= word - 1) {
        places_.push_back(i * 64 + static_cast<uint64_t>(std::countr_zero(word)));
      }
    }
    return look(bytes());
  }

  size_t size() const { return places_.size(); }
  uint64_t records() const { return records_; }
  uint64_t rows_asked() const { return where_ ? where_->evaluation->rows_asked : 0; }
  uint32_t KeyCode(size_t group, size_t key) const {
    uint64_t place = places_[group];
    if (strides_[key] != 1) place /= strides_[key];
    if (key != 0) place %= bounds_[key];
    return static_cast<uint32_t>(place);
  }
  expr::Datum KeyValue(size_t key, uint32_t code) const { return keys_[key].parts.key->Value(code); }
  GroupTotal TotalOf(size_t group, size_t term) const {
    return terms_[term].Of(is_direct_ ? places_[group] : group);
  }

 private:
  static Status Unsupported() {
    return absl::UnavailableError("columns cannot compute these groups; the rows answer");
  }

  // Where each combination of codes has its place.
  Status Layout() {
    UnsignedWide places = 1;
    bounds_.resize(keys_.size());
    strides_.resize(keys_.size());
    for (size_t i = keys_.size(); i-- > 0;) {
      strides_[i] = static_cast<uint64_t>(places);
      bounds_[i] = keys_[i].parts.key->bound();
      places *= bounds_[i];
      if (places > UnsignedWide{std::numeric_limits<uint64_t>::max()}) return Unsupported();
    }
    const uint64_t records = table_->records();
    is_array_ = places <= std::min(kLargestArray, std::max(kSmallArray, 4 * records)) &&
                places * sizeof(uint32_t) <= memory_ / 2;
    is_direct_ = is_array_ && !keys_.empty() && places <= records / 2 &&
                 places * sizeof(Wide) * 2 * terms_.size() <= memory_ / 2;
    if (is_direct_) {
      found_.resize(static_cast<size_t>(places / 64 + 1));
    } else if (is_array_) {
      array_.assign(static_cast<size_t>(places), kNoGroup);
    }
    return absl::OkStatus();
  }

  uint32_t GroupAt(uint64_t place) {
    uint32_t& group = is_array_ ? array_[place] : map_.try_emplace(place, kNoGroup).first->second;
    if (group == kNoGroup) {
      group = static_cast<uint32_t>(places_.size());
      places_.push_back(place);
    }
    return group;
  }

  Status AddBlock(size_t chunk, size_t block, const uint64_t* words) {
    uint32_t groups[Block::kRecords];
    if (keys_.empty()) {
      std::fill_n(groups, Block::kRecords, 0);
    } else if (is_direct_) {
      RELATA_RETURN_IF_ERROR(keys_[0].parts.key->Load(chunk, block, words, groups));
      for (size_t key = 1; key < keys_.size(); ++key) {
        uint32_t codes[Block::kRecords];
        RELATA_RETURN_IF_ERROR(keys_[key].parts.key->Load(chunk, block, words, codes));
        const auto bound = static_cast<uint32_t>(bounds_[key]);
        for (size_t i = 0; i < Block::kRecords; ++i) groups[i] = groups[i] * bound + codes[i];
      }
      uint64_t* found = found_.data();
      ForEachBit(words, [&](size_t at) { found[groups[at] / 64] |= uint64_t{1} << (groups[at] % 64); });
    } else {
      uint64_t places[Block::kRecords];
      for (size_t key = 0; key < keys_.size(); ++key) {
        uint32_t codes[Block::kRecords];
        RELATA_RETURN_IF_ERROR(keys_[key].parts.key->Load(chunk, block, words, codes));
        if (key == 0) {
          for (size_t i = 0; i < Block::kRecords; ++i) places[i] = codes[i];
        } else {
          for (size_t i = 0; i < Block::kRecords; ++i) places[i] = places[i] * bounds_[key] + codes[i];
        }
      }
      ForEachBit(words, [&](size_t at) { groups[at] = GroupAt(places[at]); });
    }
    for (Totals& term : terms_) {
      if (!is_direct_) term.Grow(places_.size());
      RELATA_RETURN_IF_ERROR(term.Add(chunk, block, words, groups));
    }
    return absl::OkStatus();
  }

  uint64_t bytes() const {
    uint64_t bytes = array_.size() * sizeof(uint32_t) + (places_.size() + found_.size()) * sizeof(uint64_t) +
                     map_.capacity() * (sizeof(uint64_t) + sizeof(uint32_t) + 1);
    for (const Totals& term : terms_) bytes += term.bytes();
    return bytes;
  }

  const store::TypeRuntime& type_;
  const store::Snapshot& at_;
  const uint64_t memory_;
  std::shared_ptr<const Table> table_;
  std::optional<Key> where_;  // its condition
  std::vector<Key> keys_;
  std::vector<Totals> terms_;
  // A place is the sum of each key's code times its stride.
  std::vector<uint64_t> bounds_;
  std::vector<uint64_t> strides_;
  bool is_array_ = false;
  bool is_direct_ = false;
  std::vector<uint32_t> array_;                  // the group at each place; or
  absl::flat_hash_map<uint64_t, uint32_t> map_;  // the same
  std::vector<uint64_t> places_;                 // of each group
  std::vector<uint64_t> found_;  // direct: a bit for each place, which is its own group until the end
  uint64_t records_ = 0;
};

Grouping::Grouping(std::unique_ptr<State> state) : state_(std::move(state)) {}
Grouping::Grouping(Grouping&&) noexcept = default;
Grouping& Grouping::operator=(Grouping&&) noexcept = default;
Grouping::~Grouping() = default;

bool Grouping::Supports(std::span<const expr::Program* const> keys, std::span<const GroupTerm> terms) {
  for (const expr::Program* key : keys) {
    Evaluation evaluation(*key);
    if (!TakeApartKey(&evaluation)) return false;
  }
  return std::all_of(terms.begin(), terms.end(),
                     [](const GroupTerm& term) { return Totals::Make(term, nullptr).has_value(); });
}

StatusOr<Grouping> Grouping::Open(const store::TypeRuntime& type, const expr::Program* where,
                                  std::span<const expr::Program* const> keys,
                                  std::span<const GroupTerm> terms, const store::Snapshot& at,
                                  uint64_t memory, ColumnCache* cache) {
  auto state = std::make_unique<State>(type, at, memory);
  RELATA_RETURN_IF_ERROR(state->Open(where, keys, terms, cache));
  return Grouping(std::move(state));
}

Status Grouping::Run(Look look) { return state_->Run(look); }
size_t Grouping::size() const { return state_->size(); }
uint64_t Grouping::records() const { return state_->records(); }
uint64_t Grouping::rows_asked() const { return state_->rows_asked(); }
uint32_t Grouping::KeyCode(size_t group, size_t key) const { return state_->KeyCode(group, key); }
expr::Datum Grouping::KeyValue(size_t key, uint32_t code) const { return state_->KeyValue(key, code); }
GroupTotal Grouping::TotalOf(size_t group, size_t term) const { return state_->TotalOf(group, term); }

}  // namespace relata::column
