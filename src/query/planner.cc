// Weighs the ways a query can take.
#include "src/query/planner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "src/column/scan.h"
#include "src/expr/op_traits.h"
#include "src/query/semi_join.h"

namespace relata::query {

namespace {

using expr::Op;
using expr::StepIndex;

constexpr double kLookUp = 0.6;       // a row by its id, and its conditions
constexpr double kWalkOver = 0.25;    // a row in a scan, and its conditions
constexpr double kSeek = 1.0;         // a key of an index
constexpr double kReadId = 0.015;     // an id from an index into a set
constexpr double kAskMember = 0.03;   // whether an id is in the set of a segment
constexpr double kColumnRow = 0.004;  // a record in a scan of columns
constexpr double kSortKey = 0.3;      // making and sorting a key
constexpr double kFewRows = 1'000;    // of a type for which columns are not worth making
constexpr double kUnknown = 1.0 / 3;

// How much work a condition is on a row, roughly: related records above all.
int EffortOf(const expr::Program& program, StepIndex index) {
  const expr::Step& step = program.step(index);
  int effort = expr::IsAggregate(step.op) ? 200 : 1;
  switch (step.op) {
    case Op::kFieldOf:
      effort = 10;
      break;
    case Op::kMatches:
    case Op::kSimilar:
    case Op::kFold:
    case Op::kILike:
    case Op::kSearch:
      effort = 20;
      break;
    case Op::kDescendantOf:
    case Op::kAncestorOf:
      effort = 200;
      break;
    case Op::kTop:
    case Op::kPercentile:
      effort = 10'000;
      break;
    default:
      break;
  }
  for (const StepIndex arg : step.args) effort = std::min(effort + EffortOf(program, arg), 1'000'000);
  return effort;
}

std::vector<StepIndex> ResidualOf(const Prepared& query, const std::vector<StepIndex>& exact) {
  std::vector<std::pair<int, StepIndex>> left;
  for (const StepIndex conjunct : query.conjuncts) {
    if (std::find(exact.begin(), exact.end(), conjunct) != exact.end()) continue;
    left.emplace_back(EffortOf(*query.where, conjunct), conjunct);
  }
  std::stable_sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<StepIndex> residual;
  for (const auto& [effort, conjunct] : left) residual.push_back(conjunct);
  return residual;
}

// What it costs to have the ids. Those of an index are read, those of a segment that narrows others only
// asked for.
double CostOfIds(const Access& access) {
  if (access.join != nullptr) {
    const bool referred = access.join->way == SemiJoin::Way::kToReferred;
    const double others = access.join->access.rows;
    return CostOfIds(access.join->access) + others * (referred ? kLookUp : kSeek) + access.rows * kReadId;
  }
  if (access.inputs.empty()) return access.rows * kReadId;
  double cost = 0;
  for (size_t i = 0; i < access.inputs.size(); ++i) {
    const bool asked = access.step == Step::kIndexAnd && i > 0 && access.inputs[i].step == Step::kSegment;
    cost += asked ? access.inputs.front().rows * kAskMember : CostOfIds(access.inputs[i]);
  }
  return cost;
}

PlanNode NodeOf(const Access& access) {
  PlanNode node{.step = access.step, .detail = access.detail, .estimated_rows = access.rows};
  if (access.join != nullptr) node.inputs.push_back(NodeOf(access.join->access));
  for (const Access& input : access.inputs) node.inputs.push_back(NodeOf(input));
  return node;
}

// The access that costs least, intersected with others while reading their ids costs less than the
// rows it saves. Nothing if there is only what to take away.
std::optional<Access> Intersect(std::vector<Access> accesses, double total, bool allowed) {
  const auto cost_of = [](const Access& access) { return CostOfIds(access) + access.rows * kLookUp; };
  std::sort(accesses.begin(), accesses.end(), [&](const Access& a, const Access& b) {
    if (a.all_but != b.all_but) return b.all_but;
    const double cost_a = cost_of(a), cost_b = cost_of(b);
    if (cost_a != cost_b) return cost_a < cost_b;
    return a.exact.size() > b.exact.size();
  });
  if (accesses.front().all_but) return std::nullopt;
  Access result = std::move(accesses.front());
  if (!allowed || result.step == Step::kUnique) return result;
  absl::flat_hash_set<StepIndex> covered(result.covered.begin(), result.covered.end());
  double rows = result.rows;
  std::vector<Access> others;
  for (size_t i = 1; i < accesses.size(); ++i) {
    Access& other = accesses[i];
    const bool news = std::any_of(other.covered.begin(), other.covered.end(),
                                  [&](StepIndex conjunct) { return !covered.contains(conjunct); });
    const double share = total > 0 ? std::min(1.0, other.rows / total) : 1;
    const double cost = other.step == Step::kSegment ? rows * kAskMember : CostOfIds(other) + rows * kReadId;
    if (!news || cost > rows * (1 - share) * kLookUp) continue;
    covered.insert(other.covered.begin(), other.covered.end());
    rows *= share;
    others.push_back(std::move(other));
  }
  if (others.empty()) return result;
  Access both;
  both.step = Step::kIndexAnd;
  both.rows = rows;
  both.inputs.push_back(std::move(result));
  for (Access& other : others) both.inputs.push_back(std::move(other));
  for (const Access& input : both.inputs) {
    both.covered.insert(both.covered.end(), input.covered.begin(), input.covered.end());
    both.exact.insert(both.exact.end(), input.exact.begin(), input.exact.end());
  }
  return both;
}

// How many records meet the whole condition: what is known of each conjunct, taken to be independent.
double EstimateMatches(const Prepared& query, const std::vector<Access>& accesses, double total) {
  double share = 1;
  for (const StepIndex conjunct : query.conjuncts) {
    double own = kUnknown;
    for (const Access& access : accesses) {
      if (access.covered.size() == 1 && access.covered.front() == conjunct && total > 0) {
        own = std::min(own, access.rows / total);
      }
    }
    share *= own;
  }
  double matches = total * share;
  for (const Access& access : accesses) matches = std::min(matches, access.rows);
  return matches;
}

class Planner {
 public:
  Planner(const Prepared& query, Purpose purpose) : query_(query), purpose_(purpose) {}

