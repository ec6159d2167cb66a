// relata as a query peer: the CRM model with the indexes it declares, that of the words of names among them,
// checksums on, bulk load, one snapshot held for all questions, the clock at the company's today. Type-ahead
// is Search in both its forms: what it finds comes ranked whether or not that was asked for. Employees are
// loaded besides, since relata checks that what a record refers to exists.
#include <optional>

#include "benchmarks/company_clock.h"
#include "benchmarks/expect.h"
#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"
#include "relata/engine/find.h"
#include "relata/expr/text.h"
#include "relata/query/search.h"
#include "relata/relata.h"

namespace benchmarks {
namespace {

using relata::Currency;
using relata::Date;
using relata::Id;
using relata::Money;
using relata::Timestamp;
namespace crm = relata::crm;

std::string Text(std::string_view text) { return std::string(text); }

class QueryRelata : public QueryPeer {
 public:
  explicit QueryRelata(const std::string& path, uint64_t map_size = 0)
      : path_(path),
        db_(Value(relata::Database::Open(path, {.clock = CompanyClock(), .map_size = map_size}))) {}

  std::string_view name() const override { return "relata"; }
  bool Answers(Question) const override { return true; }

  void Load(const Company& company) override {
    relata::BulkLoad load =
        Value(relata::BulkLoad::Begin(&db_, {"user", "relation", "order", "interaction"}));
    for (int64_t i = 1; i <= company.employees(); ++i) {
      Value(load.Insert(crm::User{.name = "Employee " + std::to_string(i)}));
    }
    company.ForEachRelation([&](const RelationRow& row) { Value(load.Insert(RecordOf(row))); });
    for (const OrderRow& row : company.orders()) Value(load.Insert(RecordOf(row)));
    for (const InteractionRow& row : company.interactions()) Value(load.Insert(RecordOf(row)));
    Expect(load.Finish());
  }

  // An open file is shared within a process.
  std::unique_ptr<QueryPeer> Beside() override { return std::make_unique<QueryRelata>(path_); }

