// What more than fields and related records tell: membership of segments, consent as the CRM model keeps it,
// and scores, which a room still to come will answer. Arguments are checked all the same, so that a mistake
// is told as one.
#include <algorithm>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/expr/compiler.h"
#include "src/expr/literal.h"

namespace relata::expr {

StatusOr<StepIndex> Compiler::Segment(const Node& node) {
  const Expr& named = node.parts[0];
  RELATA_ASSIGN_OR_RETURN(const std::string_view name, ConstantText(named, "a segment's name"));
  const StatusOr<const SegmentDefinition*> segment = schema().catalogue().GetSegment(name);
  if (!segment.ok()) return Refuse(ToStd(segment.status().message()));
  const EntityType& members = *schema().Find((*segment)->entity)->type;
  Step step;
  step.op = Op::kInSegment;
  step.type = Type{Base::kBool};
  step.entity = members.id;
  step.constant = Datum::OfBits((*segment)->id);
  if (node.parts.size() == 1) {
    const EntityType& type = *Innermost().type;
    if (type.id != members.id) {
      return Refuse(StrCat("the segment ", Quoted(name), " holds records of ", members.name, ", not of ",
                           type.name, "; say which one, as in: ", members.name, " in segment …"));
    }
    const Owner owner = OwnerOf(Innermost());
    step.scope = owner.scope;
    if (owner.record != kNone) step.args.push_back(owner.record);
  } else {
    RELATA_ASSIGN_OR_RETURN(const StepIndex x, Value(node.parts[1]));
    if (!Has(x, Base::kRecord)) return Refuse(StrCat("a segment holds records; found ", Describe(x)));
    const EntityTypeId target = TypeOf(x).target;
    if (target != 0 && target != members.id) {
      return Refuse(
          StrCat("the segment ", Quoted(name), " holds records of ", members.name, "; found ", Describe(x)));
    }
    step.args.push_back(x);
  }
  if (named->position != kNoPosition && inlined_.empty()) {  // those of an inlined text are its own
    program_.segment_names_.push_back({named->position, (*segment)->id});
  }
  return Add(std::move(step));
}

StatusOr<StepIndex> Compiler::Score(const Node& node) {
  RELATA_RETURN_IF_ERROR(ConstantText(node.parts[0], "a score's name").status());
  return NotYet("score(…)");
}

// Whether a consent, or another legal basis, for the purpose and channel is in force.
StatusOr<StepIndex> Compiler::Consent(const Node& node) {
  RELATA_ASSIGN_OR_RETURN(const std::string_view purpose, ConstantText(node.parts[0], "a purpose"));
  RELATA_ASSIGN_OR_RETURN(const std::string_view channel, ConstantText(node.parts[1], "a channel"));
  const EntityType& type = *Innermost().type;
  const schema::Catalogue::Referrer* consents = CollectionAt(type, "consents");
  const EntityType* consent = schema().catalogue().Find("consent");
  if (consents == nullptr || consent == nullptr || consents->type->id != consent->id) {
    return Refuse(StrCat("consent(…) asks a person or relation; ", type.name, " has no consents"));
  }
  if (const Field* channels = consent->FindField("channel");
      channels != nullptr && channels->FindLabel(channel) == nullptr) {
    std::vector<std::string_view> names;
    for (const Label& label : channels->labels) names.push_back(label.name);
    return Refuse(StrCat("unknown channel ", Quoted(channel), DidYouMean(channel, names)));
  }
  const std::string expression =
      StrCat("exists(consents where purpose = ", QuoteText(purpose),
             " and (channel is null or channel = ", QuoteText(channel),
             ") and given_at <= now() and (withdrawn_at is null or withdrawn_at > now()))");
  return Inline({type.name, "consent", expression, {}}, type, OwnerOf(Innermost()));
}

}  // namespace relata::expr
