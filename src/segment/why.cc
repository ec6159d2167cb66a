// Follows the tree of the condition, not the program: people are told what they wrote.
#include "src/segment/why.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/query/datum.h"
#include "src/segment/analysis.h"
#include "src/segment/course.h"
#include "src/segment/moments.h"

namespace relata::segment {
namespace {

using expr::Expr;
using expr::Function;
using expr::Node;
using expr::Program;

constexpr size_t kMostMoments = 100'000;
constexpr int kMostInlined = 100;  // segments that use one another, one within another

class Explainer {
 public:
  Explainer(const store::Reader& reader, const TimeZone& zone, const store::TypeRuntime& type, RecordId id,
            const RowView& row)
      : reader_(reader), zone_(zone), type_(type), id_(id), row_(row) {}

  Status Follow(const Expr& tree, uint32_t depth, Explanation* into) {
    const Node& node = *tree;
    ExplainedCondition condition{.depth = depth, .text = NameOf(node)};
    condition.has_parts = !condition.text.empty();
    if (!condition.has_parts) condition.text = expr::Print(tree);
    RELATA_ASSIGN_OR_RETURN(condition.result, ResultOf(tree));
    if (!condition.has_parts) RELATA_RETURN_IF_ERROR(AddOperands(node, &condition.operands));
    const bool has_parts = condition.has_parts;
    into->conditions.push_back(std::move(condition));
    if (!has_parts) return absl::OkStatus();
    for (const Expr& part : node.parts) RELATA_RETURN_IF_ERROR(Follow(part, depth + 1, into));
    return absl::OkStatus();
  }

  // When the condition next changes, and how far was looked.
  Status LookAhead(const Expr& tree, Explanation* into) {
    RELATA_ASSIGN_OR_RETURN(const Expr whole, Inlined(tree, 0));
    RELATA_ASSIGN_OR_RETURN(const Program program,
                            expr::CompileCondition(whole, type_, reader_.shared_schema()));
    if (!program.segments().empty()) return absl::OkStatus();  // what those of others come to be
    const Analysis analysis = Analyse(program);
    if (analysis.kind == Kind::kComputed) return absl::OkStatus();
    const Timestamp now = reader_.now();
    const Timestamp horizon{now.micros + kExplainedDays * 86'400'000'000};
    into->horizon = horizon;
    if (analysis.kind == Kind::kStored) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const DueRecords due,
                            DueOf(reader_, zone_, analysis, id_, now, horizon, kMostMoments));
    if (due.too_many) {
      into->horizon.reset();
      return absl::OkStatus();
    }
    std::vector<Timestamp> moments = due.of_all;
    for (const Due& one : due.records) moments.push_back(one.at);
    if (analysis.kind == Kind::kDaily) {
      for (Timestamp at = NextLocalDate(now, zone_); at <= horizon; at = NextLocalDate(at, zone_)) {
        moments.push_back(at);
      }
    }
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    for (const Timestamp at : moments) {
      expr::RowEvaluator then(program, reader_, at);
      RELATA_ASSIGN_OR_RETURN(const bool member, then.Matches(id_, row_));
      if (member == into->member) continue;
      into->until = at;
      return absl::OkStatus();
    }
    return absl::OkStatus();
  }

 private:
  using NodeKind = expr::Kind;

  // Of a condition that is made of others; empty for one that is not.
  static std::string NameOf(const Node& node) {
    switch (node.kind) {
      case NodeKind::kAnd:
        return "and";
      case NodeKind::kOr:
        return "or";
      case NodeKind::kNot:
        return "not";
      case NodeKind::kIs:
        if (node.test() == expr::Test::kTrue) return "is true";
        if (node.test() == expr::Test::kFalse) return "is false";
        if (node.test() == expr::Test::kUnknown) return "is unknown";
        return {};
      default:
        return {};
    }
  }

  StatusOr<ConditionResult> ResultOf(const Expr& tree) const {
    RELATA_ASSIGN_OR_RETURN(const Program program,
                            expr::CompileCondition(tree, type_, reader_.shared_schema()));
    expr::RowEvaluator evaluator(program, reader_);
    RELATA_ASSIGN_OR_RETURN(const expr::Datum result, evaluator.Evaluate(id_, row_));
    if (!result.present) return ConditionResult::kUnknown;
    return result.bits != 0 ? ConditionResult::kTrue : ConditionResult::kFalse;
  }

