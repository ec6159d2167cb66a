// Defines MembersTest, the condition that a record is a member of a segment: its mask is that of the members.
//
// Thread safety: one thread. Lifetime: within the scan.
#ifndef RELATA_COLUMN_MEMBERS_H_
#define RELATA_COLUMN_MEMBERS_H_

#include <memory>
#include <string>

#include "src/column/condition.h"
#include "src/store/membership.h"

namespace relata::column {

class MembersTest : public Condition {
 public:
  // `step` asks of the frame's own record, whose type is that of the segment's members.
  MembersTest(const Frame* frame, expr::StepIndex step) : frame_(frame), step_(step) {}

  Status Filter(size_t chunk, bool wanted, Mask* mask) override;
  double cost() const override { return 0.5; }
  void Describe(int indent, std::string* out) const override;

 private:
  uint32_t segment() const;

  const Frame* frame_;
  const expr::StepIndex step_;
  std::shared_ptr<const store::MemberIds> members_;  // found at the first question
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_MEMBERS_H_