  StatusOr<WayToGo> Plan(expr::RowEvaluator* evaluator) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t rows, query_.reader->CountRows(*query_.type));
    total_ = static_cast<double>(rows);
    IndexView view;
    std::vector<Access> accesses;
    if (query_.where) {
      Constants constants(*query_.where, evaluator);
      RELATA_ASSIGN_OR_RETURN(view, ViewOf(query_, query_.conjuncts, &constants));
      if (view.never) return Nothing();
      RELATA_ASSIGN_OR_RETURN(accesses, FindAccesses(query_, &view));
    }
    matches_ = EstimateMatches(query_, accesses, total_);
    by_id_ = purpose_ != Purpose::kRecords ||
             std::all_of(query_.order.begin(), query_.order.end(),
                         [&](const OrderColumn& term) { return IsFixed(term, view); });

    WayToGo best = Scan();
    double least = CostOfScan();
    if (ColumnsServe()) {
      best = ColumnScan();
      least = std::min(least, CostOfColumns());
    }
    if (!accesses.empty()) {
      std::optional<Access> access = Intersect(std::move(accesses), total_, query_.strategies.index_and);
      if (const double cost = access ? CostOf(*access) : least; cost < least) {
        best = Through(*std::move(access));
        least = cost;
      }
    }
    if (!by_id_ && query_.strategies.index_range) {
      RELATA_ASSIGN_OR_RETURN(std::vector<Walk> walks, FindWalks(query_, view, total_));
      for (Walk& walk : walks) {
        const double cost = CostOf(walk);
        if (cost >= least) continue;
        best = Along(std::move(walk));
        least = cost;
      }
    }
    Describe(&best);
    best.tests = std::move(view.tests);
    best.segments = std::move(view.segments);
    return best;
  }

 private:
  // The rows looked at of `rows` candidates until the limit is reached.
  double Touched(double rows) const {
    if (!query_.limit) return rows;
    const double share = rows > 0 ? std::max(matches_, 0.5) / rows : 1;
    return std::min(rows, static_cast<double>(*query_.limit) / std::min(1.0, share) + 1);
  }
  // Sorting what was found, where it has to be.
  double CostOfOrder() const { return by_id_ ? 0 : matches_ * kSortKey; }
  double CostOfScan() const { return (by_id_ ? Touched(total_) : total_) * kWalkOver + CostOfOrder(); }
  double CostOf(const Access& access) const {
    const bool rows_needed = purpose_ != Purpose::kCount || !ResidualOf(query_, access.exact).empty();
    const double rows = by_id_ ? Touched(access.rows) : access.rows;
    const double ids = access.ascending ? rows * kReadId : CostOfIds(access);  // one key is read as it goes
    return ids + (rows_needed ? rows * kLookUp : 0) + CostOfOrder();
  }

