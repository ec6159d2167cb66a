// Explanations of the room below, for the reader that a host holds; and in words.
#include "relata/engine/segment_why.h"

#include "relata/base/strings.h"
#include "src/segment/why.h"

namespace relata {
namespace {

std::string_view WordOf(ConditionResult result) {
  switch (result) {
    case ConditionResult::kTrue:
      return "yes    ";
    case ConditionResult::kFalse:
      return "no     ";
    case ConditionResult::kUnknown:
      break;
  }
  return "unknown";
}

// Operands of short conditions say it all; what was asked need not be said twice.
void AddOperands(const ExplainedCondition& condition, std::string* out) {
  for (size_t i = 0; i < condition.operands.size(); ++i) {
    const ExplainedOperand& operand = condition.operands[i];
    StrAppend(out, i == 0 ? "    [" : ", ", operand.text, ": ",
              operand.value.is_null() ? std::string("nothing") : operand.value.ToString());
  }
  if (!condition.operands.empty()) out->append("]");
}

std::string Shown(Timestamp at, const TimeZone& zone) {
  const LocalTime local = zone.Local(at);
  if (zone.StartOfDay(local.date) == at) return local.date.ToString();
  const auto two = [](int32_t number) { return StrCat(number < 10 ? "0" : "", number); };
  return StrCat(local.date.ToString(), " ", two(local.hour), ":", two(local.minute));
}

}  // namespace

StatusOr<Explanation> Why(const Reader& reader, std::string_view segment, RecordId id) {
  const store::Reader& inner = reader.store_reader();
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                          inner.schema().catalogue().GetSegment(segment));
  return segment::Explain(inner, *definition, id);
}

std::string Describe(const Explanation& why, const TimeZone& zone) {
  std::string text = StrCat(why.record, why.member ? " is in " : " is not in ", Quoted(why.segment), "\n");
  for (const ExplainedCondition& condition : why.conditions) {
    StrAppend(&text, "  ", WordOf(condition.result), "  ");
    text.append(2 * size_t{condition.depth}, ' ');
    text.append(condition.text);
    AddOperands(condition, &text);
    text.append("\n");
  }
  if (why.until) {
    StrAppend(&text, "will ", why.member ? "leave" : "enter", " on ", Shown(*why.until, zone),
              " unless something is written\n");
  } else if (why.horizon) {
    StrAppend(&text, why.member ? "stays" : "stays out", " unless something is written, at least until ",
              zone.LocalDate(*why.horizon).ToString(), "\n");
  }
  return text;
}

}  // namespace relata
