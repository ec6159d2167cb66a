// Values keys: coding of the parts, and the ranges that queries look up.
#include "src/store/index_key.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/base/text.h"
#include "src/store/id_suffix.h"
#include "src/store/ordered_bytes.h"
#include "src/store/word_key.h"

namespace relata::store {
namespace {

constexpr size_t kMaxTextBytes = 256;
constexpr size_t kMinTextBytes = 16;
constexpr std::string_view kNullFirst("\0\0", 2);
constexpr std::string_view kNullLast("\xff\xff", 2);
constexpr char kTextEnd = '\x01';
constexpr char kTextEscape =
    '\x02';                         // before 01, 02 or 03: the byte 00, 01 or 02; before 00: the text was cut
constexpr char kTextHigh = '\xff';  // before 01: the byte ff
constexpr size_t kHashBytes = 8;

// 00, 01, 02 and ff.
bool IsEscaped(char byte) { return static_cast<unsigned char>(byte + 1) <= 3; }

void Invert(std::string* key, size_t from) {
  for (size_t i = from; i < key->size(); ++i) (*key)[i] = static_cast<char>(~(*key)[i]);
}

// Makes the raw bytes behind `start` coded ones, at most `room` of them. Returns false if that cuts them.
bool EscapeText(size_t start, size_t room, std::string* key) {
  const size_t raw = key->size() - start;
  const size_t looked_at = std::min(raw, room);
  size_t escapes = 0;
  for (size_t i = 0; i < looked_at; ++i) escapes += IsEscaped((*key)[start + i]);
  if (escapes == 0) {
    key->resize(start + looked_at);
    return raw <= room;
  }
  size_t kept = 0;
  size_t coded = 0;
  for (; kept < raw; ++kept) {
    const size_t width = IsEscaped((*key)[start + kept]) ? 2 : 1;
    if (coded + width > room) break;
    coded += width;
  }
  key->resize(start + std::max(raw, coded));
  size_t to = start + coded;
  for (size_t i = start + kept; i-- > start;) {  // from behind, since it grows
    const char byte = (*key)[i];
    if (byte == kTextHigh) {
      (*key)[--to] = '\x01';
      (*key)[--to] = kTextHigh;
    } else if (IsEscaped(byte)) {
      (*key)[--to] = static_cast<char>(byte + 1);
      (*key)[--to] = kTextEscape;
    } else {
      (*key)[--to] = byte;
    }
  }
  key->resize(start + coded);
  return kept == raw;
}

void AppendOrderedDouble(double value, std::string* key) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();  // one form, positive
  uint64_t bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  bits ^= (bits >> 63) != 0 ? ~uint64_t{0} : uint64_t{1} << 63;
  AppendBE64(key, bits);
}

void AppendPair(int64_t first, int64_t second, std::string* key) {
  AppendOrderedInt(first, key);
  AppendOrderedInt(second, key);
}

}  // namespace

