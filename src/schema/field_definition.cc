// Checks and completes the definition of a field.
#include "src/schema/field_definition.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/schema/conversion.h"
#include "src/schema/names.h"
#include "src/schema/pattern.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

bool HasLabels(ValueType type) { return type == ValueType::kEnum || type == ValueType::kLabelSet; }

bool HasRange(ValueType type) {
  switch (type) {
    case ValueType::kInt64:
    case ValueType::kDouble:
    case ValueType::kMoney:
    case ValueType::kDate:
    case ValueType::kTimestamp:
    case ValueType::kDuration:
    case ValueType::kDecimal:
      return true;
    default:
      return false;
  }
}

// One field under examination; completes it on the way.
class Definition {
 public:
  Definition(const EntityType& type, Field* field) : type_(type), field_(*field) {}

  Status Complete() {
    RELATA_RETURN_IF_ERROR(Name());
    RELATA_RETURN_IF_ERROR(TypeDetails());
    RELATA_RETURN_IF_ERROR(Labels());
    RELATA_RETURN_IF_ERROR(References());
    RELATA_RETURN_IF_ERROR(TextOptions());
    RELATA_RETURN_IF_ERROR(Range());
    return Default();
  }

 private:
  Status Fail(std::string_view what) const {
    return absl::InvalidArgumentError(StrCat(PathOf(type_, field_), ": ", what));
  }

  Status Name() const {
    if (!IsFieldName(field_.name)) {
      return absl::InvalidArgumentError(StrCat("no field of ", type_.name, " can be named ",
                                               Quoted(field_.name), ": ", kNameRule,
                                               ", and dots between groups"));
    }
    if (field_.name == kIdName) return Fail("every record has its id without a field; choose another name");
    return absl::OkStatus();
  }

  Status TypeDetails() {
    if (field_.type < ValueType::kBool || field_.type > ValueType::kObject) {
      return Fail("the type is none that this version knows");
    }
    if (field_.type != ValueType::kDecimal) field_.scale = 0;
    if (field_.scale > Decimal::kMaxScale) {
      return Fail(StrCat("a decimal has at most ", Decimal::kMaxScale, " digits behind the point, not ",
                         field_.scale));
    }
    if (!field_.currency.is_none() && field_.type != ValueType::kMoney) {
      return Fail(StrCat("only money has a currency; this is ", ValueTypeName(field_.type)));
    }
    return absl::OkStatus();
  }

  Status Labels() const {
    if (!HasLabels(field_.type)) {
      return field_.labels.empty()
                 ? absl::OkStatus()
                 : Fail(StrCat("only an enum or label set has labels; this is ", ValueTypeName(field_.type)));
    }
    if (field_.labels.empty()) return Fail("no labels; name at least one");
    Field before = field_;
    before.labels.clear();
    for (const Label& label : field_.labels) {
      RELATA_RETURN_IF_ERROR(CheckLabel(type_, before, label));
      before.labels.push_back(label);
    }
    return absl::OkStatus();
  }

  Status References() {
    if (!field_.is_reference()) {
      if (!field_.targets.empty())
        return Fail(StrCat("only a reference has targets; this is ", ValueTypeName(field_.type)));
      if (!field_.inverse.empty())
        return Fail(StrCat("only a reference has an inverse; this is ", ValueTypeName(field_.type)));
      return absl::OkStatus();
    }
    const bool any = field_.type == ValueType::kAnyReference;
    if (field_.targets.empty() || (!any && field_.targets.size() != 1)) {
      return Fail(StrCat("names ", field_.targets.size(), " entities to refer to; ",
                         any ? "name at least one" : "name one, or make it an any-reference"));
    }
    std::vector<EntityTypeId> once = field_.targets;
    std::sort(once.begin(), once.end());
    if (std::adjacent_find(once.begin(), once.end()) != once.end())
      return Fail("names an entity to refer to twice");
    if (field_.inverse.empty()) field_.inverse = StrCat(type_.name, "s");
    if (!IsName(field_.inverse)) {
      return Fail(StrCat("the inverse cannot be named ", Quoted(field_.inverse), ": ", kNameRule));
    }
    const bool may_be_empty = field_.nullable || field_.type == ValueType::kReferenceSet;
    if (field_.on_delete == OnDelete::kClear && (!may_be_empty || field_.options.required)) {
      return Fail(
          "a reference that is required or cannot be null cannot be cleared; choose restrict or cascade");
    }
    return absl::OkStatus();
  }

  Status TextOptions() const {
    const FieldOptions& options = field_.options;
    if (field_.type != ValueType::kText &&
        (options.min_length || options.max_length || !options.pattern.empty())) {
      return Fail(StrCat("only text has a length and a pattern; this is ", ValueTypeName(field_.type)));
    }
    if (options.min_length && options.max_length && *options.min_length > *options.max_length) {
      return Fail(StrCat("no text has at least ", *options.min_length, " and at most ", *options.max_length,
                         " characters"));
    }
    if (!options.pattern.empty()) {
      RELATA_RETURN_IF_ERROR(Annotate(CheckPattern(options.pattern), PathOf(type_, field_)));
    }
    return absl::OkStatus();
  }

  // The value as the field gives it back, so that equal options are equal bytes.
  StatusOr<Cell> Canonical(std::optional<Value>* value, std::string_view role) {
    StatusOr<Cell> cell = ToCell(type_, field_, **value, Currency(), &scratch_);
    if (!cell.ok()) {
      const bool foreign = field_.type == ValueType::kMoney && field_.currency.is_none();
      return foreign ? Fail(StrCat("the ", role,
                                   " of an amount in the record's currency can only be 0; give the field "
                                   "a currency of its own"))
                     : Annotate(cell.status(), StrCat("the ", role, " of the field does not fit it"));
    }
    RELATA_ASSIGN_OR_RETURN(Value same, FromCell(type_, field_, *cell, Currency()));
    *value = std::move(same);
    return cell;
  }

