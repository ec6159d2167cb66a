// Defines IndexKeyCoder: how the values an index orders by become bytes that sort as they do.
//
//   RELATA_ASSIGN_OR_RETURN(IndexKeyCoder coder, IndexKeyCoder::Make(type, index));
//   coder.Keys([&](FieldId field) { return row.Get(field); }, id, &keys);  // what a row puts in
//   KeyRange range = coder.Equal({Cell::OfBytes("Utrecht")});              // what a query looks for
//
// A values key is the coded parts of the index, one after another. No values key is the beginning of another
// one, so whatever follows (the id) never disturbs the order. A part is coded by type, all its bytes inverted
// if it is descending:
//   whole numbers, codes, references, bool         1 to 9 bytes, few for small magnitudes (ordered_bytes.h)
//   double                                         8 bytes; -0.0 as 0.0; NaN above all numbers
//   point, reference to one of several types       two numbers: latitude, longitude; type, id
//   text                                           its bytes (folded, or a locale's sort key), then 01;
//                                                  bytes 00 01 02 ff are escaped
// Null is 00 00, or ff ff where nulls come last, whichever the direction; no value begins so. What is absent
// and not nullable is its type's zero.
//
// Long texts: a text part has room for a number of coded bytes that follows from the parts of the index
// alone: what the other parts leave of 504, shared evenly between the text parts, at most 256. A longer text
// is cut there and ends in 02 00 instead of 01; in a unique index the Hash64 of the whole follows, in eight
// bytes. Equal keys with a cut part do not prove equal values, and their order among each other is open: ask
// Exact, then look at the rows. In a unique index two texts that differ only past the cut are told apart by
// the hash, so a refusal is wrong with a chance of 2^-64.
//
// Sets: an index on a set has a key per element, none for an empty or absent set. At most one part is a set.
// Words: an index of words has keys of another kind (word_key.h), of which only Keys is asked here.
// Unique indexes: a key with a null part has the record's id behind it, so that nulls never collide.
//
// Thread safety: const calls from any thread. Lifetime: independent of the EntityType and Index it was made
// from; the keys hold while Field::nullable of the parts and, for folded and collated parts, the ICU version
// stay.
#ifndef RELATA_STORE_INDEX_KEY_H_
#define RELATA_STORE_INDEX_KEY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "relata/base/status.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"
#include "src/store/key_range.h"

namespace relata {
class Collator;
}

namespace relata::store {

// The cell of a field. What its bytes view must stay until the call it was passed to returns.
using CellSource = absl::FunctionRef<Cell(FieldId)>;

// One end of a range of values.
struct CellBound {
  Cell cell;
  bool inclusive = true;
};

class IndexKeyCoder {
 public:
  // The longest values key; with the id behind it a key has at most 511 bytes.
  static constexpr size_t kMaxValuesKeyBytes = 504;

  // InvalidArgument where the index cannot be: no parts, a part on an object or on a field the type has not,
  // two parts on sets, an unknown locale, so many parts that texts have less than 16 bytes each.
  static StatusOr<IndexKeyCoder> Make(const EntityType& type, const Index& index);

  // Sets `keys` to what the record has in the index: one key, or for a set one per element, sorted, each once
  // (two elements may fold to one key). Allocates only where the strings of `keys` have no room yet.
  void Keys(CellSource cells, RecordId id, std::vector<std::string>* keys) const;

  // In the probes below, which an index of words has none of, `cells` are values for the first parts, in
  // their order: absent means null (or zero, where the part is not nullable), and for a part on a set the
  // cell is one element, as the set's element type would have it (text: bytes; label: code; reference: id).

  // Appends the key of these values: a whole values key if there are as many as parts. False if a text was
  // cut.
  bool EncodePrefix(absl::Span<const Cell> cells, std::string* key) const;

  // The entries with these values. Exact unless a text was cut.
  KeyRange Equal(absl::Span<const Cell> cells) const;

  // The entries with these values whose next part lies between the bounds, and is not null. A missing bound
  // is open; an absent cell in a bound is the zero of its type. Bounds are in terms of values, not of the
  // index's direction. REQUIRES: cells.size() < parts.
  KeyRange Between(absl::Span<const Cell> cells, const std::optional<CellBound>& lower,
                   const std::optional<CellBound>& upper) const;

  // The entries with these values whose next part is a text that begins with `text` (folded where the part
  // is). FailedPrecondition for a part that is collated, since sort keys do not show prefixes, or no text,
  // and for an index of words.
  StatusOr<KeyRange> StartsWith(absl::Span<const Cell> cells, std::string_view text) const;

  // False if a part of this values key was cut: equal keys then do not prove equal values.
  bool Exact(std::string_view values_key) const;

  bool unique() const { return unique_; }
  bool words() const { return words_; }
  size_t part_count() const { return parts_.size(); }

 private:
  enum class Kind : uint8_t { kInteger, kDouble, kPoint, kAnyReference, kText };
  enum class SetKind : uint8_t { kNone, kLabels, kTexts, kReferences };
  struct Part {
    FieldId field;
    Kind kind;
    SetKind set = SetKind::kNone;
    bool nullable;
    bool descending;
    bool nulls_last;
    Folding folding;
    const Collator* collator = nullptr;
  };

  IndexKeyCoder() = default;
  // Append the code of a value that is not null; false if it was cut. `hashed`: a cut text is followed by its
  // hash.
  bool AppendValue(const Part& part, const Cell& cell, bool hashed, std::string* key) const;
  bool AppendText(const Part& part, std::string_view text, bool hashed, std::string* key) const;
  // As a record's key has it; sets `*null` if it is null.
  bool AppendCell(const Part& part, const Cell& cell, std::string* key, bool* null) const;
  void SetKeys(CellSource cells, RecordId id, std::vector<std::string>* keys) const;

  absl::InlinedVector<Part, 4> parts_;
  size_t text_budget_ = 0;  // coded bytes of one text before it is cut
  std::optional<size_t> set_part_;
  bool unique_ = false;
  bool words_ = false;
};

}  // namespace relata::store

#endif  // RELATA_STORE_INDEX_KEY_H_
