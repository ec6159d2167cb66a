// Defines MemberTraits<M>: how a C++ member of type M is a field. A type with these traits can be a member of
// an entity.
//
//   type       its ValueType
//   Load       member -> Cell; `scratch` holds the bytes where the member itself does not
//   Store      Cell -> member; false where the cell does not fit (a narrower integer, an unknown label, …)
//   View       what an in-place read gives: std::string_view for a text, the value itself for what fits a
//   word
//
// std::optional<M> makes a field nullable. A described struct that is not listed here is flattened instead.
// The traits are one small set of functions per C++ type, shared by every entity that uses the type.
#ifndef RELATA_SCHEMA_MEMBER_H_
#define RELATA_SCHEMA_MEMBER_H_

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/point.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/export.h"
#include "relata/schema/cell.h"
#include "relata/schema/ids.h"
#include "relata/schema/set.h"
#include "relata/schema/value.h"

namespace relata {

template <class M>
struct MemberTraits;

// Texts and references of a set, as a row holds them: each text behind its length as a varint, each id in 8
// bytes, little-endian. REQUIRES of what is encoded: ascending, each element once. The decoders believe
// nothing: bytes that end too soon, elements out of order or twice, and ids that name no record are false and
// leave nothing.
RELATA_EXPORT void EncodeTextSet(const std::vector<std::string>& texts, std::string* bytes);
RELATA_EXPORT bool DecodeTextSet(std::string_view bytes, std::vector<std::string>* texts);
RELATA_EXPORT void EncodeReferenceSet(const std::vector<RecordId>& ids, std::string* bytes);
RELATA_EXPORT bool DecodeReferenceSet(std::string_view bytes, std::vector<RecordId>* ids);

namespace internal {

// What every fixed type shares, given Traits::ToBits and Traits::FromBits: zero is absent.
template <class Traits, class M, ValueType kType>
struct FixedMember {
  static constexpr ValueType type = kType;
  using View = M;
  static Cell Load(const M& member, std::string*) {
    const int64_t bits = Traits::ToBits(member);
    return bits == 0 ? Cell::Absent() : Cell::OfInt(bits);
  }
  static bool Store(const Cell& cell, M* member) {
    return Traits::FromBits(cell.present ? cell.AsInt() : 0, member);
  }
  static View Read(const Cell& cell) {
    M member{};
    Store(cell, &member);
    return member;
  }
};

// What every variable type shares, given Traits::Encode and Traits::Decode: empty is absent.
template <class Traits, class M, ValueType kType>
struct VariableMember {
  static constexpr ValueType type = kType;
  using View = M;
  static Cell Load(const M& member, std::string* scratch) {
    if (member.empty()) return Cell::Absent();
    scratch->clear();
    Traits::Encode(member, scratch);
    return Cell::OfBytes(*scratch);
  }
  static bool Store(const Cell& cell, M* member) {
    if (cell.present) return Traits::Decode(cell.bytes, member);
    *member = M{};
    return true;
  }
  static View Read(const Cell& cell) {
    M member{};
    Store(cell, &member);
    return member;
  }
};

}  // namespace internal

template <>
struct MemberTraits<bool> : internal::FixedMember<MemberTraits<bool>, bool, ValueType::kBool> {
  static int64_t ToBits(bool b) { return b; }
  static bool FromBits(int64_t bits, bool* b) { return *b = bits != 0, true; }
};

template <std::integral I>
requires(!std::same_as<I, bool> && sizeof(I) <= 8) struct MemberTraits<I>
    : internal::FixedMember<MemberTraits<I>, I, ValueType::kInt64> {
  static_assert(sizeof(I) < 8 || std::is_signed_v<I>,
                "a field holds int64_t; an unsigned 64-bit number would not fit");
  static int64_t ToBits(I i) { return static_cast<int64_t>(i); }
  static bool FromBits(int64_t bits, I* i) {
    *i = static_cast<I>(bits);
    return bits >= static_cast<int64_t>(std::numeric_limits<I>::min()) &&
           bits <= static_cast<int64_t>(std::numeric_limits<I>::max());
  }
};

template <std::floating_point F>
requires(sizeof(F) <= 8) struct MemberTraits<F>
    : internal::FixedMember<MemberTraits<F>, F, ValueType::kDouble> {
  static int64_t ToBits(F f) { return std::bit_cast<int64_t>(static_cast<double>(f)); }
  static bool FromBits(int64_t bits, F* f) { return *f = static_cast<F>(std::bit_cast<double>(bits)), true; }
};

template <>
struct MemberTraits<Date> : internal::FixedMember<MemberTraits<Date>, Date, ValueType::kDate> {
  static int64_t ToBits(Date d) { return d.days; }
  static bool FromBits(int64_t bits, Date* d) {
    d->days = static_cast<int32_t>(bits);
    return d->days == bits;
  }
};

template <>
struct MemberTraits<Timestamp>
    : internal::FixedMember<MemberTraits<Timestamp>, Timestamp, ValueType::kTimestamp> {
  static int64_t ToBits(Timestamp t) { return t.micros; }
  static bool FromBits(int64_t bits, Timestamp* t) { return t->micros = bits, true; }
};

template <>
struct MemberTraits<Duration>
    : internal::FixedMember<MemberTraits<Duration>, Duration, ValueType::kDuration> {
  static int64_t ToBits(Duration d) { return d.micros; }
  static bool FromBits(int64_t bits, Duration* d) { return d->micros = bits, true; }
};

template <int kScale>
struct MemberTraits<Fixed<kScale>>
    : internal::FixedMember<MemberTraits<Fixed<kScale>>, Fixed<kScale>, ValueType::kDecimal> {
  static constexpr uint8_t scale = kScale;
  static int64_t ToBits(Fixed<kScale> f) { return f.units; }
  static bool FromBits(int64_t bits, Fixed<kScale>* f) { return f->units = bits, true; }
};

template <>
struct MemberTraits<Point> : internal::FixedMember<MemberTraits<Point>, Point, ValueType::kPoint> {
  static int64_t ToBits(Point p) {
    return static_cast<int64_t>(uint64_t{static_cast<uint32_t>(p.lat_e7)} << 32 |
                                static_cast<uint32_t>(p.lon_e7));
  }
  static bool FromBits(int64_t bits, Point* p) {
    p->lat_e7 = static_cast<int32_t>(static_cast<uint64_t>(bits) >> 32);
    p->lon_e7 = static_cast<int32_t>(static_cast<uint32_t>(bits));
    return true;
  }
};

template <>
struct MemberTraits<Currency>
    : internal::FixedMember<MemberTraits<Currency>, Currency, ValueType::kCurrency> {
  static int64_t ToBits(Currency c) { return c.packed(); }
  static bool FromBits(int64_t bits, Currency* c) {
    const StatusOr<Currency> currency = Currency::FromPacked(static_cast<uint16_t>(bits));
    *c = currency.value_or(Currency());
    return currency.ok() && bits == c->packed();
  }
};

// The currency stands in the field's definition or in the record; whoever reads the row fills it in.
template <>
struct MemberTraits<Money> : internal::FixedMember<MemberTraits<Money>, Money, ValueType::kMoney> {
  static int64_t ToBits(Money m) { return m.minor; }
  static bool FromBits(int64_t bits, Money* m) { return m->minor = bits, true; }
};

template <class E>
requires std::is_enum_v<E>
struct MemberTraits<E> : internal::FixedMember<MemberTraits<E>, E, ValueType::kEnum> {
  using Labels = E;
  static int64_t ToBits(E e) { return static_cast<int64_t>(e); }
  static bool FromBits(int64_t bits, E* e) { return *e = static_cast<E>(bits), true; }
};

template <class E>
requires std::is_enum_v<E>
struct MemberTraits<Set<E>> : internal::FixedMember<MemberTraits<Set<E>>, Set<E>, ValueType::kLabelSet> {
  using Labels = E;
  static int64_t ToBits(const Set<E>& s) { return static_cast<int64_t>(s.mask()); }
  static bool FromBits(int64_t bits, Set<E>* s) {
    return *s = Set<E>::FromMask(static_cast<uint64_t>(bits)), true;
  }
};

template <class T>
struct MemberTraits<Id<T>> : internal::FixedMember<MemberTraits<Id<T>>, Id<T>, ValueType::kReference> {
  template <template <class...> class List>
  using Targets = List<T>;
  static int64_t ToBits(Id<T> id) { return static_cast<int64_t>(id.value); }
  static bool FromBits(int64_t bits, Id<T>* id) { return id->value = static_cast<RecordId>(bits), true; }
};

// In a struct the upper 16 bits number the alternative; the catalogue turns that into the store's type id.
template <class... Ts>
struct MemberTraits<AnyRef<Ts...>>
    : internal::FixedMember<MemberTraits<AnyRef<Ts...>>, AnyRef<Ts...>, ValueType::kAnyReference> {
  template <template <class...> class List>
  using Targets = List<Ts...>;
  static int64_t ToBits(AnyRef<Ts...> r) {
    return static_cast<int64_t>(uint64_t{r.which()} << 48 | r.value());
  }
  static bool FromBits(int64_t bits, AnyRef<Ts...>* r) {
    const auto u = static_cast<uint64_t>(bits);
    *r = AnyRef<Ts...>::FromParts(static_cast<uint16_t>(u >> 48), u & kMaxRecordId);
    return true;
  }
};

template <>
struct MemberTraits<std::string> {
  static constexpr ValueType type = ValueType::kText;
  using View = std::string_view;
  static Cell Load(const std::string& member, std::string*) {
    return member.empty() ? Cell::Absent() : Cell::OfBytes(member);
  }
  static bool Store(const Cell& cell, std::string* member) { return member->assign(cell.bytes), true; }
  static View Read(const Cell& cell) { return cell.bytes; }
};

template <>
struct MemberTraits<Set<std::string>>
    : internal::VariableMember<MemberTraits<Set<std::string>>, Set<std::string>, ValueType::kTextSet> {
  static void Encode(const Set<std::string>& set, std::string* bytes) { EncodeTextSet(set.values(), bytes); }
  static bool Decode(std::string_view bytes, Set<std::string>* set) {
    std::vector<std::string> texts;
    if (!DecodeTextSet(bytes, &texts)) return false;
    *set = Set<std::string>(std::move(texts));
    return true;
  }
};

template <class T>
struct MemberTraits<Set<Id<T>>>
    : internal::VariableMember<MemberTraits<Set<Id<T>>>, Set<Id<T>>, ValueType::kReferenceSet> {
  template <template <class...> class List>
  using Targets = List<T>;
  static void Encode(const Set<Id<T>>& set, std::string* bytes) {
    std::vector<RecordId> ids;
    for (Id<T> id : set) ids.push_back(id.value);
    EncodeReferenceSet(ids, bytes);
  }
  static bool Decode(std::string_view bytes, Set<Id<T>>* set) {
    std::vector<RecordId> ids;
    if (!DecodeReferenceSet(bytes, &ids)) return false;
    std::vector<Id<T>> typed;
    for (RecordId id : ids) typed.push_back(Id<T>(id));
    *set = Set<Id<T>>(std::move(typed));
    return true;
  }
};

// Null is absent, and a zero is present: nothing is lost between "unknown" and "none".
template <class M>
struct MemberTraits<std::optional<M>> : MemberTraits<M> {
  using View = std::optional<typename MemberTraits<M>::View>;
  static Cell Load(const std::optional<M>& member, std::string* scratch) {
    if (!member.has_value()) return Cell::Absent();
    Cell cell = MemberTraits<M>::Load(*member, scratch);
    cell.present = true;
    return cell;
  }
  static bool Store(const Cell& cell, std::optional<M>* member) {
    if (!cell.present) return member->reset(), true;
    return MemberTraits<M>::Store(cell, &member->emplace());
  }
  static View Read(const Cell& cell) {
    if (!cell.present) return std::nullopt;
    return MemberTraits<M>::Read(cell);
  }
};

template <class M>
concept Member = requires {
  MemberTraits<M>::type;
};
template <class M>
inline constexpr bool kIsOptional = false;
template <class M>
inline constexpr bool kIsOptional<std::optional<M>> = true;

}  // namespace relata

#endif  // RELATA_SCHEMA_MEMBER_H_
