// BuildIndex: reads the sorter a block at a time, appends it, and goes back to the last commit where the map
// was full.
#include "src/store/index_build.h"

#include <string>
#include <string_view>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/kv/error.h"
#include "src/store/id_block.h"
#include "src/store/id_suffix.h"
#include "src/store/index_entry.h"

namespace relata::store {
namespace {

// The next tree entry that the sorter's entries make: a full block, or of a unique index one id.
struct Block {
  std::string key;
  size_t values_bytes = 0;
  RecordId first = 0;
  GapBuffer gaps;
  size_t count = 0;

  // REQUIRES: the sorter is valid.
  void Read(bool unique, IndexSorter* sorter) {
    key = unique ? sorter->values() : sorter->key();
    values_bytes = sorter->values().size();
    first = sorter->id();
    gaps.Clear();
    count = 1;
    RecordId last = first;
    for (sorter->Next(); !unique && sorter->Valid() && count < kMaxBlockIds; sorter->Next()) {
      const RecordId id = sorter->id();
      if (sorter->values() != std::string_view(key).substr(0, values_bytes)) break;
      if (std::string_view(gaps).size() + VarintLength(id - last - 1) > kMaxBlockBytes) break;
      gaps.AppendGap(last, id);
      last = id;
      ++count;
    }
  }
  bool HasValuesOf(const IndexSorter& sorter) const { return sorter.Valid() && sorter.values() == key; }
};

}  // namespace

Status BuildIndex(const IndexTree& tree, IndexSorter* sorter, const BuildOptions& options,
                  BuildTransactions transactions) {
  BuildProgress progress{.total = sorter->size()};
  BuildProgress committed = progress;
  IndexSorter::Position start = sorter->Tell();
  kv::WriteTransaction* txn = nullptr;
  RELATA_ASSIGN_OR_RETURN(txn, transactions(BuildStep::kBegin, progress));
  Block block;
  size_t bytes = 0;
  while (true) {
    Status status;
    if (sorter->Valid()) {
      block.Read(tree.unique(), sorter);
      const std::string value =
          tree.unique() ? UniqueValue(block.first) : std::string(std::string_view(block.gaps));
      status = txn->Append(tree.tree(), block.key, value);
      progress.entries += block.count;
      bytes += block.key.size() + value.size();
      if (status.ok() && tree.unique() && block.HasValuesOf(*sorter)) {
        if (options.duplicate != nullptr) *options.duplicate = {block.first, sorter->id()};
        return absl::AlreadyExistsError(StrCat("index tree ", tree.tree().name(), ": records ", block.first,
                                               " and ", sorter->id(),
                                               " have the same values; change one of them"));
      }
    }
    RELATA_RETURN_IF_ERROR(sorter->status());
    if (status.ok() && (bytes >= options.transaction_bytes || !sorter->Valid())) {
      StatusOr<kv::WriteTransaction*> next = transactions(BuildStep::kCommit, progress);
      status = next.status();
      if (next.ok()) {
        if (!sorter->Valid()) return absl::OkStatus();
        txn = *next;
        start = sorter->Tell();
        committed = progress;
        bytes = 0;
      }
    }
    if (kv::IsMapFull(status)) {
      sorter->Seek(start);
      progress = committed;
      bytes = 0;
      RELATA_ASSIGN_OR_RETURN(txn, transactions(BuildStep::kGrow, progress));
    } else if (absl::IsInvalidArgument(status)) {
      return absl::FailedPreconditionError(StrCat(
          "index tree ", tree.tree().name(), ": it must be empty to be built; ", ToStd(status.message())));
    } else {
      RELATA_RETURN_IF_ERROR(status);
    }
  }
}

}  // namespace relata::store
