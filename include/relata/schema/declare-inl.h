// The templates behind RELATA_ENTITY: they turn a described struct into an EntityDeclaration, and do nothing
// else.
#ifndef RELATA_SCHEMA_DECLARE_INL_H_
#define RELATA_SCHEMA_DECLARE_INL_H_

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "relata/schema/declaration.h"
#include "relata/schema/member.h"
#include "relata/schema/path.h"

namespace relata {

namespace internal {

// "kBudgetHolder" -> "budget_holder"; a name without the k stays as it is.
RELATA_EXPORT std::string LabelName(std::string_view enumerator);
// A mistake in a declaration is one in the host's code: says which and stops the program.
[[noreturn]] RELATA_EXPORT void DeclarationError(std::string_view entity, std::string_view member,
                                                 std::string_view what);
// Lets what follows a struct's name find its member; a DeclarationError if there is none.
RELATA_EXPORT MemberDeclaration& MemberAt(EntityDeclaration* declaration, size_t offset,
                                          std::string_view option);
// Defaults that depend on the whole: inverses, what a deletion does, created_at and updated_at.
RELATA_EXPORT void FinishDeclaration(EntityDeclaration* declaration);

template <class M>
struct Bare {
  using Type = M;
};
template <class M>
struct Bare<std::optional<M>> {
  using Type = M;
};

template <class M>
constexpr MemberAccess AccessOf() {
  MemberAccess access{
      .load = [](const void* m,
                 std::string* s) { return MemberTraits<M>::Load(*static_cast<const M*>(m), s); },
      .store = [](const Cell& c, void* m) { return MemberTraits<M>::Store(c, static_cast<M*>(m)); },
      .set_currency = nullptr,
      .currency = nullptr};
  if constexpr (std::is_same_v<M, Money>) {
    access.set_currency = [](void* m, Currency c) { static_cast<Money*>(m)->currency = c; };
    access.currency = [](const void* m) { return static_cast<const Money*>(m)->currency; };
  } else if constexpr (std::is_same_v<M, std::optional<Money>>) {
    access.set_currency = [](void* m, Currency c) {
      if (auto& money = *static_cast<std::optional<Money>*>(m)) money->currency = c;
    };
    access.currency = [](const void* m) {
      const auto& money = *static_cast<const std::optional<Money>*>(m);
      return money ? money->currency : Currency();
    };
  }
  return access;
}

template <class E, uint64_t kMaxCode>
std::vector<Label> LabelsOf() {
  static_assert(boost::describe::has_describe_enumerators<E>::value,
                "describe the enum with BOOST_DESCRIBE_ENUM, so that its labels are known");
  std::vector<Label> labels;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    static_assert(static_cast<uint64_t>(decltype(d)::value) <= kMaxCode,
                  "the value of an enumerator must lie in 0..65535, and in 0..63 for a Set of them");
    labels.push_back({static_cast<uint16_t>(d.value), LabelName(d.name)});
  });
  return labels;
}

template <class... Ts>
struct TargetNames {
  static std::vector<std::string_view (*)()> List() {
    return {[]() -> std::string_view { return RelataEntityName(static_cast<const Ts*>(nullptr)); }...};
  }
};

template <class M>
MemberDeclaration DescribeMember(std::string name, size_t offset) {
  using Traits = MemberTraits<M>;
  MemberDeclaration member;
  member.name = std::move(name);
  member.offset = offset;
  member.type = Traits::type;
  member.nullable = kIsOptional<M>;
  member.access = AccessOf<M>();
  if constexpr (requires { Traits::scale; }) member.scale = Traits::scale;
  if constexpr (requires { typename Traits::Labels; }) {
    member.labels = LabelsOf < typename Traits::Labels,
    Traits::type == ValueType::kLabelSet ? 63 : 65535 > ();
  }
  // As an expression: GCC 12 does not see a template that is asked for as a type.
  if constexpr (requires { Traits::template Targets<TargetNames>::List(); }) {
    member.targets = Traits::template Targets<TargetNames>::List();
  }
  return member;
}

template <class T>
void DescribeMembers(const std::string& prefix, size_t base, EntityDeclaration* declaration) {
  using Members =
      boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
  boost::mp11::mp_for_each<Members>([&](auto d) {
    using M = typename MemberPointer<std::remove_cv_t<decltype(d.pointer)>>::Type;
    M T::*const pointer = d.pointer;
    const size_t offset = base + OffsetOf(pointer);
    if (offset != base + OffsetOf(d.pointer)) {
      DeclarationError(declaration->name, d.name,
                       "is inherited, but not from the first base: make that a member");
    }
    if constexpr (std::is_same_v<M, Id<T>>) {
      if (prefix.empty() && std::string_view(d.name) == "id") {
        declaration->id_offset = offset;
        return;
      }
    }
    if constexpr (Member<M>) {
      declaration->members.push_back(DescribeMember<M>(prefix + d.name, offset));
    } else {
      static_assert(!kIsOptional<M>,
                    "an optional struct cannot be flattened: make its members optional instead");
      static_assert(boost::describe::has_describe_members<M>::value,
                    "a member must have a type that a field can hold, or be a described struct of such");
      DescribeMembers<M>(prefix + d.name + ".", offset, declaration);
    }
  });
}

}  // namespace internal

