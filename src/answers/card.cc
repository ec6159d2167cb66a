// Gathers a relation card: walks each entity that refers to the relation, newest first.
#include "relata/answers/card.h"

#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/answers/facts.h"
#include "src/answers/slots.h"
#include "src/schema/conversion.h"

namespace relata::answers {

namespace {

using store::Reader;
using store::TypeRuntime;

constexpr std::string_view kTitleFields[] = {"name", "number", "subject", "title", "description", "code"};
constexpr std::string_view kPersonParts[] = {"salutation", "initials", "first_name", "particle", "last_name"};
constexpr char kCodeSeparator = '\x1f';

std::string_view Text(const RowView& row, const Field* field) {
  return field != nullptr && field->type == ValueType::kText ? row.Get(field->id).bytes : std::string_view();
}

StatusOr<std::string> TitleOfRow(const TypeRuntime& type, RecordId id, const RowView& row) {
  std::string title;
  if (type.type->name == "person") {
    for (const std::string_view part : kPersonParts) {
      const std::string_view text = Text(row, type.type->FindField(part));
      if (!text.empty()) StrAppend(&title, title.empty() ? "" : " ", text);
    }
    if (!title.empty()) return title;
  }
  for (const std::string_view name : kTitleFields) {
    const Field* field = type.type->FindField(name);
    if (const std::string_view text = Text(row, field); !text.empty()) return std::string(text);
    if (field == nullptr || field->type == ValueType::kText || !row.Get(field->id).present) continue;
    RELATA_ASSIGN_OR_RETURN(const Value value,
                            schema::FromCell(*type.type, *field, row.Get(field->id), Currency()));
    return value.ToString();
  }
  return StrCat("#", id);
}

StatusOr<std::string> ShowReferences(const Reader& reader, const Field& field, const Value& value) {
  std::vector<RecordRef> refs;
  if (const auto* one = value.As<Reference>()) refs.push_back({field.targets.front(), one->id});
  if (const auto* any = value.As<RecordRef>()) refs.push_back(*any);
  if (const auto* set = value.As<ReferenceSet>()) {
    for (const RecordId id : *set) refs.push_back({field.targets.front(), id});
  }
  std::string shown;
  for (const RecordRef& ref : refs) {
    RELATA_ASSIGN_OR_RETURN(const std::string title, TitleOf(reader, ref));
    StrAppend(&shown, shown.empty() ? "" : ", ", title);
  }
  return shown;
}

// Fields that hold something, but for `except`: the way the record hangs on the card.
StatusOr<std::vector<CardField>> FieldsOf(const Reader& reader, const TypeRuntime& type, const RowView& row,
                                          FieldId except) {
  std::vector<CardField> fields;
  for (const Field& field : type.type->fields) {
    if (field.dropped || field.id == except) continue;
    if (field.generated && field.id != kCreatedAt && field.id != kUpdatedAt)
      continue;  // base amounts: told beside
    const Cell cell = row.Get(field.id);
    if (!cell.present && (field.nullable || field.is_variable() || field.is_set() || field.is_reference()))
      continue;
    CardField shown{.name = field.name, .value = {}, .shown = {}};
    const Currency currency = field.type == ValueType::kMoney ? row.CurrencyOf(field.id) : Currency();
    RELATA_ASSIGN_OR_RETURN(shown.value, schema::FromCell(*type.type, field, cell, currency));
    if (field.is_reference()) {
      RELATA_ASSIGN_OR_RETURN(shown.shown, ShowReferences(reader, field, shown.value));
    } else {
      shown.shown = shown.value.ToString();
    }
    fields.push_back(std::move(shown));
  }
  return fields;
}

// The order on the card: by moment downwards, then by id downwards; records without a moment come last.
struct Dated {
  RecordId id;
  int64_t moment;
};

StatusOr<std::vector<Dated>> NewestFirst(const Reader& reader, const TypeRuntime& type,
                                         const std::vector<RecordId>& ids) {
  std::vector<Dated> dated;
  dated.reserve(ids.size());
  for (const RecordId id : ids) {
    int64_t moment = std::numeric_limits<int64_t>::min();
    if (type.type->moment) {
      RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(type, id));
      if (const Cell cell = row.Get(*type.type->moment); cell.present) moment = cell.AsInt();
    }
    dated.push_back({id, moment});
  }
  std::sort(dated.begin(), dated.end(), [](const Dated& a, const Dated& b) {
    return a.moment != b.moment ? a.moment > b.moment : a.id > b.id;
  });
  return dated;
}

StatusOr<CardCollection> Collect(const Reader& reader, const schema::Catalogue::Referrer& referrer,
                                 RecordRef target, size_t limit, size_t nested_limit) {
  const TypeRuntime& type = *reader.schema().Find(referrer.type->id);
  CardCollection collection{.name = referrer.field->inverse, .entity = type.type->name};
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader.FindReferrers(type, *referrer.field, target, &ids));
  collection.total = ids.size();
  RELATA_ASSIGN_OR_RETURN(const std::vector<Dated> dated, NewestFirst(reader, type, ids));
  for (size_t i = 0; i < std::min(limit, dated.size()); ++i) {
    const RecordId id = dated[i].id;
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(type, id));
    CardItem item{.id = id};
    RELATA_ASSIGN_OR_RETURN(item.title, TitleOfRow(type, id, row));
    if (type.type->moment) {
      const Field& moment = type.type->fields[*type.type->moment];
      RELATA_ASSIGN_OR_RETURN(item.moment,
                              schema::FromCell(*type.type, moment, row.Get(moment.id), Currency()));
    }
    RELATA_ASSIGN_OR_RETURN(item.fields, FieldsOf(reader, type, row, referrer.field->id));
    for (const schema::Catalogue::Referrer& part : reader.schema().ReferrersOf(type.type->id)) {
      if (part.field->on_delete != OnDelete::kCascade || nested_limit == 0 ||
          part.type->name == "external_key")
        continue;
      RELATA_ASSIGN_OR_RETURN(CardCollection nested,
                              Collect(reader, part, {type.type->id, id}, nested_limit, 0));
      if (nested.total > 0) item.nested.push_back(std::move(nested));
    }
    collection.items.push_back(std::move(item));
  }
  return collection;
}

