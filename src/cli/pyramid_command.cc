// The command pyramid.
#include <algorithm>

#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"
#include "relata/engine/answers.h"
#include "relata/engine/database.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/lifecycle_name.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/store.h"

namespace relata::cli {

namespace {

using answers::Pyramid;
using answers::PyramidClass;

constexpr size_t kInactive = static_cast<size_t>(crm::Lifecycle::kCustomer);

StatusOr<std::vector<answers::PyramidShare>> ReadShares(const std::vector<std::string>& classes) {
  std::vector<answers::PyramidShare> shares;
  for (const std::string& text : classes) {
    const size_t colon = text.rfind(':');
    const StatusOr<Decimal> percent = Decimal::Parse(
        colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1));
    const StatusOr<Decimal> points = percent.ok() ? percent->Rescale(2) : percent;
    if (colon == std::string::npos || colon == 0 || !points.ok() || points->units < 0 ||
        points->units > 10'000) {
      return absl::InvalidArgumentError(
          StrCat(Quoted(text), ": a class is name:percent, such as top:1 or large:2.5"));
    }
    shares.push_back({text.substr(0, colon), static_cast<uint32_t>(points->units)});
  }
  return shares;
}

StatusOr<answers::PyramidOptions> ReadOptions(const Database& database, const Snapshot& now,
                                              const PyramidArguments& arguments) {
  answers::PyramidOptions options;
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                          TimeZone::Load(database.store()->schema()->catalogue().settings().time_zone));
  const Date today = zone.LocalDate(now.now());
  RELATA_ASSIGN_OR_RETURN(const Date tomorrow, today.AddDays(1));
  options.period.to = arguments.to.value_or(tomorrow);
  RELATA_ASSIGN_OR_RETURN(const Date year_before, options.period.to.AddMonths(-12));
  options.period.from = arguments.from.value_or(year_before);
  if (arguments.before_from && arguments.before_to) {
    options.before = crm::Period{*arguments.before_from, *arguments.before_to};
  }
  if (arguments.margin) options.measure = answers::PyramidMeasure::kMargin;
  if (!arguments.classes.empty()) {
    RELATA_ASSIGN_OR_RETURN(options.classes, ReadShares(arguments.classes));
  }
  return options;
}

// A customer as the list of the first shows it.
struct Customer {
  std::string number;
  std::string name;
  std::string city;
};

StatusOr<Customer> CustomerOf(const Snapshot& now, RecordId id) {
  RELATA_ASSIGN_OR_RETURN(const View<crm::Relation> relation, now.Get(Id<crm::Relation>(id)));
  return Customer{.number = crm::FormatRelationNumber(relation.Get<&crm::Relation::number>()),
                  .name = std::string(relation.Get<&crm::Relation::name>()),
                  .city = std::string(relation[field<&crm::Relation::visiting, &crm::Address::city>])};
}

Json PeriodJson(const crm::Period& period) {
  return {{"from", period.from.ToString()}, {"to", period.to.ToString()}};
}

StatusOr<Json> PyramidJson(const Snapshot& now, const Pyramid& pyramid, size_t top) {
  Json classes = Json::array();
  for (const PyramidClass& one : pyramid.classes) {
    classes.push_back({{"name", one.name},
                       {"customers", one.customers},
                       {"total", ToJson(one.total)},
                       {"share", one.share},
                       {"smallest", one.customers == 0 ? Json() : ToJson(one.smallest)}});
  }
  Json others = Json::object();
  for (size_t i = 0; i < pyramid.others.size(); ++i) {
    others[std::string(kLifecycleNames[i])] = pyramid.others[i];
  }
  Json members = Json::array();
  for (size_t i = 0; i < std::min(top, pyramid.members.size()); ++i) {
    const answers::PyramidMember& member = pyramid.members[i];
    RELATA_ASSIGN_OR_RETURN(const Customer customer, CustomerOf(now, member.relation));
    members.push_back({{"rank", i + 1},
                       {"id", member.relation},
                       {"number", customer.number},
                       {"name", customer.name},
                       {"city", customer.city},
                       {"class", pyramid.classes[member.class_index].name},
                       {"amount", ToJson(Money::Minor(member.minor, pyramid.total.currency))}});
  }
  return Json{
      {"period", PeriodJson(pyramid.period)},
      {"before", PeriodJson(pyramid.before)},
      {"measure", pyramid.measure == answers::PyramidMeasure::kMargin ? "margin" : "revenue"},
      {"customers", pyramid.customers},
      {"total", ToJson(pyramid.total)},
      {"classes", std::move(classes)},
      {"without_measure", pyramid.without_measure},
      {"anonymous", {{"orders", pyramid.anonymous_orders}, {"total", ToJson(pyramid.anonymous_total)}}},
      {"others", std::move(others)},
      {"moved", pyramid.moved},
      {"members", std::move(members)}};
}

