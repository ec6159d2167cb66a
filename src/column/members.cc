// Asks the snapshot for the members once, then copies their bits.
#include "src/column/members.h"

#include "relata/base/strings.h"

namespace relata::column {

Status MembersTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (members_ == nullptr) {
    store::Membership* membership = frame_->evaluation->at().membership();
    if (membership == nullptr) {
      return absl::FailedPreconditionError(
          "this reader knows of no members of segments; open the store as a Database");
    }
    RELATA_ASSIGN_OR_RETURN(members_, membership->All(segment()));
  }
  Mask members;
  members_->CopyMask(FirstOf(chunk), members.words);
  wanted ? * mask &= members : * mask -= members;
  return absl::OkStatus();
}

void MembersTest::Describe(int indent, std::string* out) const {
  const SegmentDefinition* definition =
      frame_->evaluation->program().schema().catalogue().FindSegment(segment());
  AppendLine(indent, StrCat("members: of the segment ", Quoted(definition->name)), out);
}

uint32_t MembersTest::segment() const {
  return static_cast<uint32_t>(frame_->evaluation->step(step_).constant.bits);
}

}  // namespace relata::column
