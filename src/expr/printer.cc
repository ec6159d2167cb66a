// Print: a tree as text that parses to the same tree.
//
// Brackets follow from strength alone: every form of expression has one, every place asks for one at least,
// and what is weaker than its place goes into brackets.
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/literal.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

// The rules of the grammar, loosest first.
enum Strength {
  kExpression,
  kConjunction,
  kNegation,
  kJudgement,
  kComparison,
  kTest,
  kSum,
  kProduct,
  kSigned,
  kValue
};

bool IsComparison(Operator op) { return op <= Operator::kGreaterEqual; }

Strength StrengthOf(Operator op) {
  if (op == Operator::kDistinct) return kJudgement;
  if (IsComparison(op)) return kComparison;
  if (op == Operator::kAdd || op == Operator::kSubtract) return kSum;
  if (op == Operator::kMultiply || op == Operator::kDivide) return kProduct;
  return kTest;
}

// Whether `not` is written inside: `x not in (…)`, `x is not null`.
bool DeniesInside(const Node& denied) {
  switch (denied.kind) {
    case Kind::kIs:
    case Kind::kBetween:
    case Kind::kInList:
      return true;
    case Kind::kSegment:
      return denied.parts.size() == 2;
    case Kind::kBinary:
      return denied.op() == Operator::kDistinct || StrengthOf(denied.op()) == kTest;
    default:
      return false;
  }
}

