// Defines field<…>, the name of an entity's field in C++, checked by the compiler.
//
//   field<&Relation::name>
//   field<&Relation::visiting, &Address::city>     // the field "visiting.city"
//
// Cost: the offset is found once per path and program.
#ifndef RELATA_SCHEMA_PATH_H_
#define RELATA_SCHEMA_PATH_H_

#include <cstddef>
#include <type_traits>

namespace relata {

namespace internal {

template <class P>
struct MemberPointer;
template <class C, class M>
struct MemberPointer<M C::*> {
  using Class = C;
  using Type = M;
};

// One object per type to measure offsets in; entity structs are default-constructible.
template <class T>
const T& Sample() {
  static const T sample{};
  return sample;
}

template <class C, class M>
size_t OffsetOf(M C::*member) {
  const C& sample = Sample<C>();
  return static_cast<size_t>(reinterpret_cast<const char*>(&(sample.*member)) -
                             reinterpret_cast<const char*>(&sample));
}

}  // namespace internal

template <auto kFirst, auto... kRest>
struct FieldPath {
  using Entity = typename internal::MemberPointer<decltype(kFirst)>::Class;
  // The type of the last member.
  using Type = typename decltype([] {
    if constexpr (sizeof...(kRest) == 0) {
      return std::type_identity<typename internal::MemberPointer<decltype(kFirst)>::Type>();
    } else {
      return std::type_identity<typename FieldPath<kRest...>::Type>();
    }
  }())::type;
  static size_t Offset() {
    static const size_t offset = (internal::OffsetOf(kFirst) + ... + internal::OffsetOf(kRest));
    return offset;
  }
};

template <auto kFirst, auto... kRest>
inline constexpr FieldPath<kFirst, kRest...> field{};

}  // namespace relata

#endif  // RELATA_SCHEMA_PATH_H_