StatusOr<IndexKeyCoder> IndexKeyCoder::Make(const EntityType& type, const Index& index) {
  const auto refuse = [&](const auto&... why) {
    return absl::InvalidArgumentError(StrCat("index ", type.name, ".", index.name, ": ", why...));
  };
  if (index.parts.empty()) return refuse("it has no parts; name at least one field");
  IndexKeyCoder coder;
  coder.unique_ = index.unique;
  coder.words_ = index.parts.front().folding == Folding::kWords;
  size_t fixed_bytes = 0;
  size_t texts = 0;
  for (const IndexPart& declared : index.parts) {
    if (declared.field >= type.fields.size()) return refuse("the type has no field in slot ", declared.field);
    const Field& field = type.fields[declared.field];
    Part part{.field = declared.field,
              .kind = Kind::kInteger,
              .nullable = field.nullable && !field.is_set(),
              .descending = declared.descending,
              .nulls_last = declared.nulls_last,
              .folding = declared.folding};
    switch (field.type) {
      case ValueType::kDouble:
        part.kind = Kind::kDouble;
        break;
      case ValueType::kPoint:
        part.kind = Kind::kPoint;
        break;
      case ValueType::kAnyReference:
        part.kind = Kind::kAnyReference;
        break;
      case ValueType::kText:
        part.kind = Kind::kText;
        break;
      case ValueType::kLabelSet:
        part.set = SetKind::kLabels;
        break;
      case ValueType::kReferenceSet:
        part.set = SetKind::kReferences;
        break;
      case ValueType::kTextSet:
        part.kind = Kind::kText;
        part.set = SetKind::kTexts;
        break;
      case ValueType::kObject:
        return refuse("the field ", field.name,
                      " holds objects, which have no order; index its members as fields");
      default:
        break;
    }
    if (part.set != SetKind::kNone) {
      if (coder.set_part_) {
        return refuse("the fields ", type.fields[coder.parts_[*coder.set_part_].field].name, " and ",
                      field.name, " are both sets; an index may have one");
      }
      coder.set_part_ = coder.parts_.size();
    }
    if (part.kind == Kind::kText) {
      ++texts;
      if (part.folding == Folding::kCollated) {
        StatusOr<const Collator*> collator = Collator::ForLocale(declared.locale);
        if (!collator.ok()) return Annotate(collator.status(), StrCat("index ", type.name, ".", index.name));
        part.collator = *collator;
      }
    } else {
      const bool two = part.kind == Kind::kPoint || part.kind == Kind::kAnyReference;
      fixed_bytes += two ? 2 * kMaxOrderedIntBytes : kMaxOrderedIntBytes;
    }
    if (part.folding == Folding::kWords &&
        (part.kind != Kind::kText || part.descending || index.parts.size() > 1 || index.unique)) {
      return refuse("words are looked up in one text field, without order and without being unique");
    }
    coder.parts_.push_back(part);
  }
  if (coder.words_) return coder;
  const size_t end_bytes = 2 + (index.unique ? kHashBytes : 0);  // of a text that was cut
  if (fixed_bytes + texts * (kMinTextBytes + end_bytes) > kMaxValuesKeyBytes) {
    return refuse("its ", index.parts.size(), " parts do not fit a key of ", kMaxValuesKeyBytes,
                  " bytes; leave some out");
  }
  if (texts > 0) {
    coder.text_budget_ = std::min(kMaxTextBytes, (kMaxValuesKeyBytes - fixed_bytes) / texts - end_bytes);
  }
  return coder;
}

bool IndexKeyCoder::AppendText(const Part& part, std::string_view text, bool hashed, std::string* key) const {
  const size_t start = key->size();
  uint64_t hash = 0;
  if (part.folding != Folding::kExact) {
    if (part.folding == Folding::kFolded) {
      FoldAppend(text, key);
    } else {
      part.collator->AppendSortKey(text, key);
    }
    if (hashed && key->size() - start > text_budget_ / 2) hash = Hash64(std::string_view(*key).substr(start));
  } else {
    key->append(text.substr(0, text_budget_ + 1));
    if (hashed && text.size() > text_budget_ / 2) hash = Hash64(text);
  }
  if (EscapeText(start, text_budget_, key)) {
    key->push_back(kTextEnd);
    return true;
  }
  key->push_back(kTextEscape);
  key->push_back('\0');
  if (hashed) AppendBE64(key, hash);
  return false;
}

bool IndexKeyCoder::AppendValue(const Part& part, const Cell& cell, bool hashed, std::string* key) const {
  const size_t start = key->size();
  bool whole = true;
  switch (part.kind) {
    case Kind::kInteger:
      AppendOrderedInt(cell.AsInt(), key);
      break;
    case Kind::kDouble:
      AppendOrderedDouble(cell.AsDouble(), key);
      break;
    case Kind::kPoint:
      AppendPair(static_cast<int32_t>(cell.bits >> 32), static_cast<int32_t>(cell.bits), key);
      break;
    case Kind::kAnyReference:
      AppendPair(static_cast<int64_t>(cell.bits >> 48), static_cast<int64_t>(cell.bits & kMaxRecordId), key);
      break;
    case Kind::kText:
      whole = AppendText(part, cell.bytes, hashed, key);
      break;
  }
  if (part.descending) Invert(key, start);
  return whole;
}

