// Defines what is asked of the change log as a whole: reading commits as values, the consumers that the store
// remembers, and cutting off what nobody waits for.
//
// A consumer lies in the meta tree under "consumer" + name: epoch, sequence, hold_back (8 bytes each) and a
// checksum.
// Thread safety: as the reader or transaction.
#ifndef RELATA_STORE_CHANGE_LOG_H_
#define RELATA_STORE_CHANGE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/store/change.h"
#include "relata/store/consumer.h"
#include "src/kv/transaction.h"
#include "src/store/meta.h"
#include "src/store/reader.h"
#include "src/store/transaction.h"

namespace relata::store {

// See ReadChanges in relata/engine/change_log.h for these.
StatusOr<std::vector<Commit>> ReadCommits(const Reader& reader, LogPosition after, size_t limit);
StatusOr<Consumer> ReadConsumer(const Reader& reader, std::string_view name);
StatusOr<std::vector<Consumer>> ReadConsumers(const Reader& reader);
Status AddConsumer(Transaction* tx, std::string_view name, uint64_t hold_back);
Status MoveConsumer(Transaction* tx, std::string_view name, LogPosition position);
Status EraseConsumer(Transaction* tx, std::string_view name);

// Removes the oldest entries, some at a time, that neither `retention` nor a consumer nor the checkpoint of
// segments keeps. `state` is that of the commit under way. O(consumers + removed).
Status CutLog(kv::WriteTransaction* txn, const CoreTrees& trees, const State& state, uint64_t retention);

}  // namespace relata::store

#endif  // RELATA_STORE_CHANGE_LOG_H_