StatusOr<std::vector<CardKey>> KeysOf(const Reader& reader, RecordRef target) {
  RELATA_ASSIGN_OR_RETURN(const Slots keys, Slots::Of(reader, "external_key"));
  RELATA_ASSIGN_OR_RETURN(const FieldId record, keys["record"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId source, keys["source"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId code, keys["code"]);
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader.FindReferrers(keys.type(), keys.type().type->fields[record], target, &ids));
  std::vector<CardKey> found;
  for (const RecordId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(keys.type(), id));
    CardKey key;
    RELATA_ASSIGN_OR_RETURN(key.source, TitleOf(reader, {keys.type().type->fields[source].targets.front(),
                                                         row.Get(source).bits}));
    for (const char c : row.Get(code).bytes)
      c == kCodeSeparator ? key.code.append(" / ") : key.code.append(1, c);
    found.push_back(std::move(key));
  }
  return found;
}

// The sum of base amounts over the relation's records of one type.
template <class Amount>
StatusOr<Money> SumOf(const Reader& reader, std::string_view entity, RecordRef relation, Amount amount) {
  RELATA_ASSIGN_OR_RETURN(const Slots slots, Slots::Of(reader, entity));
  RELATA_ASSIGN_OR_RETURN(const FieldId of, slots["relation"]);
  std::vector<RecordId> ids;
  RELATA_RETURN_IF_ERROR(reader.FindReferrers(slots.type(), slots.type().type->fields[of], relation, &ids));
  int64_t sum = 0;
  for (const RecordId id : ids) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(slots.type(), id));
    RELATA_ASSIGN_OR_RETURN(const int64_t minor, amount(slots, row));
    if (__builtin_add_overflow(sum, minor, &sum)) {
      return absl::OutOfRangeError(
          StrCat("the ", entity, " amounts of relation ", relation.id, " do not fit a sum"));
    }
  }
  return Money::Minor(sum, reader.schema().catalogue().settings().base_currency);
}

