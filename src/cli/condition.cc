// Reads conditions, and finds what meets them through an index or by looking at every record.
#include "src/cli/condition.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/cli/relation_lookup.h"
#include "src/schema/conversion.h"

namespace relata::cli {

namespace {

// "#17", or digits where those can mean nothing else.
bool ParseRecordId(std::string_view text, RecordId* id) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return false;
  *id = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    *id = *id * 10 + static_cast<RecordId>(c - '0');
  }
  return *id > 0;
}

}  // namespace

StatusOr<Condition> ParseCondition(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) {
    return absl::InvalidArgumentError(StrCat(Quoted(text), ": a condition is field=value, field=beginning*, ",
                                             "field==value (case and accents count) or field= (is empty)"));
  }
  Condition condition{.field = std::string(text.substr(0, equals))};
  text.remove_prefix(equals + 1);
  if (text.starts_with('=')) {
    condition.exact = true;
    text.remove_prefix(1);
  }
  if (text.ends_with('*')) {
    condition.prefix = true;
    text.remove_suffix(1);
  }
  condition.text = std::string(text);
  return condition;
}

StatusOr<RecordFilter> RecordFilter::Make(const Reader& reader, const store::TypeRuntime& type,
                                          const std::vector<Condition>& conditions) {
  RecordFilter filter(&reader, &type);
  for (const Condition& condition : conditions) {
    RELATA_ASSIGN_OR_RETURN(Test test, filter.MakeTest(condition));
    filter.tests_.push_back(std::move(test));
  }
  return filter;
}

StatusOr<RecordFilter::Test> RecordFilter::MakeTest(const Condition& condition) const {
  Test test;
  RELATA_ASSIGN_OR_RETURN(test.field, schema::GetField(*type_->type, condition.field));
  const Field& field = *test.field;
  test.text = condition.text;
  if (condition.text.empty() && !condition.prefix) {
    test.kind = Kind::kNothing;
    return test;
  }
  if (field.type == ValueType::kText) {
    if (condition.exact) {
      test.kind = condition.prefix ? Kind::kTextPrefix : Kind::kText;
    } else {
      test.kind = condition.prefix ? Kind::kFoldedPrefix : Kind::kFolded;
      test.text = Fold(condition.text);
    }
    return test;
  }
  if (condition.prefix) {
    return absl::InvalidArgumentError(StrCat(type_->type->name, ".", field.name, ": holds a ",
                                             ValueTypeName(field.type),
                                             "; only texts can be asked for by their beginning"));
  }
  switch (field.type) {
    case ValueType::kMoney:
      test.kind = Kind::kMoney;
      return test;
    case ValueType::kTextSet:
      test.kind = Kind::kElement;
      return test;
    case ValueType::kReferenceSet: {
      test.kind = Kind::kElement;
      RELATA_ASSIGN_OR_RETURN(test.cell, ReferenceCell(field, condition.text));
      return test;
    }
    case ValueType::kLabelSet: {
      test.kind = Kind::kElement;
      // Refuses a label that the field has not.
      const Value one = TextSet{condition.text};
      std::string scratch;
      RELATA_RETURN_IF_ERROR(schema::ToCell(*type_->type, field, one, {}, &scratch).status());
      return test;
    }
    case ValueType::kReference:
    case ValueType::kAnyReference: {
      RELATA_ASSIGN_OR_RETURN(test.cell, ReferenceCell(field, condition.text));
      return test;
    }
    default: {
      RELATA_ASSIGN_OR_RETURN(test.cell, ValueCell(field, condition.text));
      return test;
    }
  }
}

// A record that the field may refer to: "#17", a relation as RelationLookup knows it, "person:17".
StatusOr<Cell> RecordFilter::ReferenceCell(const Field& field, const std::string& text) const {
  const schema::Catalogue& catalogue = reader_->store_reader().schema().catalogue();
  const bool several = field.type == ValueType::kAnyReference;
  auto cell = [&](EntityTypeId type, RecordId id) {
    return Cell::OfBits(several ? uint64_t{type} << 48 | id : id);
  };
  const EntityType* relation = catalogue.Find("relation");
  const bool to_relation = relation != nullptr && std::find(field.targets.begin(), field.targets.end(),
                                                            relation->id) != field.targets.end();
  RecordId id = 0;
  if (several) {
    const size_t colon = text.find(':');
    if (colon != std::string::npos && ParseRecordId(text.substr(colon + 1), &id)) {
      RELATA_ASSIGN_OR_RETURN(const EntityType* type, catalogue.Get(text.substr(0, colon)));
      return cell(type->id, id);
    }
  } else if (ParseRecordId(text, &id) && (!to_relation || text.starts_with('#'))) {
    return cell(field.targets.front(), id);
  }
  if (!to_relation) {
    return absl::InvalidArgumentError(StrCat(type_->type->name, ".", field.name, ": ", Quoted(text),
                                             " is no record; give its id, as ",
                                             several ? "person:17" : "17"));
  }
  RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> found, LookUpRelation(*reader_, text));
  return cell(relation->id, found.value);
}

