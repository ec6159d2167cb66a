// Defines MemberSet, a set of record ids that is cheap to copy and to change: copies share what neither has
// changed.
//
//   MemberSet members = state.bits;        // O(1)
//   members.Toggle(17);                    // copies the chunk of 17, and nothing else
//   MemberSet both = members.And(others);
//
// Ids lie in chunks of 65,536 neighbours, each an array or a bitmap (chunk_ids.h). A chunk remembers the
// commit that changed it last, so that a checkpoint writes only what is new.
//
// Thread safety: as a std::vector; copies of one set may be used from several threads at once, changed too.
// Cost: Contains O(log chunks), tens of nanoseconds; size O(1).
#ifndef RELATA_SEGMENT_MEMBER_SET_H_
#define RELATA_SEGMENT_MEMBER_SET_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/schema/ids.h"
#include "src/store/membership.h"

namespace relata::segment {

class MemberSet {
 public:
  // REQUIRES: ascending, each once.
  static MemberSet FromSorted(std::span<const RecordId> ids);

  bool Contains(RecordId id) const;
  uint64_t size() const;
  bool empty() const { return size() == 0; }

  // Ascending.
  void ForEach(absl::FunctionRef<void(RecordId)> visit) const { ForEach(0, kMaxRecordId + 1, visit); }
  // Those at or after `from` and before `to`.
  void ForEach(RecordId from, RecordId to, absl::FunctionRef<void(RecordId)> visit) const;
  // At most `limit` of those after `after`, ascending.
  std::vector<RecordId> Page(RecordId after, size_t limit) const;
  // Bit i of words[w] tells whether first + 64 * w + i is in the set. REQUIRES: first is a multiple of 64.
  void CopyMask(RecordId first, std::span<uint64_t> words) const;

  // Of many questions to different sets: begins to fetch what Contains and Set will look at, so that none of
  // them waits for memory alone. Never needed, worth it from a few on.
  struct Question {
    const MemberSet* set;
    RecordId id;
  };
  static void Prefetch(std::span<const Question> questions);

  // Puts a record in or takes it out; false if it was so already. `commit` is what the chunk remembers.
  bool Set(RecordId id, bool member, uint64_t commit = 0);
  void Toggle(RecordId id) { Set(id, !Contains(id)); }

  MemberSet And(const MemberSet& other) const;
  MemberSet Or(const MemberSet& other) const;
  MemberSet AndNot(const MemberSet& other) const;
  // size() of what And would give, without making it.
  uint64_t CountAnd(const MemberSet& other) const;
  friend bool operator==(const MemberSet& a, const MemberSet& b);

  // The same set as rooms below know it.
  std::shared_ptr<const store::MemberIds> Ids() const;

  // For checkpoints. Chunk numbers ascending, from `from` on, of those that a commit later than `after`
  // changed, empty ones too; the visitor returns false to stop.
  void ForEachChunk(uint64_t from, uint64_t after, absl::FunctionRef<bool(uint64_t number)> visit) const;
  // The bytes of a chunk; none if it is empty.
  std::string EncodeChunk(uint64_t number) const;
  // Sets a chunk to these bytes; false if they are damaged.
  bool DecodeChunk(uint64_t number, std::string_view bytes);

 private:
  struct Chunk;
  struct Chunks;
  Chunks* Own();  // chunks_, shared with nobody

  std::shared_ptr<Chunks> chunks_;  // nullptr while nothing was ever in it
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_MEMBER_SET_H_
