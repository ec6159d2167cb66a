// Defines how records and the parts of a schema are named: Id<T> for a record of a known type, AnyRef<…> for
// a record of one of several, RecordId and the small numbers that the catalogue gives to types, fields and
// indexes.
//
//   Id<Relation> customer = order.relation;
//   AnyRef<Relation, Person> party = person_id;
//
// Ids start at 1, are given out without gaps and never again, so they can index arrays and bitmaps directly.
#ifndef RELATA_SCHEMA_IDS_H_
#define RELATA_SCHEMA_IDS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace relata {

using RecordId = uint64_t;      // 0 names no record; at most kMaxRecordId
using EntityTypeId = uint16_t;  // 0 names no type
using FieldId = uint16_t;       // the slot of a field within its entity type, from 0
using IndexId = uint32_t;       // 0 names no index

inline constexpr RecordId kMaxRecordId = (uint64_t{1} << 48) - 1;

// A reference to a record of type T, or, as the member `id`, a record's own identity. Default: none.
template <class T>
struct Id {
  RecordId value = 0;

  constexpr Id() = default;
  constexpr explicit Id(RecordId id) : value(id) {}
  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.value);
  }
};

// A reference to a record of one of the types Ts. Default: none.
template <class... Ts>
class AnyRef {
 public:
  constexpr AnyRef() = default;
  template <class T>
  requires(std::is_same_v<T, Ts> || ...) constexpr AnyRef(Id<T> id)
      : which_(id ? PositionOf<T>() : 0), id_(id.value) {}

  constexpr explicit operator bool() const { return id_ != 0; }
  // 1 for the first of Ts, 2 for the second, …; 0 for none.
  constexpr uint16_t which() const { return which_; }
  constexpr RecordId value() const { return id_; }
  // The id, if it is of type T.
  template <class T>
  constexpr std::optional<Id<T>> As() const {
    if (id_ == 0 || which_ != PositionOf<T>()) return std::nullopt;
    return Id<T>(id_);
  }
  static constexpr AnyRef FromParts(uint16_t which, RecordId id) {
    AnyRef ref;
    ref.which_ = id == 0 ? 0 : which;
    ref.id_ = which == 0 ? 0 : id;
    return ref;
  }
  friend constexpr auto operator<=>(const AnyRef&, const AnyRef&) = default;

 private:
  template <class T>
  static constexpr uint16_t PositionOf() {
    uint16_t position = 0;
    uint16_t found = 0;
    ((++position, found = std::is_same_v<T, Ts> ? position : found), ...);
    return found;
  }

  uint16_t which_ = 0;
  RecordId id_ = 0;
};

// A record of any type, as the dynamic side of the library names it.
struct RecordRef {
  EntityTypeId type = 0;
  RecordId id = 0;
  friend constexpr auto operator<=>(const RecordRef&, const RecordRef&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const RecordRef& ref) {
    return H::combine(std::move(state), ref.type, ref.id);
  }
};

}  // namespace relata

#endif  // RELATA_SCHEMA_IDS_H_
