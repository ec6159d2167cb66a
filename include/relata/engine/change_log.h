// Defines the reading of the change log, consumers that resume where they were, and Undo.
//
//   RELATA_RETURN_IF_ERROR(RegisterConsumer(&db, "mail"));
//   …
//   RELATA_ASSIGN_OR_RETURN(const std::vector<Commit> news, ReadChanges(*db.Read(), position, 1'000));
//   for (const Commit& commit : news) …
//   RELATA_RETURN_IF_ERROR(Acknowledge(&db, "mail", news.back().position));
//
// Acknowledge after the work is done: a consumer killed between the two gets the same commits again.
// Thread safety: from any thread; those that take a Reader, on its thread.
#ifndef RELATA_ENGINE_CHANGE_LOG_H_
#define RELATA_ENGINE_CHANGE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/export.h"
#include "relata/store/change.h"
#include "relata/store/consumer.h"

namespace relata {

// The commits after this position, oldest first, at most `limit`; from the beginning for {epoch, 0}.
// FailedPrecondition for a position of another epoch: the store was restored since. OutOfRange where the log
// was cut past the position. O(log n + what they hold).
RELATA_EXPORT StatusOr<std::vector<Commit>> ReadChanges(const Reader& reader, LogPosition after,
                                                        size_t limit);

// Remembers a consumer, beginning after the last commit. At most `hold_back` commits are kept for it beyond
// Options::log_retention. AlreadyExists if there is one of this name.
RELATA_EXPORT Status RegisterConsumer(Database* database, std::string_view name,
                                      uint64_t hold_back = 1'000'000);
// Has it resume after this position, which may also lie before the one it had. Leaves no commit in the log.
RELATA_EXPORT Status Acknowledge(Database* database, std::string_view name, LogPosition position);
RELATA_EXPORT Status DropConsumer(Database* database, std::string_view name);
RELATA_EXPORT StatusOr<Consumer> FindConsumer(const Reader& reader, std::string_view name);
RELATA_EXPORT StatusOr<std::vector<Consumer>> Consumers(const Reader& reader);

// Takes back what a commit did, in a commit of its own with the cause "undo N": what it changed gets its
// former values, what it deleted comes back under its id, what it inserted goes. FailedPrecondition, naming
// the later commit or the record that stands in the way, where something of it was changed since or is
// referred to; OutOfRange where the log was cut past it. Nothing is changed then. O(commits since).
RELATA_EXPORT Status Undo(Database* database, uint64_t sequence);

}  // namespace relata

#endif  // RELATA_ENGINE_CHANGE_LOG_H_
