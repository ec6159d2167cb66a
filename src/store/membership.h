// Defines Membership: how a room below that of live segments asks for the members of one.
//
//   if (reader.membership() == nullptr) return absl::FailedPreconditionError(…);
//   RELATA_ASSIGN_OR_RETURN(const bool member, reader.membership()->Contains(segment, id));
//
// Answers hold for the reader they were made for, at its `now`; in a transaction, with its own writes.
// Thread safety: Membership as its reader; MemberIds from any thread. Lifetime: Membership's, that of its
// owner, who outlives the reader; MemberIds live as long as they are held.
#ifndef RELATA_STORE_MEMBERSHIP_H_
#define RELATA_STORE_MEMBERSHIP_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"

namespace relata::store {

// An unchanging set of record ids of one type.
class MemberIds {
 public:
  virtual ~MemberIds() = default;
  virtual bool Contains(RecordId id) const = 0;
  virtual uint64_t size() const = 0;
  // Ascending.
  virtual void ForEach(absl::FunctionRef<void(RecordId)> visit) const = 0;
  // Bit i of words[w] tells whether first + 64 * w + i is in the set. REQUIRES: first is a multiple of 64.
  virtual void CopyMask(RecordId first, std::span<uint64_t> words) const = 0;
};

class Membership {
 public:
  virtual ~Membership() = default;
  // Whether the record, of the segment's type, is a member. NotFound for a segment that is not there.
  virtual StatusOr<bool> Contains(uint32_t segment, RecordId id) = 0;
  // All members.
  virtual StatusOr<std::shared_ptr<const MemberIds>> All(uint32_t segment) = 0;
};

}  // namespace relata::store

#endif  // RELATA_STORE_MEMBERSHIP_H_
