// Compares declarations with a catalogue in place, member by member.
#include "src/schema/held.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "src/schema/conversion.h"

namespace relata::schema {
namespace {

// Fields usually lie in the order of the members, base amounts between them, so each search begins behind the
// field found before.
class FieldSearch {
 public:
  explicit FieldSearch(const EntityType& type) : type_(type) {}

  const Field* Find(std::string_view name) {
    const size_t count = type_.fields.size();
    for (size_t i = 0; i < count; ++i) {
      const size_t at = next_ + i < count ? next_ + i : next_ + i - count;
      const Field& field = type_.fields[at];
      if (field.dropped || field.name != name) continue;
      next_ = at + 1;
      return &field;
    }
    return nullptr;
  }

 private:
  const EntityType& type_;
  size_t next_ = 0;
};

bool HasLabels(const Field& field, const MemberDeclaration& member) {
  return std::all_of(member.labels.begin(), member.labels.end(), [&](const Label& label) {
    const Label* known = field.FindLabel(label.code);
    return known != nullptr && known->name == label.name;
  });
}

bool HasTargets(const Catalogue& catalogue, const Field& field, const MemberDeclaration& member) {
  if (field.targets.size() != member.targets.size()) return false;
  return std::all_of(member.targets.begin(), member.targets.end(), [&](const auto target) {
    const EntityType* type = catalogue.Find(target());
    return type != nullptr &&
           std::find(field.targets.begin(), field.targets.end(), type->id) != field.targets.end();
  });
}

// Whether a limit or default of the field is what the struct says, which may spell it in another way: 0 for
// EUR 0.00.
bool IsLimit(const EntityType& type, const Field& field, const std::optional<Value>& stored,
             const std::optional<Value>& declared) {
  if (stored == declared) return true;
  if (!stored || !declared) return false;
  std::string of_stored, of_declared;
  const StatusOr<Cell> a = ToCell(type, field, *stored, Currency(), &of_stored);
  const StatusOr<Cell> b = ToCell(type, field, *declared, Currency(), &of_declared);
  return a.ok() && b.ok() && *a == *b;
}

bool HasOptions(const EntityType& type, const Field& field, const FieldOptions& declared) {
  const FieldOptions& stored = field.options;
  return stored.required == declared.required && stored.sensitive == declared.sensitive &&
         stored.history == declared.history && stored.min_length == declared.min_length &&
         stored.max_length == declared.max_length && stored.pattern == declared.pattern &&
         stored.description == declared.description &&
         IsLimit(type, field, stored.min_value, declared.min_value) &&
         IsLimit(type, field, stored.max_value, declared.max_value) &&
         IsLimit(type, field, stored.default_value, declared.default_value);
}

bool HoldsMember(const Catalogue& catalogue, const EntityType& type, const Field& field,
                 const MemberDeclaration& member) {
  if (field.id <= kUpdatedAt) return true;  // what type they have was seen when the struct was declared
  return !field.generated && field.type == member.type && field.nullable == member.nullable &&
         field.scale == member.scale && field.currency == member.currency &&
         field.inverse == member.inverse &&
         field.on_delete == member.on_delete.value_or(OnDelete::kRestrict) &&
         HasOptions(type, field, member.options) && HasLabels(field, member) &&
         HasTargets(catalogue, field, member);
}

bool IsPart(const IndexPart& part, const Field& field, const IndexPartDeclaration& declared,
            std::string_view locale) {
  const bool unnamed = declared.folding == Folding::kCollated && declared.locale.empty();
  return part.field == field.id && part.descending == declared.descending &&
         part.nulls_last == declared.nulls_last && part.folding == declared.folding &&
         part.locale == (unnamed ? locale : std::string_view(declared.locale));
}

bool HoldsIndex(const EntityType& type, const EntityDeclaration& declaration,
                const IndexDeclaration& declared, std::string_view locale) {
  return std::any_of(type.indexes.begin(), type.indexes.end(), [&](const Index& index) {
    if (index.parts.size() != declared.parts.size() || (declared.unique && !index.unique)) return false;
    for (size_t i = 0; i < declared.parts.size(); ++i) {
      const Field& field = type.fields[index.parts[i].field];
      if (field.dropped || field.name != declaration.At(declared.parts[i].offset)->name) return false;
      if (!IsPart(index.parts[i], field, declared.parts[i], locale)) return false;
    }
    return true;
  });
}

bool HoldsEntity(const Catalogue& catalogue, const EntityDeclaration& declaration) {
  const EntityType* type = catalogue.Find(declaration.name);
  if (type == nullptr) return false;
  if (!declaration.description.empty() && type->description != declaration.description) return false;
  FieldSearch fields(*type);
  for (const MemberDeclaration& member : declaration.members) {
    const Field* field = fields.Find(member.name);
    if (field == nullptr || !HoldsMember(catalogue, *type, *field, member)) return false;
  }
  for (const IndexDeclaration& index : declaration.indexes) {
    if (!HoldsIndex(*type, declaration, index, catalogue.settings().locale)) return false;
  }
  if (!declaration.moment) return true;
  return type->moment && type->fields[*type->moment].name == declaration.At(*declaration.moment)->name;
}

}  // namespace

bool Holds(const Catalogue& catalogue, const std::vector<const EntityDeclaration*>& declarations) {
  for (size_t i = 0; i < declarations.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      // Of two structs for one entity only Apply can speak.
      if (declarations[k] != declarations[i] && declarations[k]->name == declarations[i]->name) return false;
    }
    if (!HoldsEntity(catalogue, *declarations[i])) return false;
  }
  return true;
}

}  // namespace relata::schema
