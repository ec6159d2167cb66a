// Defines BuildIndex, which fills an empty index from sorted entries: by appending, with full blocks, in
// transactions of bounded size.
//
//   RELATA_RETURN_IF_ERROR(sorter.Finish());
//   RELATA_RETURN_IF_ERROR(BuildIndex(tree, &sorter, {}, [&](BuildStep step, const BuildProgress& progress)
//                                         -> StatusOr<kv::WriteTransaction*> { … }));
//   return txn->Commit();
#ifndef RELATA_STORE_INDEX_BUILD_H_
#define RELATA_STORE_INDEX_BUILD_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/kv/transaction.h"
#include "src/store/index_sorter.h"
#include "src/store/index_tree.h"

namespace relata::store {

// What the caller is asked to do for the next transaction.
enum class BuildStep : uint8_t {
  kBegin,   // give a transaction, begun or already under way
  kCommit,  // the one given is complete: commit it and give another (or the same, if all has to be one)
  kGrow,  // the one given met a full map: end it, grow the map, give another; what it held is appended again
};

struct BuildProgress {
  uint64_t entries = 0;  // written, in whatever transaction
  uint64_t total = 0;
};

// A failure ends the build and is its status; so a caller can also stop it here.
using BuildTransactions = absl::FunctionRef<StatusOr<kv::WriteTransaction*>(BuildStep, const BuildProgress&)>;

struct BuildOptions {
  size_t transaction_bytes = size_t{16} << 20;  // of keys and values, after which a commit is asked for
  // Set to the two records when the build ends with AlreadyExists.
  struct Duplicate {
    RecordId first = 0;
    RecordId second = 0;
  };
  Duplicate* duplicate = nullptr;
};

// Appends all that `sorter` still has, and asks for a commit behind the last entry too: what the caller gives
// then is the caller's own, for instance to write down that the index is ready. AlreadyExists, naming both
// records, where a unique index would have two entries of one key (the least such key); what was committed by
// then stays for the caller to empty. FailedPrecondition if the tree was not empty. REQUIRES: nobody else
// writes the tree meanwhile; a finished sorter.
Status BuildIndex(const IndexTree& tree, IndexSorter* sorter, const BuildOptions& options,
                  BuildTransactions transactions);

}  // namespace relata::store

#endif  // RELATA_STORE_INDEX_BUILD_H_
