// Passes the reading of the change log on to the store room.
#include "relata/engine/change_log.h"

#include "src/segment/upkeep.h"
#include "src/store/change_log.h"
#include "src/store/store.h"

namespace relata {

StatusOr<std::vector<Commit>> ReadChanges(const Reader& reader, LogPosition after, size_t limit) {
  return store::ReadCommits(reader.store_reader(), after, limit);
}

Status RegisterConsumer(Database* database, std::string_view name, uint64_t hold_back) {
  return database->store()->Update(
      {}, [&](store::Transaction& tx) { return store::AddConsumer(&tx, name, hold_back); });
}

Status Acknowledge(Database* database, std::string_view name, LogPosition position) {
  return database->store()->Update(
      {}, [&](store::Transaction& tx) { return store::MoveConsumer(&tx, name, position); });
}

Status DropConsumer(Database* database, std::string_view name) {
  return database->store()->Update({},
                                   [&](store::Transaction& tx) { return store::EraseConsumer(&tx, name); });
}

StatusOr<Consumer> FindConsumer(const Reader& reader, std::string_view name) {
  return store::ReadConsumer(reader.store_reader(), name);
}

StatusOr<std::vector<Consumer>> Consumers(const Reader& reader) {
  return store::ReadConsumers(reader.store_reader());
}

Status Undo(Database* database, uint64_t sequence) {
  return database->upkeep()->listeners().TellAfter(
      database->store()->Update({}, [&](store::Transaction& tx) { return tx.Undo(sequence); }));
}

}  // namespace relata
