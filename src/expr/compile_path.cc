// Names: which scope has them, and the way through references.
//
// A path is bound name by name: the longest dotted field that begins there, then, where that is a reference,
// the fields of the record it points at. Behind a reference to records of several types stands a field that
// one of those types has, or that several have with one and the same type: the value is then that of
// whichever record it is, and null where that record is of a type without such a field.
#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/crm/definitions.h"
#include "src/expr/compiler.h"
#include "src/schema/names.h"

namespace relata::expr {

Type TypeOfField(const Field& field) {
  switch (field.type) {
    case ValueType::kBool:
      return Type{Base::kBool};
    case ValueType::kInt64:
      return ExactType(0);
    case ValueType::kDecimal:
      return ExactType(field.scale);
    case ValueType::kDouble:
      return Type{Base::kDouble};
    case ValueType::kMoney:
      return Type{.base = Base::kMoney,
                  .scale = static_cast<uint8_t>(field.currency.exponent()),
                  .currency = field.currency};
    case ValueType::kDate:
      return Type{Base::kDate};
    case ValueType::kTimestamp:
      return Type{Base::kTimestamp};
    case ValueType::kDuration:
      return Type{Base::kInterval};
    case ValueType::kPoint:
      return Type{Base::kPoint};
    case ValueType::kCurrency:
      return Type{Base::kCurrency};
    case ValueType::kEnum:
      return Type{.base = Base::kEnum, .field = &field};
    case ValueType::kLabelSet:
      return Type{.base = Base::kLabelSet, .field = &field};
    case ValueType::kReference:
      return Type{.base = Base::kRecord, .target = field.targets.front()};
    case ValueType::kReferenceSet:
      return Type{.base = Base::kRecordSet, .target = field.targets.front()};
    case ValueType::kAnyReference:
      return Type{.base = Base::kRecord};
    case ValueType::kText:
      return Type{Base::kText};
    case ValueType::kTextSet:
      return Type{Base::kTextSet};
    case ValueType::kObject:
      return Type{Base::kObject};
  }
  return Type{};
}

template <class Predicate>
StatusOr<size_t> Compiler::ScopeOf(const Path& path, Predicate has) const {
  size_t first = scopes_.size();  // the scope that `outer` reaches
  uint32_t outer = path.outer;
  for (size_t i = scopes_.size(); i-- > 0;) {
    if (scopes_[i].hidden) continue;
    if (outer-- == 0) {
      first = i;
      break;
    }
  }
  if (first == scopes_.size()) return Refuse("outer reaches out of more scopes than there are");
  for (size_t i = first + 1; i-- > 0;) {
    if (!scopes_[i].hidden && has(*scopes_[i].type)) return i;
  }
  return UnknownField(*scopes_[first].type, path.names.front());
}

Compiler::Owner Compiler::OwnerOf(const Scope& scope) {
  if (scope.record == kNone) return Owner{.scope = LevelOf(scope)};
  return Owner{.record = SeenFrom(scope.record, depth_ - scope.depth)};
}

const Compiler::Scope& Compiler::Innermost() const {
  size_t i = scopes_.size() - 1;
  while (scopes_[i].hidden) --i;
  return scopes_[i];
}

void Compiler::EnterScope(const EntityType& type) {
  scopes_.push_back({.type = &type, .depth = depth_++, .serial = ++serial_});
}

void Compiler::LeaveScope() {
  scopes_.pop_back();
  --depth_;
}

StatusOr<StepIndex> Compiler::PathValue(const Node& node) {
  const Path& path = node.path();
  if (path.names.size() > kMaxPathNames) {
    return Refuse(StrCat("a path has at most ", kMaxPathNames, " names"));
  }
  RELATA_ASSIGN_OR_RETURN(const size_t scope, ScopeOf(path, [&](const EntityType& type) {
                            return Begins(type, path.names) ||
                                   CollectionAt(type, path.names.front()) != nullptr;
                          }));
  const Scope within = scopes_[scope];
  const EntityType& type = *within.type;
  if (!Begins(type, path.names)) {
    return Refuse(StrCat("'", path.names.front(), "' of ", type.name,
                         " is a collection: it stands in count(…), sum(…), exists(…) and the like"));
  }
  return Walk(type, OwnerOf(within), path.names, 0);
}

StatusOr<StepIndex> Compiler::Walk(const EntityType& type, Owner owner, const Names& names, size_t at) {
  size_t taken = 1;
  const Field* field = FieldAt(type, names, at, &taken);
  const bool last = at + taken == names.size();
  if (field == nullptr && names[at] == schema::kIdName && last) return IdStep(type, owner);
  if (field == nullptr) {
    const std::optional<crm::Definition> derived = DerivedAt(type, names[at]);
    if (derived && last) return Inline(*derived, type, owner);
    return UnknownField(type, names[at]);
  }
  Bound(at, type, field->id, false);
  const StepIndex value = FieldStep(type, *field, owner);
  if (last) return value;
  if (field->type == ValueType::kReferenceSet) {
    return Refuse(
        StrCat("'", field->name, "' of ", type.name,
               " holds several records: a path goes through one; has any (…) asks for one of them"));
  }
  if (!field->is_reference()) {
    return Refuse(StrCat("'", field->name, "' of ", type.name, " is ", Describe(value),
                         ", which has no field '", names[at + taken], "'"));
  }
  if (field->type == ValueType::kAnyReference) return WalkAny(*field, value, names, at + taken);
  const store::TypeRuntime* target = schema().Find(field->targets.front());
  return Walk(*target->type, Owner{.record = value}, names, at + taken);
}

StatusOr<StepIndex> Compiler::WalkAny(const Field& reference, StepIndex record, const Names& names,
                                      size_t at) {
  std::vector<StepIndex> values;
  std::string owners;
  for (EntityTypeId id : reference.targets) {
    const store::TypeRuntime* target = schema().Find(id);
    size_t taken = 0;
    if (target == nullptr) continue;
    if (FieldAt(*target->type, names, at, &taken) == nullptr && !DerivedAt(*target->type, names[at])) {
      continue;
    }
    RELATA_ASSIGN_OR_RETURN(const StepIndex value, Walk(*target->type, Owner{.record = record}, names, at));
    if (!values.empty() && TypeOf(value) != TypeOf(values.front())) {
      return Refuse(StrCat("'", names[at], "' behind '", reference.name, "' is ", Describe(values.front()),
                           " of ", owners, " and ", Describe(value), " of ", target->type->name));
    }
    owners = target->type->name;
    values.push_back(value);
    if (program_.steps_.size() > kMaxSteps) return Refuse("the path may lead to too many fields");
  }
  if (values.empty()) {
    return Refuse(StrCat("no record that '", reference.name, "' may point at has a field '", names[at], "'"));
  }
  return values.size() == 1 ? values.front() : Make(Op::kCoalesce, TypeOf(values.front()), values);
}

StepIndex Compiler::FieldStep(const EntityType& type, const Field& named, Owner owner) {
  // An amount in the record's currency is the one beside it in the store's.
  const bool converted = named.type == ValueType::kMoney && named.currency.is_none() && named.base_amount;
  const Field& field = converted ? type.fields[*named.base_amount] : named;
  Step step;
  step.op = owner.record == kNone ? Op::kField : Op::kFieldOf;
  step.type = TypeOfField(field);
  if (field.type == ValueType::kAnyReference) step.type.field = &field;
  step.scope = owner.scope;
  step.entity = type.id;
  step.slot = field.id;
  if (owner.record != kNone) step.args = {owner.record};
  return Add(std::move(step));
}

StepIndex Compiler::IdStep(const EntityType& type, Owner owner) {
  if (owner.record != kNone) return owner.record;
  Step step;
  step.op = Op::kId;
  step.type = Type{.base = Base::kRecord, .target = type.id};
  step.scope = owner.scope;
  return Add(std::move(step));
}

const Field* Compiler::FieldAt(const EntityType& type, const Names& names, size_t at, size_t* taken) const {
  const Field* longest = nullptr;
  std::string name;
  for (size_t i = at; i < names.size() && name.size() <= schema::kMaxNameLength; ++i) {
    if (i > at) name += '.';
    name += names[i];
    if (const Field* field = type.FindField(name)) {
      longest = field;
      *taken = i - at + 1;
    }
  }
  return longest;
}

bool Compiler::Begins(const EntityType& type, const Names& names) const {
  size_t taken = 0;
  if (names.size() == 1 && names.front() == schema::kIdName) return true;
  if (FieldAt(type, names, 0, &taken) != nullptr) return true;
  return DerivedAt(type, names.front()).has_value();
}

const schema::Catalogue::Referrer* Compiler::CollectionAt(const EntityType& type,
                                                          std::string_view name) const {
  for (const schema::Catalogue::Referrer& referrer : schema().ReferrersOf(type.id)) {
    if (referrer.field->inverse == name) return &referrer;
  }
  return nullptr;
}

Status Compiler::UnknownField(const EntityType& type, std::string_view name) const {
  std::vector<std::string_view> names = {schema::kIdName};
  for (const Field& field : type.fields) {
    if (!field.dropped) names.push_back(field.name);
  }
  for (const DerivedField& derived : schema().catalogue().derived()) {
    if (derived.entity == type.id) names.push_back(derived.name);
  }
  for (const crm::Definition& derived : crm::ModelDefinitions()) {
    if (derived.entity == type.name) names.push_back(derived.name);
  }
  std::string meant = DidYouMean(name, names);
  // The last part alone of a grouped name: city for visiting.city.
  const std::string ending = StrCat(".", name);
  for (std::string_view full : names) {
    if (meant.empty() && full.ends_with(ending)) meant = StrCat("; did you mean '", full, "'?");
  }
  return Refuse(StrCat("unknown field ", Quoted(name), " of ", type.name, meant));
}

void Compiler::Bound(size_t part, const EntityType& type, FieldId field, bool inverse) {
  if (at_ == kNoPosition || !inlined_.empty()) return;  // those of an inlined text are its own
  program_.names_.push_back({at_, static_cast<uint32_t>(part), type.id, field, inverse});
}

// Used by compile_related.cc too.
StatusOr<Compiler::Collection> Compiler::CollectionOf(const Path& path) {
  const Names& names = path.names;
  if (names.size() > kMaxPathNames) return Refuse(StrCat("a path has at most ", kMaxPathNames, " names"));
  const auto begins = [&](const EntityType& type) {
    if (CollectionAt(type, names.front()) != nullptr) return true;
    size_t taken = 0;
    const Field* field = FieldAt(type, names, 0, &taken);
    return field != nullptr && field->type == ValueType::kReference && taken < names.size();
  };
  StatusOr<size_t> scope = ScopeOf(path, begins);
  if (!scope.ok()) {
    // A field of that name, or a name near that of a collection.
    const EntityType& innermost = *Innermost().type;
    if (Begins(innermost, names)) {
      return Refuse(StrCat("'", names.front(), "' of ", innermost.name,
                           " is a field, not a collection of related records"));
    }
    std::vector<std::string_view> candidates;
    for (const auto& referrer : schema().ReferrersOf(innermost.id)) {
      candidates.push_back(referrer.field->inverse);
    }
    return Refuse(StrCat("unknown collection ", Quoted(names.front()), " of ", innermost.name,
                         DidYouMean(names.front(), candidates)));
  }
  const EntityType* type = scopes_[*scope].type;
  Owner owner = OwnerOf(Scope(scopes_[*scope]));
  for (size_t at = 0; at < names.size();) {
    if (const schema::Catalogue::Referrer* found = CollectionAt(*type, names[at])) {
      Bound(at, *found->type, found->field->id, true);
      return Collection{found->type, found->field, IdStep(*type, owner), at + 1};
    }
    size_t taken = 1;
    const Field* field = FieldAt(*type, names, at, &taken);
    if (field == nullptr || field->type != ValueType::kReference) {
      return Refuse(StrCat("'", names[at], "' of ", type->name,
                           field == nullptr ? " is neither a reference nor a collection"
                                            : " is no collection of related records"));
    }
    Bound(at, *type, field->id, false);
    owner = Owner{.record = FieldStep(*type, *field, owner)};
    type = schema().Find(field->targets.front())->type;
    at += taken;
  }
  return Refuse(StrCat("expected the name of a collection behind '", names.back(), "'"));
}

}  // namespace relata::expr