void PrintClasses(const Pyramid& pyramid, std::string_view measure) {
  const std::string code = pyramid.total.currency.code();
  Table table({{"class"},
               {"customers", Align::kRight},
               {StrCat(measure, " (", code, ")"), Align::kRight},
               {"share", Align::kRight},
               {StrCat("from (", code, ")"), Align::kRight}});
  for (const PyramidClass& one : pyramid.classes) {
    table.Add({one.name, Grouped(one.customers), GroupedAmount(one.total), Percentage(one.share),
               one.customers == 0 ? "" : GroupedAmount(one.smallest)});
  }
  table.Add({"active customers", Grouped(pyramid.customers), GroupedAmount(pyramid.total), "", ""});
  // Below the customers, nearest first. A customer by its lifecycle who brought nothing in this period stands
  // with the inactive ones only where its last purchase is that old.
  constexpr std::string_view kBelow[] = {"general relations", "suspects", "prospects", "inactive customers",
                                         "customers without "};
  for (size_t i = pyramid.others.size(); i-- > 0;) {
    const std::string name = i == kInactive ? StrCat(kBelow[i], measure) : std::string(kBelow[i]);
    if (pyramid.others[i] > 0 || i != kInactive) table.Add({name, Grouped(pyramid.others[i]), "", "", ""});
  }
  Print(table.ToString());
  if (pyramid.anonymous_orders > 0) {
    Print(StrCat("besides, ", Grouped(pyramid.anonymous_orders),
                 " orders name no customer: ", GroupedMoney(pyramid.anonymous_total), "\n"));
  }
}

void PrintMoves(const Pyramid& pyramid) {
  const size_t none = pyramid.classes.size();
  std::vector<Column> columns = {{StrCat("was \\ is")}};
  for (const PyramidClass& one : pyramid.classes) columns.push_back({one.name, Align::kRight});
  columns.push_back({"not active", Align::kRight});
  Table table(std::move(columns));
  for (size_t from = 0; from <= none; ++from) {
    std::vector<std::string> cells = {from == none ? "not active" : pyramid.classes[from].name};
    for (size_t to = 0; to <= none; ++to) {
      cells.push_back(from == none && to == none ? "" : Grouped(pyramid.moved[from][to]));
    }
    table.Add(std::move(cells));
  }
  Print(StrCat("\nsince the period before (", pyramid.before.from.ToString(), " to ",
               pyramid.before.to.ToString(), ")\n", table.ToString()));
}

Status PrintMembers(const Snapshot& now, const Pyramid& pyramid, size_t top, std::string_view measure) {
  const size_t listed = std::min(top, pyramid.members.size());
  if (listed == 0) return absl::OkStatus();
  Table table({{"", Align::kRight},
               {"number"},
               {"name"},
               {"city"},
               {"class"},
               {StrCat(measure, " (", pyramid.total.currency.code(), ")"), Align::kRight}});
  for (size_t i = 0; i < listed; ++i) {
    const answers::PyramidMember& member = pyramid.members[i];
    RELATA_ASSIGN_OR_RETURN(const Customer customer, CustomerOf(now, member.relation));
    table.Add({std::to_string(i + 1), customer.number, customer.name, customer.city,
               pyramid.classes[member.class_index].name,
               GroupedAmount(Money::Minor(member.minor, pyramid.total.currency))});
  }
  Print(StrCat("\nthe first ", listed, "\n", table.ToString()));
  return absl::OkStatus();
}

}  // namespace

StatusOr<int> RunPyramid(const PyramidArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const answers::PyramidOptions options, ReadOptions(database, now, arguments));
  RELATA_ASSIGN_OR_RETURN(const Pyramid pyramid, CustomerPyramid(now, options));
  if (arguments.json) {
    RELATA_ASSIGN_OR_RETURN(const Json json, PyramidJson(now, pyramid, arguments.top));
    PrintJson(json);
    return kDone;
  }
  const std::string_view measure = arguments.margin ? "margin" : "revenue";
  Print(StrCat("customer pyramid by ", measure, ", ", pyramid.period.from.ToString(), " to ",
               pyramid.period.to.ToString(), " (that day not included)\n\n"));
  PrintClasses(pyramid, measure);
  PrintMoves(pyramid);
  RELATA_RETURN_IF_ERROR(PrintMembers(now, pyramid, arguments.top, measure));
  return kDone;
}

}  // namespace relata::cli
