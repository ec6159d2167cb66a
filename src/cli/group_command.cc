// The commands count and group.
#include <algorithm>
#include <array>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/order_text.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/query_arguments.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {

namespace {

using query::Aggregate;

constexpr std::array<std::pair<std::string_view, Aggregate>, 6> kAggregates = {{
    {"count", Aggregate::kCount},
    {"distinct", Aggregate::kCountDistinct},
    {"sum", Aggregate::kSum},
    {"avg", Aggregate::kAvg},
    {"min", Aggregate::kMin},
    {"max", Aggregate::kMax},
}};

// Longer ones before what they begin with.
constexpr std::array<std::pair<std::string_view, expr::Operator>, 6> kComparisons = {{
    {"<>", expr::Operator::kNotEqual},
    {"<=", expr::Operator::kLessEqual},
    {">=", expr::Operator::kGreaterEqual},
    {"=", expr::Operator::kEqual},
    {"<", expr::Operator::kLess},
    {">", expr::Operator::kGreater},
}};

// The columns of the answer by the titles that the command line gave them.
class Titles {
 public:
  void Add(std::string title) { titles_.push_back(std::move(title)); }
  const std::vector<std::string>& all() const { return titles_; }

  StatusOr<size_t> Find(std::string_view title) const {
    const auto found = std::find(titles_.begin(), titles_.end(), title);
    if (found != titles_.end()) return static_cast<size_t>(found - titles_.begin());
    std::string names;
    for (const std::string& name : titles_) StrAppend(&names, names.empty() ? "" : ", ", name);
    return absl::InvalidArgumentError(StrCat("there is no column ", Quoted(title), "; there are: ", names));
  }