StatusOr<Cell> RecordFilter::ValueCell(const Field& field, const std::string& text) const {
  Value value = text;
  if (field.type == ValueType::kBool && (text == "true" || text == "false")) value = Value(text == "true");
  if (field.type == ValueType::kInt64 || field.type == ValueType::kDouble) {
    if (const StatusOr<Decimal> number = Decimal::Parse(text); number.ok()) value = *number;
  }
  std::string scratch;
  RELATA_ASSIGN_OR_RETURN(Cell cell, schema::ToCell(*type_->type, field, value, {}, &scratch));
  cell.bytes = {};  // no field that comes here has any
  return cell;
}

bool RecordFilter::Matches(const Test& test, const RowView& row) const {
  const Field& field = *test.field;
  const Cell cell = row.Get(field.id);
  switch (test.kind) {
    case Kind::kNothing:
      return !cell.present;
    case Kind::kText:
      return cell.bytes == test.text;
    case Kind::kTextPrefix:
      return cell.bytes.starts_with(test.text);
    case Kind::kFolded:
      return Fold(cell.bytes) == test.text;
    case Kind::kFoldedPrefix:
      return Fold(cell.bytes).starts_with(test.text);
    case Kind::kMoney: {
      if (!cell.present && field.nullable) return false;
      const Currency currency = row.CurrencyOf(field.id);
      StatusOr<Money> asked = Money::Parse(test.text);
      if (!asked.ok()) asked = Money::ParseAmount(test.text, currency);
      return asked.ok() && *asked == Money::Minor(cell.AsInt(), currency);
    }
    case Kind::kElement: {
      const StatusOr<Value> value = schema::FromCell(*type_->type, field, cell, {});
      if (!value.ok()) return false;
      if (const auto* records = value->As<ReferenceSet>()) {
        return std::find(records->begin(), records->end(), test.cell.bits) != records->end();
      }
      const auto* texts = value->As<TextSet>();
      return texts != nullptr && std::find(texts->begin(), texts->end(), test.text) != texts->end();
    }
    case Kind::kCell:
      // What is not stored of a field that cannot be null is zero.
      return cell.present == test.cell.present ? cell.bits == test.cell.bits
                                               : !field.nullable && cell.bits == test.cell.bits;
  }
  return false;
}

bool RecordFilter::Matches(const RowView& row) const {
  return std::all_of(tests_.begin(), tests_.end(), [&](const Test& test) { return Matches(test, row); });
}

bool RecordFilter::UseIndex(const Test& test, const store::IndexRuntime** index,
                            store::KeyRange* range) const {
  const bool folded = test.kind == Kind::kFolded || test.kind == Kind::kFoldedPrefix;
  const bool prefix = test.kind == Kind::kTextPrefix || test.kind == Kind::kFoldedPrefix;
  const bool text = folded || test.kind == Kind::kText || test.kind == Kind::kTextPrefix;
  const bool referred = test.kind == Kind::kElement && test.field->type == ValueType::kReferenceSet;
  if (!text && !referred && test.kind != Kind::kCell) return false;
  for (const store::IndexRuntime& candidate : type_->indexes) {
    const IndexPart& part = candidate.index->parts.front();
    if (part.field != test.field->id || !candidate.ready()) continue;
    if (text && part.folding != (folded ? Folding::kFolded : Folding::kExact)) continue;
    *index = &candidate;
    if (prefix) {
      StatusOr<store::KeyRange> begins = candidate.coder.StartsWith({}, test.text);
      if (!begins.ok()) continue;
      *range = *std::move(begins);
    } else {
      const Cell cell = text ? Cell::OfBytes(test.text) : test.cell;
      *range = candidate.coder.Equal({&cell, 1});
    }
    return true;
  }
  return false;
}

StatusOr<std::vector<RecordId>> RecordFilter::Find() const {
  const store::Reader& reader = reader_->store_reader();
  std::vector<RecordId> found;
  const store::IndexRuntime* index = nullptr;
  store::KeyRange range;
  const bool indexed = std::any_of(tests_.begin(), tests_.end(),
                                   [&](const Test& test) { return UseIndex(test, &index, &range); });
  if (!indexed) {
    store::RowCursor at(reader, *type_);
    for (; at.Valid(); at.Next()) {
      if (Matches(at.row())) found.push_back(at.id());
    }
    RELATA_RETURN_IF_ERROR(at.status());
    return found;
  }
  std::vector<RecordId> candidates;
  RELATA_RETURN_IF_ERROR(index->tree.AppendIds(reader.kv(), range, &candidates));
  for (const RecordId id : candidates) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(*type_, id));
    if (Matches(row)) found.push_back(id);
  }
  return found;
}

}  // namespace relata::cli
