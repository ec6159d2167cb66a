// Reads conditions and parameters.
#include "src/cli/query_arguments.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/cli/relation_lookup.h"
#include "src/schema/catalogue.h"
#include "src/store/reader.h"

namespace relata::cli {

namespace {

// The literal as the host would give it; none for intervals and lengths, which stay in the condition.
std::optional<Value> ValueOf(const expr::Literal& literal) {
  return std::visit(
      [](const auto& value) -> std::optional<Value> {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return Value();
        } else if constexpr (std::is_same_v<T, expr::Interval> || std::is_same_v<T, expr::Length>) {
          return std::nullopt;
        } else {
          return Value(value);
        }
      },
      literal);
}

StatusOr<Value> ParameterValue(const Reader& reader, std::string_view text) {
  if (!text.starts_with('@')) return LiteralValue(text);
  RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> id, LookUpRelation(reader, text.substr(1)));
  return Value(static_cast<int64_t>(id.value));
}

// name=jansen*, city==Utrecht, email=: what find took before there were expressions.
bool LooksOld(std::string_view condition) {
  const size_t equals = condition.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view field = condition.substr(0, equals);
  const bool name = std::all_of(field.begin(), field.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
  return name && condition.find_first_of("'\"():") == std::string_view::npos;
}

void AddFields(const expr::Expr& tree, const EntityType& type, std::vector<std::string>* fields) {
  if (tree->kind == expr::Kind::kPath && tree->path().outer == 0) {
    std::string name;
    for (const std::string& part : tree->path().names) {
      StrAppend(&name, name.empty() ? "" : ".", part);
      if (type.FindField(name) == nullptr) continue;
      if (std::find(fields->begin(), fields->end(), name) == fields->end()) fields->push_back(name);
      return;
    }
  }
  if (tree->kind == expr::Kind::kRelated) return;  // fields of other records
  for (const expr::Expr& part : tree->parts) AddFields(part, type, fields);
}

}  // namespace

StatusOr<Value> LiteralValue(std::string_view text) {
  const StatusOr<expr::Expr> tree = expr::Parse(text);
  if (!tree.ok()) return Value(text);
  const bool negative = (*tree)->kind == expr::Kind::kNegate;
  const expr::Expr& literal = negative ? (*tree)->parts[0] : *tree;
  if (literal->kind != expr::Kind::kLiteral) return Value(text);
  const std::optional<Value> value = ValueOf(literal->literal());
  if (!value) return Value(text);
  if (!negative) return *value;
  if (const auto* number = value->As<int64_t>()) return Value(-*number);
  if (const auto* number = value->As<double>()) return Value(-*number);
  if (const auto* decimal = value->As<Decimal>()) {
    RELATA_ASSIGN_OR_RETURN(const Decimal minus, decimal->Negate());
    return Value(minus);
  }
  return Value(text);
}

StatusOr<RecordQuery> MakeQuery(const Reader& reader, const std::string& entity,
                                const std::vector<std::string>& conditions,
                                const std::vector<std::string>& parameters) {
  RELATA_RETURN_IF_ERROR(reader.store_reader().schema().Get(entity).status());
  query::Parameters values;
  for (const std::string& parameter : parameters) {
    const size_t equals = parameter.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          StrCat("--param ", parameter, ": write NAME=VALUE, for :NAME in a condition"));
    }
    StatusOr<Value> value = ParameterValue(reader, std::string_view(parameter).substr(equals + 1));
    if (!value.ok()) return Annotate(value.status(), StrCat("--param ", parameter));
    values[parameter.substr(0, equals)] = *std::move(value);
  }
  RecordQuery query = reader.Find(entity);
  for (const std::string& condition : conditions) query.Where(condition);
  query.Bind(values);
  return query;
}

Status ExplainOldForm(Status status, const std::vector<std::string>& conditions) {
  if (!absl::IsInvalidArgument(status) && !absl::IsNotFound(status)) return status;
  const auto old = std::find_if(conditions.begin(), conditions.end(), LooksOld);
  if (old == conditions.end()) return status;
  return absl::Status(status.code(), StrCat(ToStd(status.message()), "\n", Quoted(*old),
                                            ": a condition is an expression, with texts between quotes: "
                                            "\"visiting.city = 'Utrecht' and name ilike 'jansen%'\""));
}

std::vector<std::string> FieldsIn(const expr::Expr& condition, const EntityType& type) {
  std::vector<std::string> fields;
  if (condition) AddFields(condition, type, &fields);
  return fields;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string Shown(const Value& value) {
  if (value.is_null()) return "";
  if (const auto* money = value.As<Money>()) return GroupedMoney(*money);
  if (const auto* texts = value.As<TextSet>(); texts != nullptr && texts->empty()) return "";
  return value.ToString();
}

Align AlignmentOf(const Value& value) {
  const bool number = value.As<int64_t>() != nullptr || value.As<double>() != nullptr ||
                      value.As<Decimal>() != nullptr || value.As<Money>() != nullptr;
  return number ? Align::kRight : Align::kLeft;
}

}  // namespace relata::cli
