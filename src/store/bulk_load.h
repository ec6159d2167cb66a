// Defines BulkLoad, which inserts many records fast: rows and unique indexes in transactions of bounded size,
// the other indexes afterwards, sorted and appended.
//
//   RELATA_ASSIGN_OR_RETURN(std::unique_ptr<BulkLoad> load, BulkLoad::Begin(store, {type}, {}));
//   for (…) RELATA_RETURN_IF_ERROR(load->transaction()->Insert(declaration, &entity).status()),
//   load->Inserted(); RELATA_RETURN_IF_ERROR(load->Finish());
//
// Between Begin and Finish the deferred indexes of these types are in state kBuilding: look-ups through them
// say so, and referential checks walk the rows instead. Killed in the middle, the store holds a beginning of
// the load, and the next open builds the indexes; `committed()` tells a caller that survived where to go on.
// Memory: the pages of one chunk, and the sorters' (64 MiB).
// Thread safety: one thread, the one that began it, which is the store's writer meanwhile.
#ifndef RELATA_STORE_BULK_LOAD_H_
#define RELATA_STORE_BULK_LOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "src/store/store.h"

namespace relata::store {

class BulkLoad {
 public:
  struct Options {
    uint64_t chunk_rows = 50'000;        // per commit
    Store::Progress progress = nullptr;  // of the index builds
    std::string_view principal = {};
    std::string_view cause = "bulk load";
  };

  static StatusOr<std::unique_ptr<BulkLoad>> Begin(std::shared_ptr<Store> store,
                                                   const std::vector<std::string>& types,
                                                   const Options& options);
  ~BulkLoad();  // finishes, if that was not done
  BulkLoad(const BulkLoad&) = delete;
  BulkLoad& operator=(const BulkLoad&) = delete;

  // To insert with. Changes with every chunk: ask anew for each record.
  Transaction* transaction() { return transaction_.get(); }
  // Counts a record, and commits the chunk when it is full.
  Status Inserted();
  // Commits the rest and builds the indexes.
  Status Finish();
  // Records that are surely in the store.
  uint64_t committed() const { return committed_; }

 private:
  BulkLoad(std::shared_ptr<Store> store, const Options& options)
      : store_(std::move(store)), options_(options) {}
  Status BeginChunk();
  Status CommitChunk();

  std::shared_ptr<Store> store_;
  Options options_;
  std::unique_ptr<Transaction> transaction_;
  uint64_t in_chunk_ = 0;
  uint64_t committed_ = 0;
  bool finished_ = false;
};

}  // namespace relata::store

#endif  // RELATA_STORE_BULK_LOAD_H_