  Status AddOperands(const Node& node, std::vector<ExplainedOperand>* operands) const {
    const auto counted = [](const Node& call) {
      return call.function() == Function::kExists || call.function() == Function::kNone ||
             call.function() == Function::kAny;
    };
    if (node.kind == NodeKind::kCall && counted(node)) {
      return AddOperand(Expr(NodeKind::kCall, Function::kCount, node.parts), operands);
    }
    const bool compares = node.kind == NodeKind::kBinary || node.kind == NodeKind::kBetween ||
                          node.kind == NodeKind::kInList || node.kind == NodeKind::kHas ||
                          node.kind == NodeKind::kIs;
    if (!compares) return absl::OkStatus();
    for (const Expr& part : node.parts) RELATA_RETURN_IF_ERROR(AddOperand(part, operands));
    return absl::OkStatus();
  }

  // What is written in the condition itself needs no telling, nor does what has no value alone.
  Status AddOperand(const Expr& part, std::vector<ExplainedOperand>* operands) const {
    if (part->kind == NodeKind::kLiteral || part->kind == NodeKind::kPeriod) return absl::OkStatus();
    const StatusOr<Program> program = expr::Compile(part, type_, reader_.shared_schema());
    if (!program.ok()) return absl::OkStatus();
    expr::RowEvaluator evaluator(*program, reader_);
    RELATA_ASSIGN_OR_RETURN(const expr::Datum datum, evaluator.Evaluate(id_, row_));
    RELATA_ASSIGN_OR_RETURN(Value value, query::ToValue(program->type(), datum));
    operands->push_back({expr::Print(part), std::move(value)});
    return absl::OkStatus();
  }

  // The tree with the conditions of the segments it asks of the record itself in their place, so that their
  // moments are seen too. They bind as they do alone: the innermost record is one of the segment's type.
  StatusOr<Expr> Inlined(const Expr& tree, int within) const {
    if (within > kMostInlined) {
      return absl::InvalidArgumentError(StrCat("more than ", kMostInlined, " segments use one another"));
    }
    if (tree->kind == NodeKind::kSegment && tree->parts.size() == 1) {
      const auto& name = std::get<std::string>(tree->parts[0]->literal());
      RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* used, reader_.schema().catalogue().GetSegment(name));
      RELATA_ASSIGN_OR_RETURN(const Expr condition, expr::Parse(used->expression, zone_));
      RELATA_ASSIGN_OR_RETURN(const Expr whole, Inlined(condition, within + 1));
      return Expr(NodeKind::kIs, expr::Test::kTrue, {whole});
    }
    std::vector<Expr> parts;
    parts.reserve(tree->parts.size());
    for (const Expr& part : tree->parts) {
      RELATA_ASSIGN_OR_RETURN(parts.emplace_back(), Inlined(part, within));
    }
    return Expr(tree->kind, tree->detail, std::move(parts));
  }

  const store::Reader& reader_;
  const TimeZone& zone_;
  const store::TypeRuntime& type_;
  const RecordId id_;
  const RowView& row_;
};

}  // namespace

StatusOr<Explanation> Explain(const store::Reader& reader, const SegmentDefinition& definition, RecordId id) {
  const store::TypeRuntime& type = *reader.schema().Find(definition.entity);
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                          TimeZone::Load(reader.schema().catalogue().settings().time_zone));
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(type, id));
  RELATA_ASSIGN_OR_RETURN(const Expr tree, expr::Parse(definition.expression, zone));
  Explanation explanation{.segment = definition.name, .record = id};
  Explainer explainer(reader, zone, type, id, row);
  RELATA_RETURN_IF_ERROR(explainer.Follow(tree, 0, &explanation));
  explanation.member = explanation.conditions.front().result == ConditionResult::kTrue;
  RELATA_RETURN_IF_ERROR(explainer.LookAhead(tree, &explanation));
  return explanation;
}

}  // namespace relata::segment
