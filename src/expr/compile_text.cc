// Texts: regular expressions, folding, search and likeness.
#include <re2/re2.h>

#include <utility>

#include "relata/base/strings.h"
#include "src/expr/compiler.h"

namespace relata::expr {
namespace {

// Of one compiled expression; what is larger is refused, so that no text costs any amount of memory.
constexpr int64_t kMaxRegexBytes = int64_t{1} << 20;

}  // namespace

StatusOr<StepIndex> Compiler::Matches(StepIndex x, const Expr& pattern) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex text, ToText(x, "matches"));
  RELATA_ASSIGN_OR_RETURN(const std::string_view written, ConstantText(pattern, "a regular expression"));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxRegexBytes);
  auto regex = std::make_shared<const re2::RE2>(re2::StringPiece(written.data(), written.size()), options);
  if (!regex->ok()) {
    return Refuse(StrCat(Quoted(written), " is no regular expression of RE2: ", regex->error()));
  }
  Step step;
  step.op = Op::kMatches;
  step.type = Type{Base::kBool};
  step.args = {text};
  step.regex = std::move(regex);
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::Fold(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(const StepIndex text, ToText(x, "fold(…)"));
  return Make(Op::kFold, Type{Base::kText}, {text});
}

StatusOr<StepIndex> Compiler::Search(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(const StepIndex text, ToText(x, "search(…)"));
  RELATA_ASSIGN_OR_RETURN(const std::string_view words, ConstantText(node.parts[1], "words to search for"));
  Step step;
  step.op = Op::kSearch;
  step.type = Type{Base::kBool};
  step.args = {text};
  step.constant = Datum::OfBytes(words);
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::Similar(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(StepIndex x, Value(node.parts[0]));
  RELATA_ASSIGN_OR_RETURN(StepIndex y, Value(node.parts[1]));
  RELATA_ASSIGN_OR_RETURN(x, ToText(x, "similar(…)"));
  RELATA_ASSIGN_OR_RETURN(y, ToText(y, "similar(…)"));
  return Make(Op::kSimilar, Type{Base::kDouble}, {x, y});
}

}  // namespace relata::expr
