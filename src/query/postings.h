// Defines how a search reads an index of words: Posting, the records of one word whose field has one length;
// Postings, several of them united; and Intersect, the records that are in all.
//
// Posting begins with the block that the listing found, reads it piece by piece, another block when it needs
// one, and passes over the blocks between with one look-up, so that a rare word beside a common one costs as
// much as the rare one, and a search that ends soon has not unpacked what it did not look at.
//
// Thread safety: one thread at a time, as the transaction. Lifetime: within the transaction's; a write ends
// their use. Cost: one look-up per block read but for the first.
#ifndef RELATA_QUERY_POSTINGS_H_
#define RELATA_QUERY_POSTINGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/kv/cursor.h"
#include "src/kv/transaction.h"
#include "src/store/id_block.h"

namespace relata::query {

inline constexpr RecordId kNoMore = UINT64_MAX;

// What a record found through a posting is worth, and in which of the fields searched.
struct Share {
  uint64_t score = 0;
  uint32_t field = 0;
};

// A posting as it was listed: its values key and its first block. The views are the transaction's.
struct PostingHead {
  std::string_view values;
  RecordId id = 0;
  std::string_view gaps;
  bool whole = false;  // there is no other block
};

class Posting {
 public:
  Posting(const kv::Transaction& txn, kv::Tree tree, const PostingHead& head, Share share)
      : txn_(&txn), tree_(tree), head_(head), share_(share) {}

  // Moves to the first record at or after `id`, never backwards.
  Status SeekTo(RecordId id);
  // kNoMore at the end, and before the first SeekTo.
  RecordId id() const { return position_ < count_ ? ids_[position_] : kNoMore; }
  const Share& share() const { return share_; }
  // What has been unpacked and not passed, from id() on; Pass moves behind so many of it. If that is all,
  // only SeekTo may follow.
  std::span<const RecordId> rest() const { return std::span(ids_).subspan(position_, count_ - position_); }
  void Pass(size_t count) { position_ += count; }

 private:
  // Goes on in this block; in the one that the cursor stands on. Sets `found` to whether a record at or after
  // `id` is there, and `mine` to whether the block is of these values.
  Status SeekInBlock(RecordId id, bool* found);
  Status SeekInNext(RecordId id, bool* mine, bool* found);
  // True if what is unpacked reaches as far as `id`; then stands on the first record from there.
  bool StandAt(RecordId id);
  void End();  // there is nothing any more

  const kv::Transaction* txn_;
  kv::Tree tree_;
  PostingHead head_;
  Share share_;
  std::optional<kv::Cursor> cursor_;  // on the block, from the second on
  store::BlockReader block_;
  size_t position_ = 0;
  size_t count_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::array<RecordId, store::BlockReader::kRoom> ids_ = {};  // a piece of the block
};

// The records of any of its postings.
class Postings {
 public:
  explicit Postings(size_t expected) { postings_.reserve(expected); }

  void Add(const kv::Transaction& txn, kv::Tree tree, const PostingHead& head, Share share) {
    postings_.emplace_back(txn, tree, head, share);
  }
  bool empty() const { return postings_.empty(); }
  // The only one; nullptr if there are several, or none.
  Posting* only() { return postings_.size() == 1 ? &postings_.front() : nullptr; }

  Status SeekTo(RecordId id);
  RecordId id() const { return id_; }
  // The best share of the record stood on. REQUIRES: id() is not kNoMore.
  Share Best() const;

 private:
  // A binary heap of what is left, the least id on top; unused where there is only one.
  struct Later {
    const std::vector<Posting>* postings;
    bool operator()(uint32_t a, uint32_t b) const { return (*postings)[a].id() > (*postings)[b].id(); }
  };

  std::vector<Posting> postings_;
  std::vector<uint32_t> heap_;
  RecordId id_ = kNoMore;
  bool begun_ = false;
};

// Calls `visit` with the records that all have, ids ascending, until it returns false.
Status Intersect(std::vector<Postings>* words, absl::FunctionRef<bool(RecordId id)> visit);

}  // namespace relata::query

#endif  // RELATA_QUERY_POSTINGS_H_