 private:
  std::vector<std::string> titles_;
};

Status AddAggregate(std::string_view text, query::GroupSpec* spec, Titles* titles) {
  const size_t blank = std::min(text.find(' '), text.size());
  const std::string_view name = text.substr(0, blank);
  const std::string_view of = Trimmed(text.substr(blank));
  const auto found = std::find_if(kAggregates.begin(), kAggregates.end(),
                                  [&](const auto& known) { return known.first == name; });
  query::AggregateTerm term;
  term.aggregate = found->second;
  if (!of.empty()) {
    RELATA_ASSIGN_OR_RETURN(term.of, expr::Parse(of));
  }
  titles->Add(of.empty() ? std::string(name) : StrCat(name, "(", of, ")"));
  spec->aggregates.push_back(std::move(term));
  return absl::OkStatus();
}

Status AddOrder(std::string_view text, const Titles& titles, query::GroupSpec* spec) {
  for (std::string_view piece : query::SplitAtCommas(text)) {
    query::GroupOrder order;
    if (piece.ends_with(" desc")) {
      order.descending = true;
      piece = Trimmed(piece.substr(0, piece.size() - 5));
    }
    RELATA_ASSIGN_OR_RETURN(order.column, titles.Find(piece));
    spec->order.push_back(order);
  }
  return absl::OkStatus();
}

Status AddHaving(std::string_view text, const Titles& titles, query::GroupSpec* spec) {
  if (text.empty()) return absl::OkStatus();
  for (const auto& [sign, comparison] : kComparisons) {
    const size_t at = text.rfind(sign);
    if (at == std::string_view::npos) continue;
    query::Having having;
    having.comparison = comparison;
    RELATA_ASSIGN_OR_RETURN(having.column, titles.Find(Trimmed(text.substr(0, at))));
    RELATA_ASSIGN_OR_RETURN(having.value, LiteralValue(Trimmed(text.substr(at + sign.size()))));
    spec->having.push_back(std::move(having));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      StrCat("--having ", text, ": write a column, = <> < <= > or >=, and a value, as \"count > 10\""));
}

StatusOr<int> GroupRecords(const GroupArguments& arguments, const Snapshot& now) {
  RELATA_ASSIGN_OR_RETURN(const RecordQuery records,
                          MakeQuery(now, arguments.entity, arguments.conditions, arguments.parameters));
  RELATA_RETURN_IF_ERROR(records.status());
  query::GroupSpec spec{.entity = arguments.entity};
  spec.where = records.spec().where;
  spec.where_text = records.spec().where_text;
  spec.parameters = records.spec().parameters;
  Titles titles;
  for (const std::string_view key : query::SplitAtCommas(arguments.by)) {
    RELATA_ASSIGN_OR_RETURN(expr::Expr by, expr::Parse(key));
    spec.by.push_back(std::move(by));
    titles.Add(std::string(key));
  }
  for (const std::string& aggregate : arguments.aggregates) {
    RELATA_RETURN_IF_ERROR(AddAggregate(aggregate, &spec, &titles));
  }
  if (arguments.aggregates.empty()) RELATA_RETURN_IF_ERROR(AddAggregate("count", &spec, &titles));
  RELATA_RETURN_IF_ERROR(AddOrder(arguments.order, titles, &spec));
  RELATA_RETURN_IF_ERROR(AddHaving(arguments.having, titles, &spec));
  RELATA_ASSIGN_OR_RETURN(const query::Groups groups, query::Group(now.source(), spec));
  if (arguments.explain) {
    Print(arguments.json ? StrCat(groups.plan.ToJson(), "\n") : groups.plan.ToString());
    return kDone;
  }

  const size_t shown =
      arguments.limit == 0 ? groups.rows.size() : std::min<size_t>(arguments.limit, groups.rows.size());
  if (arguments.json) {
    Json list = Json::array();
    for (size_t i = 0; i < shown; ++i) {
      Json one;
      for (size_t column = 0; column < titles.all().size(); ++column) {
        one[titles.all()[column]] = ToJson(groups.rows[i][column], now.store_reader().schema().catalogue());
      }
      list.push_back(std::move(one));
    }
    PrintJson({{"entity", arguments.entity}, {"total", groups.rows.size()}, {"groups", std::move(list)}});
    return kDone;
  }
  std::vector<Column> columns;
  for (size_t column = 0; column < titles.all().size(); ++column) {
    columns.push_back({titles.all()[column],
                       groups.rows.empty() ? Align::kLeft : AlignmentOf(groups.rows.front()[column]), 40});
  }
  Table table(std::move(columns));
  for (size_t i = 0; i < shown; ++i) {
    std::vector<std::string> cells;
    for (const Value& value : groups.rows[i]) cells.push_back(Shown(value));
    table.Add(std::move(cells));
  }
  if (!table.empty()) Print(table.ToString());
  Print(shown < groups.rows.size() ? StrCat(Grouped(groups.rows.size()), " groups, the first ",
                                            Grouped(shown), " shown; --limit 0 shows all\n")
                                   : StrCat(Grouped(groups.rows.size()), " groups\n"));
  return kDone;
}

StatusOr<int> CountRecords(const FindArguments& arguments, const Snapshot& now) {
  RELATA_ASSIGN_OR_RETURN(const RecordQuery query,
                          MakeQuery(now, arguments.entity, arguments.conditions, arguments.parameters));
  RELATA_ASSIGN_OR_RETURN(const uint64_t count, query.Count());
  if (arguments.json) {
    PrintJson({{"entity", arguments.entity}, {"total", count}});
  } else {
    Print(StrCat(Grouped(count), "\n"));
  }
  return kDone;
}

// Opens the store, asks, and explains what was refused.
template <class Arguments>
StatusOr<int> Ask(const Arguments& arguments, StatusOr<int> (*ask)(const Arguments&, const Snapshot&)) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  StatusOr<int> code = ask(arguments, now);
  if (!code.ok()) return ExplainOldForm(code.status(), arguments.conditions);
  return code;
}

}  // namespace

StatusOr<int> RunCount(const FindArguments& arguments) { return Ask(arguments, &CountRecords); }
StatusOr<int> RunGroup(const GroupArguments& arguments) { return Ask(arguments, &GroupRecords); }

}  // namespace relata::cli