  Status Range() {
    std::optional<Value>& least = field_.options.min_value;
    std::optional<Value>& most = field_.options.max_value;
    if (least && least->is_null()) least.reset();
    if (most && most->is_null()) most.reset();
    if (!least && !most) return absl::OkStatus();
    if (!HasRange(field_.type)) {
      return Fail(StrCat("only numbers, amounts, dates and durations have a range; this is ",
                         ValueTypeName(field_.type)));
    }
    if (most) RELATA_RETURN_IF_ERROR(Canonical(&most, "greatest value").status());
    if (!least) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const Cell cell, Canonical(&least, "least value"));
    if (ValidateCell(type_, field_, cell).ok()) return absl::OkStatus();
    return Fail(
        StrCat("no value is at least ", *least, most ? StrCat(" and at most ", *most) : std::string()));
  }

  Status Default() {
    std::optional<Value>& value = field_.options.default_value;
    if (value && value->is_null()) value.reset();
    field_.frozen_present = false;
    if (!value) return absl::OkStatus();
    if (field_.is_reference() || field_.type == ValueType::kObject) {
      return Fail(
          StrCat("a ", ValueTypeName(field_.type), " has no default; set it when a record is inserted"));
    }
    RELATA_ASSIGN_OR_RETURN(const Cell cell, Canonical(&value, "default"));
    RELATA_RETURN_IF_ERROR(
        Annotate(ValidateCell(type_, field_, cell), "the default of the field does not fit it"));
    field_.frozen_present = cell.present;
    field_.frozen_bits = cell.bits;
    field_.frozen_bytes = cell.bytes;
    return absl::OkStatus();
  }

  const EntityType& type_;
  Field& field_;
  std::string scratch_;
};

StatusOr<Field> Completed(const EntityType& type, Field field) {
  RELATA_RETURN_IF_ERROR(Definition(type, &field).Complete());
  return field;
}

OnDelete DefaultOnDelete(const Field& field) {
  const bool may_be_empty = field.nullable || field.type == ValueType::kReferenceSet;
  return field.is_reference() && may_be_empty && !field.options.required ? OnDelete::kClear
                                                                         : OnDelete::kRestrict;
}

Status AddTarget(const Change& change, const EntityType& type, std::string_view name, Field* field) {
  const StatusOr<EntityTypeId> target = change.Get(name);
  if (!target.ok()) return Annotate(target.status(), PathOf(type, *field));
  field->targets.push_back(*target);
  return absl::OkStatus();
}

}  // namespace

StatusOr<Field> FieldOf(const Change& change, const EntityType& type, const FieldSpec& spec) {
  Field field;
  field.name = spec.name;
  field.type = spec.type;
  field.nullable = spec.nullable;
  field.options = spec.options;
  field.scale = spec.scale;
  field.currency = spec.currency;
  if (spec.labels.size() > std::numeric_limits<uint16_t>::max()) {
    return absl::InvalidArgumentError(
        StrCat(PathOf(type, field), ": ", spec.labels.size(), " labels are too many"));
  }
  for (const std::string& label : spec.labels) {
    field.labels.push_back({static_cast<uint16_t>(field.labels.size()), label});
  }
  for (const std::string& target : spec.targets)
    RELATA_RETURN_IF_ERROR(AddTarget(change, type, target, &field));
  field.inverse = spec.inverse;
  if (spec.on_delete && !field.is_reference()) {
    return absl::InvalidArgumentError(StrCat(PathOf(type, field),
                                             ": only a reference has a rule for deletion; this is ",
                                             ValueTypeName(field.type)));
  }
  field.on_delete = spec.on_delete.value_or(DefaultOnDelete(field));
  return Completed(type, std::move(field));
}

StatusOr<Field> FieldOf(const Change& change, const EntityType& type, const MemberDeclaration& member) {
  Field field;
  field.name = member.name;
  field.type = member.type;
  field.nullable = member.nullable;
  field.options = member.options;
  field.scale = member.scale;
  field.currency = member.currency;
  field.labels = member.labels;
  for (const auto target : member.targets) RELATA_RETURN_IF_ERROR(AddTarget(change, type, target(), &field));
  field.inverse = member.inverse;
  field.on_delete = member.on_delete.value_or(DefaultOnDelete(field));
  return Completed(type, std::move(field));
}

Status CheckLabel(const EntityType& type, const Field& field, const Label& label) {
  constexpr size_t kMaxLabelBytes = 200;
  if (label.name.empty() || label.name.size() > kMaxLabelBytes || !IsValidUtf8(label.name)) {
    return absl::InvalidArgumentError(StrCat(PathOf(type, field), ": the label ", Quoted(label.name),
                                             " must be text of 1 to ", kMaxLabelBytes, " bytes"));
  }
  if (field.type == ValueType::kLabelSet && label.code > kMaxSetCode) {
    return absl::InvalidArgumentError(
        StrCat(PathOf(type, field), ": a label set holds 64 labels, and ", Quoted(label.name),
               " would be one more; use a set of texts or an entity of its own"));
  }
  if (const Label* same = field.FindLabel(std::string_view(label.name))) {
    return absl::AlreadyExistsError(StrCat(PathOf(type, field), ": the label ", Quoted(label.name),
                                           " exists, with the code ", same->code));
  }
  if (const Label* same = field.FindLabel(label.code)) {
    return absl::AlreadyExistsError(StrCat(PathOf(type, field), ": the code ", label.code, " of the label ",
                                           Quoted(label.name), " is that of ", Quoted(same->name)));
  }
  return absl::OkStatus();
}

}  // namespace relata::schema