bool IndexKeyCoder::AppendCell(const Part& part, const Cell& cell, std::string* key, bool* null) const {
  if (!cell.present && part.nullable) {
    key->append(part.nulls_last ? kNullLast : kNullFirst);
    *null = true;
    return true;
  }
  return AppendValue(part, cell, unique_, key);
}

void IndexKeyCoder::Keys(CellSource cells, RecordId id, std::vector<std::string>* keys) const {
  if (words_) return WordKeys(cells(parts_.front().field), set_part_.has_value(), keys);
  if (set_part_) return SetKeys(cells, id, keys);
  keys->resize(1);
  std::string& key = keys->front();
  key.clear();
  bool null = false;
  for (const Part& part : parts_) AppendCell(part, cells(part.field), &key, &null);
  if (unique_ && null) AppendIdSuffix(id, &key);
}

// The first key is built whole; the others take what stands before and behind the element from it.
void IndexKeyCoder::SetKeys(CellSource cells, RecordId id, std::vector<std::string>* keys) const {
  const Part& set_part = parts_[*set_part_];
  const Cell set = cells(set_part.field);
  size_t count = 0;
  size_t element_begin = 0;
  size_t element_end = 0;
  const auto add = [&](const Cell& element) {
    if (keys->size() == count) keys->emplace_back();
    std::string& key = (*keys)[count++];
    if (count > 1) {
      key.assign(keys->front(), 0, element_begin);
      AppendValue(set_part, element, unique_, &key);
      key.append(keys->front(), element_end);
      return;
    }
    key.clear();
    bool null = false;
    for (const Part& part : parts_) {
      if (&part == &set_part) {
        element_begin = key.size();
        AppendValue(part, element, unique_, &key);
        element_end = key.size();
      } else {
        AppendCell(part, cells(part.field), &key, &null);
      }
    }
    if (unique_ && null) AppendIdSuffix(id, &key);
  };

  std::string_view bytes = set.bytes;
  if (set_part.set == SetKind::kLabels) {
    for (uint64_t mask = set.present ? set.bits : 0; mask != 0; mask &= mask - 1) {
      add(Cell::OfInt(std::countr_zero(mask)));
    }
  } else if (set_part.set == SetKind::kReferences) {
    for (; bytes.size() >= sizeof(RecordId); bytes.remove_prefix(sizeof(RecordId))) {
      add(Cell::OfInt(static_cast<int64_t>(LoadLE64(bytes.data()))));
    }
  } else {
    uint64_t length = 0;
    while (GetVarint64(&bytes, &length) && length <= bytes.size()) {
      add(Cell::OfBytes(bytes.substr(0, length)));
      bytes.remove_prefix(length);
    }
  }
  const auto end = keys->begin() + static_cast<std::ptrdiff_t>(count);
  if (count > 1) {
    std::sort(keys->begin(), end);
    count = static_cast<size_t>(std::unique(keys->begin(), end) - keys->begin());
  }
  keys->resize(count);
}

bool IndexKeyCoder::EncodePrefix(absl::Span<const Cell> cells, std::string* key) const {
  bool whole = true;
  bool null = false;
  for (size_t i = 0; i < cells.size(); ++i) whole &= AppendCell(parts_[i], cells[i], key, &null);
  return whole;
}

KeyRange IndexKeyCoder::Equal(absl::Span<const Cell> cells) const {
  KeyRange range;
  range.exact = EncodePrefix(cells, &range.low);
  range.high = KeyAfter(range.low);
  return range;
}

