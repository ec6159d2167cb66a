// How a store takes on what structs declare: what was added is added, what differs is refused in words.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "src/schema/catalogue.h"
#include "src/schema/change.h"
#include "src/schema/conversion.h"
#include "src/schema/field_definition.h"
#include "src/schema/index_definition.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

std::string Spelled(const Field& field) {
  std::string text = StrCat(ValueTypeName(field.type));
  if (field.type == ValueType::kDecimal) StrAppend(&text, " with ", field.scale, " decimals");
  if (!field.currency.is_none()) StrAppend(&text, " in ", field.currency.code());
  return text;
}

std::string Nullability(const Field& field) { return field.nullable ? "can be null" : "cannot be null"; }

// Whether a cell that the old limit let pass may fail the new one.
bool Narrows(const EntityType& type, const Field& field, const std::optional<Value>& before,
             const std::optional<Value>& after, bool upper) {
  if (!after || before == after) return false;
  if (!before) return true;
  std::string scratch;
  const StatusOr<Cell> a = ToCell(type, field, *before, Currency(), &scratch);
  const StatusOr<Cell> b = ToCell(type, field, *after, Currency(), &scratch);
  if (!a.ok() || !b.ok()) return true;
  const bool lower =
      field.type == ValueType::kDouble ? b->AsDouble() < a->AsDouble() : b->AsInt() < a->AsInt();
  return lower == upper;
}

bool Tightens(const EntityType& type, const Field& field, const FieldOptions& before,
              const FieldOptions& after) {
  const bool shorter = after.max_length && (!before.max_length || *after.max_length < *before.max_length);
  const bool longer = after.min_length && (!before.min_length || *after.min_length > *before.min_length);
  const bool pattern = !after.pattern.empty() && after.pattern != before.pattern;
  return (after.required && !before.required) || shorter || longer || pattern ||
         Narrows(type, field, before.min_value, after.min_value, false) ||
         Narrows(type, field, before.max_value, after.max_value, true);
}

// A field of the store beside the same field of a struct.
class FieldMigration {
 public:
  FieldMigration(Change* change, EntityTypeId type, FieldId field, const Field& declared)
      : change_(*change), type_(type), slot_(field), declared_(declared) {}

  Status Run() {
    RELATA_RETURN_IF_ERROR(Comparable());
    RELATA_RETURN_IF_ERROR(Labels());
    RELATA_RETURN_IF_ERROR(Targets());
    Options();
    return absl::OkStatus();
  }

 private:
  Field& stored() { return change_.type(type_).fields[slot_]; }

  Status Differs(std::string_view declared, std::string_view in_store, std::string_view remedy) {
    return absl::FailedPreconditionError(StrCat(PathOf(change_.type(type_), stored()),
                                                ": the struct declares ", declared, ", the store has ",
                                                in_store, "; ", remedy));
  }

  Status Comparable() {
    const std::string move =
        StrCat("give the member another name, which adds a field, copy the values in an update, and drop '",
               stored().name, "' with DropField");
    if (stored().generated) {
      return Differs("it as a member", "it as a field that the engine writes",
                     "give the member another name");
    }
    if (stored().type != declared_.type || stored().scale != declared_.scale ||
        stored().currency != declared_.currency) {
      return Differs(Spelled(declared_), Spelled(stored()), move);
    }
    if (stored().nullable != declared_.nullable) {
      return Differs(
          StrCat("that it ", Nullability(declared_)), StrCat("a field that ", Nullability(stored())),
          StrCat(stored().nullable ? "make the member a std::optional, or " : "make the member plain, or ",
                 move));
    }
    return absl::OkStatus();
  }

  Status Labels() {
    for (const Label& label : declared_.labels) {
      const Label* same_name = stored().FindLabel(std::string_view(label.name));
      const Label* same_code = stored().FindLabel(label.code);
      if (same_name != nullptr && same_name->code == label.code) continue;
      if (same_name != nullptr) {
        return Differs(StrCat("the label '", label.name, "' with the code ", label.code),
                       StrCat("it with the code ", same_name->code),
                       "give the enumerator that value: rows hold it");
      }
      if (same_code != nullptr) {
        return Differs(StrCat("the label '", label.name, "' with the code ", label.code),
                       StrCat("the label '", same_code->name, "' there"),
                       "keep the enumerator, and give a new one a value of its own");
      }
      stored().labels.push_back(label);
      change_.Touch();
    }
    return absl::OkStatus();
  }

