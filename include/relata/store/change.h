// Defines Commit and Change: what the change log tells of one commit.
#ifndef RELATA_STORE_CHANGE_H_
#define RELATA_STORE_CHANGE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/time.h"
#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata {

enum class ChangeKind : uint8_t { kInsert = 1, kUpdate = 2, kDelete = 3 };

// A place in the change log. Sequences grow by one per commit; a restored store starts a new epoch.
struct LogPosition {
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  friend constexpr auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

// What happened to one record in a commit.
struct Change {
  ChangeKind kind = ChangeKind::kInsert;
  std::string type;  // the entity type's name today
  RecordId id = 0;
  // An update: the fields that changed with their values before it. A delete: every field that was set. An
  // insert logs none: its image follows from later changes and the record.
  std::vector<std::pair<std::string, Value>> former;
};

struct Commit {
  LogPosition position;
  Timestamp at;           // the transaction's `now`
  std::string principal;  // who wrote
  std::string cause;      // why: "import", "undo 17", … or empty
  std::vector<Change> changes;
};

}  // namespace relata

#endif  // RELATA_STORE_CHANGE_H_