KeyRange IndexKeyCoder::Between(absl::Span<const Cell> cells, const std::optional<CellBound>& lower,
                                const std::optional<CellBound>& upper) const {
  const Part& part = parts_[cells.size()];
  const std::optional<CellBound>& first = part.descending ? upper : lower;
  const std::optional<CellBound>& last = part.descending ? lower : upper;
  std::string prefix;
  bool exact = EncodePrefix(cells, &prefix);
  KeyRange range{.low = prefix, .high = prefix};
  // Past a cut the order is open, so the texts that share the cut one's beginning are in the range.
  if (first) {
    const bool whole = AppendValue(part, first->cell, /*hashed=*/false, &range.low);
    if (whole && !first->inclusive) range.low = KeyAfter(range.low);
    exact &= whole;
  } else if (part.nullable && !part.nulls_last) {
    range.low = KeyAfter(range.low.append(kNullFirst));
  }
  if (last) {
    const bool whole = AppendValue(part, last->cell, /*hashed=*/false, &range.high);
    if (!whole || last->inclusive) range.high = KeyAfter(range.high);
    exact &= whole;
  } else if (part.nullable && part.nulls_last) {
    range.high.append(kNullLast);
  } else {
    range.high = KeyAfter(range.high);
  }
  range.exact = exact;
  return range;
}

StatusOr<KeyRange> IndexKeyCoder::StartsWith(absl::Span<const Cell> cells, std::string_view text) const {
  const Part& part = parts_[cells.size()];
  if (part.kind != Kind::kText || part.folding == Folding::kCollated || words_) {
    const char* what = words_ ? "of words" : part.kind == Kind::kText ? "collated" : "no text";
    return absl::FailedPreconditionError(
        StrCat("part ", cells.size() + 1, " of the index is ", what,
               ", so it cannot look up what a text begins with; use an index on the text itself, or folded"));
  }
  KeyRange range;
  range.exact = EncodePrefix(cells, &range.low);
  const size_t start = range.low.size();
  if (part.folding == Folding::kFolded) {
    FoldAppend(text, &range.low);
  } else {
    range.low.append(text);
  }
  if (range.low.size() == start) return Between(cells, std::nullopt, std::nullopt);
  range.exact &= EscapeText(start, text_budget_, &range.low);
  if (part.descending) Invert(&range.low, start);
  range.high = KeyAfter(range.low);
  return range;
}

bool IndexKeyCoder::Exact(std::string_view key) const {
  if (text_budget_ == 0 || key.size() <= text_budget_) return true;
  for (const Part& part : parts_) {
    if (part.nullable && key.starts_with(part.nulls_last ? kNullLast : kNullFirst)) {
      key.remove_prefix(2);
      continue;
    }
    const unsigned char flip = part.descending ? 0xff : 0;
    const auto at = [&](size_t i) { return static_cast<char>(static_cast<unsigned char>(key[i]) ^ flip); };
    const auto skip_int = [&] {
      if (!key.empty())
        key.remove_prefix(std::min(key.size(), OrderedIntLength(static_cast<uint8_t>(at(0)))));
    };
    switch (part.kind) {
      case Kind::kInteger:
        skip_int();
        break;
      case Kind::kDouble:
        key.remove_prefix(std::min(key.size(), sizeof(double)));
        break;
      case Kind::kPoint:
      case Kind::kAnyReference:
        skip_int();
        skip_int();
        break;
      case Kind::kText: {
        size_t i = 0;
        for (; i < key.size() && at(i) != kTextEnd; ++i) {
          if (at(i) != kTextEscape && at(i) != kTextHigh) continue;
          ++i;
          if (i < key.size() && at(i) == '\0') return false;
        }
        key.remove_prefix(std::min(key.size(), i + 1));
        break;
      }
    }
  }
  return true;
}

}  // namespace relata::store