// What may stand behind the name in RELATA_ENTITY; see declare.h.
namespace declare {

template <auto kPart>
struct PartModifier;

template <auto kPart>
IndexPartDeclaration MakePart() {
  using P = std::remove_cv_t<decltype(kPart)>;
  if constexpr (std::is_member_object_pointer_v<P>) {
    static_assert(Member<typename internal::MemberPointer<P>::Type>,
                  "this names a struct: name one of its members, as field<&T::group, &Group::member>");
    return {.offset = internal::OffsetOf(kPart)};
  } else if constexpr (requires { P::Offset(); }) {
    static_assert(Member<typename P::Type>, "this names a struct: go on to one of its members");
    return {.offset = P::Offset()};
  } else {
    return P::Make();
  }
}

template <auto kPart>
struct Descending {
  static IndexPartDeclaration Make() {
    IndexPartDeclaration part = MakePart<kPart>();
    part.descending = true;
    return part;
  }
};
template <auto kPart>
struct NullsLast {
  static IndexPartDeclaration Make() {
    IndexPartDeclaration part = MakePart<kPart>();
    part.nulls_last = true;
    return part;
  }
};
template <auto kPart, Folding kFolding>
struct Folded {
  static IndexPartDeclaration Make() {
    IndexPartDeclaration part = MakePart<kPart>();
    part.folding = kFolding;
    return part;
  }
};

template <bool kUnique, auto... kParts>
struct IndexOption {
  static_assert(sizeof...(kParts) > 0, "an index needs at least one part");
  void ApplyTo(EntityDeclaration* declaration) const {
    declaration->indexes.push_back({.unique = kUnique, .parts = {MakePart<kParts>()...}});
  }
};
template <auto kPart>
struct MomentOption {
  void ApplyTo(EntityDeclaration* declaration) const { declaration->moment = MakePart<kPart>().offset; }
};

struct InverseOption {
  size_t offset;
  std::string_view name;
  std::optional<OnDelete> on_delete;
  void ApplyTo(EntityDeclaration* declaration) const {
    MemberDeclaration& member = internal::MemberAt(declaration, offset, "inverse");
    member.inverse = name;
    if (on_delete) member.on_delete = *on_delete;
  }
};
template <auto kPart>
struct InverseMaker {
  InverseOption operator()(std::string_view name, std::optional<OnDelete> on_delete = std::nullopt) const {
    return {MakePart<kPart>().offset, name, on_delete};
  }
};

struct FieldOption {
  size_t offset;
  FieldOptions options;
  void ApplyTo(EntityDeclaration* declaration) const {
    internal::MemberAt(declaration, offset, "with").options = options;
  }
};
template <auto kPart>
struct FieldOptionMaker {
  FieldOption operator()(FieldOptions options) const {
    return {MakePart<kPart>().offset, std::move(options)};
  }
};

struct CurrencyOption {
  size_t offset;
  std::string_view code;
  RELATA_EXPORT void ApplyTo(EntityDeclaration* declaration) const;
};
template <auto kPart>
struct CurrencyMaker {
  CurrencyOption operator()(std::string_view code) const { return {MakePart<kPart>().offset, code}; }
};

struct DescriptionOption {
  std::string_view text;
  void ApplyTo(EntityDeclaration* declaration) const { declaration->description = text; }
};

template <auto... kParts>
inline constexpr IndexOption<true, kParts...> unique{};
template <auto... kParts>
inline constexpr IndexOption<false, kParts...> ordered{};
template <auto kPart>
inline constexpr Descending<kPart> desc{};
template <auto kPart>
inline constexpr NullsLast<kPart> nulls_last{};
template <auto kPart>
inline constexpr Folded<kPart, Folding::kFolded> folded{};
template <auto kPart>
inline constexpr Folded<kPart, Folding::kCollated> collated{};
template <auto kPart>
inline constexpr IndexOption<false, Folded<kPart, Folding::kWords>{}> words{};
template <auto kPart>
inline constexpr MomentOption<kPart> moment{};
template <auto kPart>
inline constexpr InverseMaker<kPart> inverse{};
template <auto kPart>
inline constexpr FieldOptionMaker<kPart> with{};
template <auto kPart>
inline constexpr CurrencyMaker<kPart> currency{};
inline DescriptionOption description(std::string_view text) { return {text}; }

}  // namespace declare

namespace internal {

template <class T, class... Options>
EntityDeclaration Declare(std::string_view name, const Options&... options) {
  static_assert(std::is_default_constructible_v<T>, "an entity struct needs a default constructor");
  static_assert(std::is_same_v<decltype(T::id), Id<T>>, "an entity struct needs a member `relata::Id<T> id`");
  EntityDeclaration declaration;
  declaration.name = name;
  declaration.size = sizeof(T);
  DescribeMembers<T>("", 0, &declaration);
  (options.ApplyTo(&declaration), ...);
  FinishDeclaration(&declaration);
  return declaration;
}

}  // namespace internal

}  // namespace relata

#endif  // RELATA_SCHEMA_DECLARE_INL_H_