  // An any-reference may learn further types; the record of a type that it no longer names could not be read.
  Status Targets() {
    const std::vector<EntityTypeId>& declared = declared_.targets;
    for (EntityTypeId target : stored().targets) {
      if (std::find(declared.begin(), declared.end(), target) != declared.end()) continue;
      return Differs(StrCat("no reference to ", change_.type(target).name), "one",
                     "name that entity too, or give the member another name and copy the references");
    }
    for (EntityTypeId target : declared) {
      std::vector<EntityTypeId>& targets = stored().targets;
      if (std::find(targets.begin(), targets.end(), target) != targets.end()) continue;
      targets.push_back(target);
      change_.Touch();
    }
    return absl::OkStatus();
  }

  void Options() {
    Field& field = stored();
    if (field.options == declared_.options && field.on_delete == declared_.on_delete &&
        field.inverse == declared_.inverse) {
      return;
    }
    if (Tightens(change_.type(type_), field, field.options, declared_.options)) change_.Verify(type_, slot_);
    field.options = declared_.options;
    field.on_delete = declared_.on_delete;
    field.inverse = declared_.inverse;
    if (field.base_amount) {
      change_.type(type_).fields[*field.base_amount].options.sensitive = field.options.sensitive;
    }
    change_.Touch();
  }

  Change& change_;
  const EntityTypeId type_;
  const FieldId slot_;
  const Field& declared_;
};

// One struct beside its entity type.
class EntityMigration {
 public:
  EntityMigration(Change* change, EntityTypeId type, const EntityDeclaration& declaration)
      : change_(*change), id_(type), declaration_(declaration) {}

  Status Run() {
    for (const MemberDeclaration& member : declaration_.members) RELATA_RETURN_IF_ERROR(Member(member));
    for (const IndexDeclaration& index : declaration_.indexes) RELATA_RETURN_IF_ERROR(PutIndex(index));
    EntityType& type = change_.type(id_);
    if (!declaration_.description.empty() && type.description != declaration_.description) {
      type.description = declaration_.description;
      change_.Touch();
    }
    if (!declaration_.moment) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const Field* moment, GetField(type, declaration_.At(*declaration_.moment)->name));
    if (type.moment != moment->id) {
      type.moment = moment->id;
      change_.Touch();
    }
    return absl::OkStatus();
  }

 private:
  Status Member(const MemberDeclaration& member) {
    const Field* stored = change_.type(id_).FindField(member.name);
    const bool system = stored != nullptr && stored->id <= kUpdatedAt;
    if (system) return absl::OkStatus();  // what type they have was seen when the struct was declared
    RELATA_ASSIGN_OR_RETURN(Field declared, FieldOf(change_, change_.type(id_), member));
    if (stored == nullptr) return change_.AddField(id_, std::move(declared));
    return FieldMigration(&change_, id_, stored->id, declared).Run();
  }

  // The same parts are the same index, whatever its name.
  Status PutIndex(const IndexDeclaration& declared) {
    const EntityType& type = change_.type(id_);
    RELATA_ASSIGN_OR_RETURN(Index index, IndexOf(type, declaration_, declared, change_.settings().locale));
    return FindServing(type, index) != nullptr ? absl::OkStatus() : change_.AddIndex(id_, std::move(index));
  }

  Change& change_;
  const EntityTypeId id_;
  const EntityDeclaration& declaration_;
};

}  // namespace

StatusOr<Changes> Catalogue::Apply(const std::vector<const EntityDeclaration*>& declarations) {
  Change change(*this);
  std::vector<std::pair<EntityTypeId, const EntityDeclaration*>> pairs;
  for (const EntityDeclaration* declaration : declarations) {
    EntityTypeId id = change.Find(declaration->name);
    if (id == 0) {
      RELATA_ASSIGN_OR_RETURN(id, change.AddType(declaration->name, declaration->description));
    }
    const auto other =
        std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == id; });
    if (other == pairs.end()) {
      pairs.emplace_back(id, declaration);
    } else if (other->second != declaration) {
      return absl::InvalidArgumentError(
          StrCat("two structs declare the entity ", Quoted(declaration->name), "; give one another name"));
    }
  }
  for (const auto& [id, declaration] : pairs) {
    RELATA_RETURN_IF_ERROR(EntityMigration(&change, id, *declaration).Run());
  }
  return change.Commit(this);
}

}  // namespace relata::schema