  double Touched(const Walk& walk) const { return std::min(walk.rows, Touched(walk.rows) + walk.group_rows); }
  double CostOf(const Walk& walk) const {
    return Touched(walk) * (walk.grouped > 0 ? kLookUp + kSortKey : kLookUp);
  }

  // A scan of columns answers the whole condition.
  bool ColumnsServe() const {
    return query_.where && query_.strategies.column_scan && query_.snapshot != nullptr &&
           query_.columns != nullptr && total_ >= kFewRows && CostOfColumns() < CostOfScan() &&
           column::Scan::Supports(*query_.where);
  }
  double CostOfColumns() const {
    const bool rows_needed = purpose_ != Purpose::kCount;
    return total_ * kColumnRow + (rows_needed ? (by_id_ ? Touched(matches_) : matches_) * kLookUp : 0) +
           CostOfOrder();
  }

  WayToGo::Order OrderOf() const {
    if (by_id_) return WayToGo::Order::kAsFound;
    return query_.limit && query_.strategies.top_k ? WayToGo::Order::kTop : WayToGo::Order::kSort;
  }

  WayToGo Nothing() {
    WayToGo way;
    way.from = WayToGo::From::kNothing;
    way.root = {.step = Step::kNothing, .detail = "the condition compares with null"};
    return way;
  }

  WayToGo Scan() {
    WayToGo way;
    way.order = OrderOf();
    way.residual = ResidualOf(query_, {});
    way.root = {.step = Step::kRowScan, .detail = query_.type->type->name, .estimated_rows = total_};
    return way;
  }

  WayToGo ColumnScan() {
    WayToGo way;
    way.from = WayToGo::From::kColumns;
    way.order = OrderOf();
    way.root = {.step = Step::kColumnScan, .detail = query_.where_text, .estimated_rows = matches_};
    return way;
  }

  WayToGo Through(Access access) {
    WayToGo way;
    way.from = WayToGo::From::kAccess;
    way.order = OrderOf();
    way.residual = ResidualOf(query_, access.exact);
    way.root = NodeOf(access);
    way.access = std::move(access);
    return way;
  }

  WayToGo Along(Walk walk) {
    WayToGo way;
    way.from = WayToGo::From::kWalk;
    way.residual = ResidualOf(query_, walk.exact);
    way.root = {.step = walk.grouped > 0 ? Step::kGroupedWalk : Step::kOrderedWalk,
                .detail = walk.detail,
                .estimated_rows = Touched(walk)};
    way.walk = std::move(walk);
    return way;
  }

  // Puts what is done with the candidates on top of where they come from.
  void Describe(WayToGo* way) const {
    const auto add = [&](Step step, std::string detail, double rows) {
      PlanNode above{.step = step, .detail = std::move(detail), .estimated_rows = rows};
      above.inputs.push_back(std::move(way->root));
      way->root = std::move(above);
    };
    double rows = matches_;
    if (!way->residual.empty()) {
      const bool all = way->residual.size() == query_.conjuncts.size();
      add(Step::kFilter,
          all ? query_.where_text
              : StrCat(way->residual.size(), " of the ", query_.conjuncts.size(), " conditions of ",
                       query_.where_text),
          rows);
    }
    if (purpose_ != Purpose::kRecords) return;
    const double limit =
        query_.limit ? static_cast<double>(*query_.limit) : std::numeric_limits<double>::infinity();
    std::string order;
    for (const OrderColumn& term : query_.order) {
      StrAppend(&order, order.empty() ? "" : ", ", term.column.text, term.code.descending() ? " desc" : "");
    }
    if (way->order == WayToGo::Order::kTop)
      add(Step::kTopK, StrCat(*query_.limit, " by ", order), std::min(rows, limit));
    if (way->order == WayToGo::Order::kSort) add(Step::kSort, order, rows);
    if (query_.limit) add(Step::kLimit, StrCat(*query_.limit), std::min(rows, limit));
  }

  const Prepared& query_;
  Purpose purpose_;
  double total_ = 0;
  double matches_ = 0;
  bool by_id_ = true;
};

}  // namespace

StatusOr<WayToGo> MakePlan(const Prepared& query, Purpose purpose, expr::RowEvaluator* evaluator) {
  return Planner(query, purpose).Plan(evaluator);
}

}  // namespace relata::query