  void PrepareScans() override {
    now_.emplace(Value(db_.Read()));
    scan_.emplace(now_->Find("relation")
                      .Where("industry_code = :industry and acquisition.acquired_on >= :since and "
                             "credit_limit >= :credit and "
                             "payment_term_days <= :term",
                             {{"industry", kScanIndustry},
                              {"since", Date{kScanAcquiredFrom.days}},
                              {"credit", Euros(kScanCreditFrom)},
                              {"term", kScanTermUpTo}}));
    window_.emplace(
        now_->Find("relation")
            .Where("sum(orders.total where ordered_on >= :from) > :over and max(interactions.at) < :quiet",
                   {{"from", Date{kYearFrom.days}},
                    {"over", Euros(kWindowOver)},
                    {"quiet", Timestamp{int64_t{kQuietSince.days} * 86'400'000'000}}}));
  }

  void Prepare(int64_t depth) override {
    PrepareScans();
    group_.entity = "relation";
    group_.by = {Value(relata::expr::Parse("visiting.city")), Value(relata::expr::Parse("industry_code"))};
    group_.aggregates = {
        {.aggregate = relata::query::Aggregate::kCount},
        {.aggregate = relata::query::Aggregate::kSum, .of = Value(relata::expr::Parse("credit_limit"))}};
    const relata::RecordQuery list =
        now_->Find("relation")
            .Where("credit_limit >= :credit", {{"credit", Euros(kPageCreditFrom)}})
            .OrderBy("name collate fold");
    page_.emplace(relata::RecordQuery(list).Limit(kPageSize));
    relata::query::Results above = Value(relata::RecordQuery(list).Limit(static_cast<uint64_t>(depth)).Run());
    while (above.Next()) continue;
    Expect(above.status());
    deep_page_.emplace(relata::RecordQuery(list).Limit(kPageSize).After(Value(above.NextCursor())));
  }

  Ids Scan() override { return IdsOf(*scan_); }
  Ids Window() override { return IdsOf(*window_); }
  Ids Page(bool deep) override { return IdsOf(deep ? *deep_page_ : *page_); }

  std::vector<GroupRow> Group() override {
    const relata::query::Groups groups = Value(relata::query::Group(now_->source(), group_));
    std::vector<GroupRow> rows;
    rows.reserve(groups.rows.size());
    for (const std::vector<relata::Value>& row : groups.rows) {
      rows.push_back({*row[0].As<std::string>(), *row[1].As<std::string>(), *row[2].As<int64_t>(),
                      row[3].As<Money>()->minor});
    }
    return rows;
  }

  std::vector<ClassRow> Pyramid() override {
    relata::answers::PyramidOptions options;
    options.period = {Date{kYearFrom.days}, Date{kYearTo.days}};
    const relata::answers::Pyramid pyramid = Value(relata::CustomerPyramid(*now_, options));
    std::vector<ClassRow> rows;
    for (const relata::answers::PyramidClass& from : pyramid.classes) {
      rows.push_back({static_cast<int64_t>(from.customers), from.total.minor, from.smallest.minor});
    }
    return rows;
  }

  Ids TypeAhead(std::string_view word, std::string_view prefix) override {
    typed_.clear();
    typed_.append(word).append(" ").append(prefix);
    return Found(typed_);
  }
  Ids RankedAhead(std::string_view prefix) override { return Found(prefix); }

  int64_t ReadOne(int64_t id) override {
    if (!now_.has_value()) now_.emplace(Value(db_.Read()));
    const auto row = Value(now_->Get(Id<crm::Relation>(static_cast<uint64_t>(id))));
    return row.Get<&crm::Relation::credit_limit>()->minor;
  }

 private:
  static crm::Relation RecordOf(const RelationRow& row) {
    crm::Relation relation;
    relation.number = row.number;
    relation.name = row.name;
    relation.legal_form = row.legal_form;
    relation.kvk_number = row.kvk_number;
    relation.vat_number = row.vat_number;
    relation.iban = row.iban;
    relation.visiting = {.street = Text(row.street),
                         .house_number = Text(row.house_number),
                         .postcode = Text(row.postcode),
                         .city = Text(row.city),
                         .country = Text(row.country)};
    relation.phone = row.phone;
    relation.email = row.email;
    relation.website = row.website;
    relation.language = row.language;
    relation.industry_code = row.industry_code;
    relation.industry = row.industry;
    relation.acquisition = {.source = Text(row.source), .acquired_on = Date{row.acquired_on}};
    relation.credit_limit = Money::Minor(row.credit_limit, Currency::Eur());
    relation.payment_term_days = row.payment_term_days;
    relation.account_manager = Id<crm::User>(static_cast<uint64_t>(row.account_manager));
    return relation;
  }
  static crm::Order RecordOf(const OrderRow& row) {
    crm::Order order;
    order.relation = Id<crm::Relation>(static_cast<uint64_t>(row.relation));
    order.user = Id<crm::User>(static_cast<uint64_t>(row.seller));
    order.status = row.cancelled != 0 ? crm::OrderStatus::kCancelled : crm::OrderStatus::kDelivered;
    order.ordered_on = Date{row.ordered_on};
    order.total = Money::Minor(row.total, Currency::Eur());
    order.vat = Money::Minor(row.vat, Currency::Eur());
    return order;
  }
  static crm::Interaction RecordOf(const InteractionRow& row) {
    crm::Interaction interaction;
    interaction.channel = static_cast<crm::Channel>(row.channel);
    interaction.direction = row.inbound != 0 ? crm::Direction::kInbound : crm::Direction::kOutbound;
    interaction.at = Timestamp{row.at * 1'000'000};
    if (row.minutes > 0) interaction.duration = relata::Duration{int64_t{row.minutes} * 60'000'000};
    interaction.relation = Id<crm::Relation>(static_cast<uint64_t>(row.relation));
    interaction.user = Id<crm::User>(static_cast<uint64_t>(row.employee));
    interaction.subject = Company::SubjectText(row.subject);
    interaction.outcome = Company::OutcomeText(row.outcome);
    return interaction;
  }

  static Money Euros(int64_t cents) { return Money::Minor(cents, Currency::Eur()); }
  static Ids IdsOf(const relata::RecordQuery& query) {
    const std::vector<relata::RecordId> ids = Value(query.Ids());
    return {ids.begin(), ids.end()};
  }
  Ids Found(std::string_view typed) const {
    const std::vector<relata::query::SearchHit> hits =
        Value(relata::query::Search(now_->store_reader(), "relation", {{"name"}}, typed, {.limit = 10}));
    Ids ids;
    ids.reserve(hits.size());
    for (const relata::query::SearchHit& hit : hits) ids.push_back(static_cast<int64_t>(hit.id));
    return ids;
  }

  std::string path_;
  relata::Database db_;
  std::optional<relata::Snapshot> now_;
  std::optional<relata::RecordQuery> scan_, window_, page_, deep_page_;
  relata::query::GroupSpec group_;
  std::string typed_;
};

}  // namespace

std::unique_ptr<QueryPeer> MakeQueryRelata(const std::string& path, uint64_t map_size) {
  return std::make_unique<QueryRelata>(path, map_size);
}

}  // namespace benchmarks
