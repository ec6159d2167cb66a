// The former values of a field with history: was, changed and held.
#include <utility>

#include "relata/base/strings.h"
#include "src/expr/calendar.h"
#include "src/expr/compiler.h"
#include "src/expr/words.h"

namespace relata::expr {

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
  Step history;
  history.entity = step(x).entity;
  history.slot = step(x).slot;
  history.type = Type{Base::kBool};
  if (node.function() == Function::kChanged) {
    RELATA_ASSIGN_OR_RETURN(const Window window, WindowBack(node.parts[1]));
    history.op = Op::kChanged;
    RELATA_ASSIGN_OR_RETURN(history.args.emplace_back(), Convert(window.from, Type{Base::kTimestamp}));
    RELATA_ASSIGN_OR_RETURN(StepIndex to, Convert(window.to, Type{Base::kTimestamp}));
    if (window.until == Op::kLessEqual) {  // that moment too
      RELATA_ASSIGN_OR_RETURN(to, AddInterval(to, IntervalConstant({.micros = 1}), 1));
    }
    history.args.push_back(to);
    return Add(std::move(history));
  }
  RELATA_ASSIGN_OR_RETURN(StepIndex value, Value(node.parts[1]));
  RELATA_RETURN_IF_ERROR(Compare(Op::kEqual, x, value).status());
  // Former values are as rows hold them: the other side becomes one of them, or is none.
  const StepIndex sides[] = {x, value};
  RELATA_ASSIGN_OR_RETURN(const Type common, Common(sides));
  if (common != TypeOf(x)) {
    return Refuse(StrCat(word, "(…) takes a value that '", field.name, "' can have, ", Describe(TypeOf(x)),
                         "; found ", Describe(value)));
  }
  RELATA_ASSIGN_OR_RETURN(value, Convert(value, TypeOf(x)));
  history.args.push_back(value);
  history.op = node.function() == Function::kWas ? Op::kWas : Op::kHeld;
  if (history.op == Op::kHeld) history.type = Type{Base::kInterval};
  return Add(std::move(history));
}

}  // namespace relata::expr