Strength StrengthOf(const Node& node) {
  switch (node.kind) {
    case Kind::kOr:
      return kExpression;
    case Kind::kAnd:
      return kConjunction;
    case Kind::kNot:
      return DeniesInside(*node.parts[0]) ? StrengthOf(*node.parts[0]) : kNegation;
    case Kind::kIs:
      return kJudgement;
    case Kind::kBinary:
      return StrengthOf(node.op());
    case Kind::kBetween:
    case Kind::kInList:
    case Kind::kHas:
      return kTest;
    case Kind::kSegment:
      return node.parts.size() == 2 ? kTest : kValue;
    case Kind::kTop:
      return kTest;  // its `by` would swallow a sum that follows
    case Kind::kNegate:
      return kSigned;
    case Kind::kLiteral: {
      const std::string text = PrintLiteral(node.literal());
      return text[0] == '-' ? kSigned : kValue;
    }
    default:
      return kValue;
  }
}

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  void Print(const Expr& expr, Strength least) {
    const bool brackets = StrengthOf(*expr) < least;
    if (brackets) out_ += '(';
    Bare(*expr);
    if (brackets) out_ += ')';
  }

 private:
  void Bare(const Node& node) {
    switch (node.kind) {
      case Kind::kLiteral:
        out_ += PrintLiteral(node.literal());
        return;
      case Kind::kParameter:
        StrAppend(&out_, ":", node.parameter().name);
        if (node.parameter().unit != Unit::kNone) StrAppend(&out_, " ", WordOf(node.parameter().unit).many);
        return;
      case Kind::kPath:
        Names(node.path());
        return;
      case Kind::kRelated:
        Names(node.path());
        if (node.parts.empty()) return;
        out_ += " where ";
        Print(node.parts[0], kExpression);
        return;
      case Kind::kWithin:
        out_ += "within ";
        Print(node.parts[0], kSum);
        return;
      case Kind::kPeriod:
        PeriodWords(node.period());
        return;
      case Kind::kNegate:
        Negation(node);
        return;
      case Kind::kNot:
        if (DeniesInside(*node.parts[0])) return Test(*node.parts[0], "not ");
        out_ += "not ";
        Print(node.parts[0], kNegation);
        return;
      case Kind::kAnd:
        return Separated(node.parts, 0, " and ", kNegation);
      case Kind::kOr:
        return Separated(node.parts, 0, " or ", kConjunction);
      case Kind::kCase:
        return Case(node);
      case Kind::kCall:
        StrAppend(&out_, WordOf(node.function()).name, "(");
        Separated(node.parts, 0, ", ", kExpression);
        out_ += ')';
        return;
      case Kind::kTop:
        return Top(node);
      case Kind::kSample:
        out_ += "sample(";
        Print(node.parts[0], kValue);
        out_ += " percent, ";
        Print(node.parts[1], kValue);
        out_ += ')';
        return;
      default:
        return Test(node, "");
    }
  }

  // What stands around an operator; `no` goes where `not` is written inside.
  void Test(const Node& node, std::string_view no) {
    switch (node.kind) {
      case Kind::kIs:
        Print(node.parts[0], kJudgement);
        StrAppend(&out_, " is ", no, WordOf(node.test()));
        return;
      case Kind::kBetween:
        Print(node.parts[0], kSum);
        StrAppend(&out_, " ", no, "between ");
        Print(node.parts[1], kSum);
        out_ += " and ";
        Print(node.parts[2], kSum);
        return;
      case Kind::kInList:
        Print(node.parts[0], kSum);
        StrAppend(&out_, " ", no, "in ");
        return List(node);
      case Kind::kHas:
        Print(node.parts[0], kSum);
        StrAppend(&out_, " has ", WordOf(node.set_test()), " ");
        return List(node);
      case Kind::kSegment:
        if (node.parts.size() == 2) {
          Print(node.parts[1], kSum);
          out_ += ' ';
        }
        StrAppend(&out_, no, "in segment ");
        Print(node.parts[0], kValue);
        return;
      default:
        return Binary(node, no);
    }
  }

  void Binary(const Node& node, std::string_view no) {
    const Operator op = node.op();
    const Strength strength = StrengthOf(op);
    // Left of a repeatable operator its own kind may stand bare.
    const bool repeats = strength == kSum || strength == kProduct || strength == kJudgement;
    Print(node.parts[0], repeats ? strength : static_cast<Strength>(strength + 1));
    if (op == Operator::kDistinct) {
      StrAppend(&out_, " is ", no, "distinct from ");
    } else {
      StrAppend(&out_, " ", no, WordOf(op), " ");
    }
    Print(node.parts[1], static_cast<Strength>(strength + 1));
  }

  void Negation(const Node& node) {
    const Node& operand = *node.parts[0];
    out_ += '-';
    if (operand.kind == Kind::kLiteral) {
      // Bare, the sign would become part of a number.
      out_ += '(';
      Bare(operand);
      out_ += ')';
      return;
    }
    if (operand.kind == Kind::kNegate) out_ += ' ';
    Print(node.parts[0], kSigned);
  }

  void Case(const Node& node) {
    out_ += "case";
    size_t i = 0;
    for (; i + 1 < node.parts.size(); i += 2) {
      out_ += " when ";
      Print(node.parts[i], kExpression);
      out_ += " then ";
      Print(node.parts[i + 1], kExpression);
    }
    if (i < node.parts.size()) {
      out_ += " else ";
      Print(node.parts[i], kExpression);
    }
    out_ += " end";
  }

  void Top(const Node& node) {
    out_ += "top ";
    Print(node.parts[0], kValue);
    out_ += " by ";
    Print(node.parts[1], kSum);
    if (node.parts.size() == 2) return;
    const bool several = node.parts.size() > 3;
    out_ += several ? " per (" : " per ";
    Separated(node.parts, 2, ", ", kValue);
    if (several) out_ += ')';
  }

  void List(const Node& node) {
    out_ += '(';
    Separated(node.parts, 1, ", ", kExpression);
    out_ += ')';
  }

  void Separated(const std::vector<Expr>& parts, size_t first, std::string_view separator, Strength least) {
    for (size_t i = first; i < parts.size(); ++i) {
      if (i > first) out_ += separator;
      Print(parts[i], least);
    }
  }

  void Names(const Path& path) {
    for (uint32_t i = 0; i < path.outer; ++i) out_ += "outer.";
    std::string_view dot;
    for (const std::string& name : path.names) {
      const bool plain = IsPlainWord(name) && !IsReserved(name) && name != "outer";
      StrAppend(&out_, dot, plain ? name : QuoteName(name));
      dot = ".";
    }
  }

  void PeriodWords(const Period& period) {
    out_ += period.offset < 0 ? "last " : period.offset > 0 ? "next " : "this ";
    if (period.fiscal) out_ += "fiscal ";
    out_ += WordOf(period.unit).one;
  }

  std::string out_;
};

}  // namespace

std::string Print(const Expr& expr) {
  Printer printer;
  printer.Print(expr, kExpression);
  return printer.Take();
}

}  // namespace relata::expr
