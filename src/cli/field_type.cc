// Reads and writes the types of fields.
#include "src/cli/field_type.h"

#include <algorithm>
#include <charconv>

#include "relata/base/strings.h"
#include "src/cli/query_arguments.h"

namespace relata::cli {

namespace {

Status Refused(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      StrCat(Quoted(text), ": ", why,
             "; a type is text, int64, double, bool, date, timestamp, duration, point, currency, text set, "
             "decimal(digits), money, money(EUR), enum(label, label), label set(label, label), "
             "reference(entity), reference set(entity) or any reference(entity, entity)"));
}

}  // namespace

std::vector<std::string> SplitOutsideParentheses(std::string_view text) {
  std::vector<std::string> parts;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    if (const std::string_view part = Trimmed(text.substr(start, i - start)); !part.empty())
      parts.emplace_back(part);
    start = i + 1;
  }
  return parts;
}

Status ParseFieldType(std::string_view text, FieldSpec* spec) {
  const size_t open = std::min(text.find('('), text.size());
  const std::string name(Trimmed(text.substr(0, open)));
  std::vector<std::string> arguments;
  if (open < text.size()) {
    if (!text.ends_with(')')) return Refused(text, "the parenthesis is not closed");
    arguments = SplitOutsideParentheses(text.substr(open + 1, text.size() - open - 2));
  }
  if (!ParseValueType(name, &spec->type) || spec->type == ValueType::kObject) {
    return Refused(text, "there is no such type");
  }
  switch (spec->type) {
    case ValueType::kEnum:
    case ValueType::kLabelSet:
      if (arguments.empty()) return Refused(text, "its labels are missing");
      spec->labels = std::move(arguments);
      return absl::OkStatus();
    case ValueType::kReference:
    case ValueType::kReferenceSet:
    case ValueType::kAnyReference:
      if (arguments.empty()) return Refused(text, "the entity it refers to is missing");
      spec->targets = std::move(arguments);
      return absl::OkStatus();
    case ValueType::kMoney: {
      if (arguments.empty()) return absl::OkStatus();
      RELATA_ASSIGN_OR_RETURN(spec->currency, Currency::Parse(arguments.front()));
      return absl::OkStatus();
    }
    case ValueType::kDecimal: {
      if (arguments.empty()) return absl::OkStatus();
      const std::string& digits = arguments.front();
      const char* end = digits.data() + digits.size();
      if (std::from_chars(digits.data(), end, spec->scale).ptr != end || spec->scale > 18) {
        return Refused(text, "the digits after the point are a number from 0 to 18");
      }
      return absl::OkStatus();
    }
    default:
      return arguments.empty() ? absl::OkStatus() : Refused(text, "this type takes nothing in parentheses");
  }
}

std::string FieldTypeText(const Field& field, const std::vector<EntityType>& types) {
  std::string inner;
  auto add = [&](std::string_view part) { StrAppend(&inner, inner.empty() ? "" : ", ", part); };
  for (const Label& label : field.labels) add(label.name);
  for (const EntityTypeId target : field.targets) {
    for (const EntityType& type : types) {
      if (type.id == target) add(type.name);
    }
  }
  if (field.type == ValueType::kDecimal) add(std::to_string(field.scale));
  if (field.type == ValueType::kMoney) inner = field.currency.code();
  const std::string_view name = ValueTypeName(field.type);
  return inner.empty() ? std::string(name) : StrCat(name, "(", inner, ")");
}

}  // namespace relata::cli
