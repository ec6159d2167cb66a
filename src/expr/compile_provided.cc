// What the language has and rooms still to come will answer: segments, scores, consent and history. Their
// arguments are checked all the same, so that a mistake is told as one.
#include "relata/base/strings.h"
#include "src/expr/compiler.h"
#include "src/expr/words.h"

namespace relata::expr {

StatusOr<StepIndex> Compiler::Segment(const Node& node) {
  RELATA_RETURN_IF_ERROR(ConstantText(node.parts[0], "a segment's name").status());
  if (node.parts.size() > 1) {
    RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[1]));
    if (!Has(x, Base::kRecord)) return Refuse(StrCat("a segment holds records; found ", Describe(x)));
  }
  return NotYet("membership of a segment");
}

StatusOr<StepIndex> Compiler::Score(const Node& node) {
  RELATA_RETURN_IF_ERROR(ConstantText(node.parts[0], "a score's name").status());
  return NotYet("score(…)");
}

StatusOr<StepIndex> Compiler::Consent(const Node& node) {
  RELATA_RETURN_IF_ERROR(ConstantText(node.parts[0], "a purpose").status());
  RELATA_RETURN_IF_ERROR(ConstantText(node.parts[1], "a channel").status());
  return NotYet("consent(…)");
}

StatusOr<StepIndex> Compiler::History(const Node& node) {
  const std::string_view word = WordOf(node.function()).name;
  RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[0]));
  if (step(x).op != Op::kField || step(x).scope != 0) {
    return Refuse(StrCat(word, "(…) asks a field of the record itself"));
  }
  const Field& field = Innermost().type->fields[step(x).slot];
  if (!field.options.history) {
    return Refuse(StrCat("'", field.name, "' of ", Innermost().type->name,
                         " keeps no former values: declare it with history"));
  }
  if (node.function() == Function::kChanged) {
    RELATA_RETURN_IF_ERROR(WindowBack(node.parts[1]).status());
  } else {
    RELATA_ASSIGN_OR_RETURN(const StepIndex value, Value(node.parts[1]));
    RELATA_RETURN_IF_ERROR(Compare(Op::kEqual, x, value).status());
  }
  return NotYet(StrCat(word, "(…)"));
}

}  // namespace relata::expr