StatusOr<Money> RevenueOf(const Reader& reader, RecordRef relation, crm::Period period) {
  return SumOf(reader, "order", relation, [&](const Slots& orders, const RowView& row) -> StatusOr<int64_t> {
    RELATA_ASSIGN_OR_RETURN(const FieldId on, orders["ordered_on"]);
    RELATA_ASSIGN_OR_RETURN(const FieldId status, orders["status"]);
    RELATA_ASSIGN_OR_RETURN(const FieldId total, orders["total_base"]);
    if (!period.Contains(Date{static_cast<int32_t>(row.Get(on).AsInt())})) return 0;
    const bool cancelled =
        static_cast<crm::OrderStatus>(row.Get(status).bits) == crm::OrderStatus::kCancelled;
    return cancelled ? 0 : row.Get(total).AsInt();
  });
}

StatusOr<Money> OpenAmountOf(const Reader& reader, RecordRef relation) {
  const Currency base = reader.schema().catalogue().settings().base_currency;
  return SumOf(reader, "invoice", relation,
               [&](const Slots& invoices, const RowView& row) -> StatusOr<int64_t> {
                 RELATA_ASSIGN_OR_RETURN(const FieldId status, invoices["status"]);
                 RELATA_ASSIGN_OR_RETURN(const FieldId total, invoices["total_base"]);
                 RELATA_ASSIGN_OR_RETURN(const FieldId vat, invoices["vat_base"]);
                 RELATA_ASSIGN_OR_RETURN(const FieldId paid, invoices["paid_base"]);
                 RELATA_ASSIGN_OR_RETURN(
                     const Money open, crm::OpenAmount(static_cast<crm::InvoiceStatus>(row.Get(status).bits),
                                                       Money::Minor(row.Get(total).AsInt(), base),
                                                       Money::Minor(row.Get(vat).AsInt(), base),
                                                       Money::Minor(row.Get(paid).AsInt(), base)));
                 return open.minor;
               });
}

}  // namespace

StatusOr<std::string> TitleOf(const store::Reader& reader, RecordRef record) {
  const TypeRuntime* type = reader.schema().Find(record.type);
  if (type == nullptr) return absl::NotFoundError(StrCat("there is no entity type ", record.type));
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(*type, record.id));
  return TitleOfRow(*type, record.id, row);
}

StatusOr<RelationCard> CardOf(const store::Reader& reader, RecordId relation, const CardOptions& options) {
  RELATA_ASSIGN_OR_RETURN(const Slots relations, Slots::Of(reader, "relation"));
  RELATA_ASSIGN_OR_RETURN(const FieldId number, relations["number"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId name, relations["name"]);
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(relations.type(), relation));
  const RecordRef self{relations.type().type->id, relation};
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                          TimeZone::Load(reader.schema().catalogue().settings().time_zone));
  const Date today = zone.LocalDate(reader.now());

  RelationCard card;
  card.id = relation;
  card.number = row.Get(number).AsInt();
  card.name = std::string(row.Get(name).bytes);
  RELATA_ASSIGN_OR_RETURN(card.fields, FieldsOf(reader, relations.type(), row, name));
  RELATA_ASSIGN_OR_RETURN(const crm::RelationFacts facts,
                          FactsOf(reader, relation, today, options.lifecycle));
  card.lifecycle = crm::DeriveLifecycle(facts, today, options.lifecycle);
  RELATA_ASSIGN_OR_RETURN(card.revenue, RevenueOf(reader, self, crm::MonthsUntil(today, 12)));
  RELATA_ASSIGN_OR_RETURN(card.open_amount, OpenAmountOf(reader, self));
  RELATA_ASSIGN_OR_RETURN(card.external_keys, KeysOf(reader, self));
  for (const schema::Catalogue::Referrer& referrer : reader.schema().ReferrersOf(self.type)) {
    if (referrer.type->name == "external_key") continue;
    RELATA_ASSIGN_OR_RETURN(CardCollection collection,
                            Collect(reader, referrer, self, options.limit, options.nested_limit));
    if (collection.total > 0) card.collections.push_back(std::move(collection));
  }
  std::stable_sort(card.collections.begin(), card.collections.end(),
                   [](const CardCollection& a, const CardCollection& b) { return a.name < b.name; });
  return card;
}

}  // namespace relata::answers
