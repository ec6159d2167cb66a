// Defines Options: how a store is made and opened.
#ifndef RELATA_STORE_OPTIONS_H_
#define RELATA_STORE_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "relata/base/clock.h"
#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/base/time.h"

namespace relata {

// What a commit has survived when it returns. A killed process loses nothing on any level; the levels differ
// when the system crashes or loses power.
enum class Durability {
  kFull,     // the commit is on disk
  kRelaxed,  // the store stays whole; the last commits may be gone
  kUnsafe,   // the store may be damaged: for scratch stores and loads that can start over
};

struct Options {
  bool create_if_missing = true;
  bool read_only = false;
  Durability durability = Durability::kFull;

  // Fixed when the store is made; ignored for a store that exists.
  std::string base_currency = "EUR";           // ISO 4217: the currency that totals are kept in
  std::string time_zone = "Europe/Amsterdam";  // of civil dates: `today()`, periods, windows
  std::string locale = "nl";                   // of collated order, where an index names none

  // Where `now` comes from. Default: the system's clock.
  std::shared_ptr<Clock> clock;

  // Units of `base` for one unit of `from` on that date. Asked when an amount in another currency is written;
  // the amount in base currency is kept beside it. Without it, such a write is refused.
  std::function<StatusOr<Decimal>(Currency from, Currency base, Date on)> exchange_rate;

  // Compare each row's checksum when it is read. Off saves some nanoseconds per row; damage then shows as
  // missing fields.
  bool verify_checksums = true;

  // Commits kept in the change log, consumers aside; 0 keeps all.
  uint64_t log_retention = 0;

  // Bytes of address space to reserve, and the most the file may take. 0: the larger of 64 GiB and four times
  // the file; no limit.
  uint64_t map_size = 0;
  uint64_t map_limit = 0;
  uint32_t max_readers = 126;  // snapshots at once, in all processes together
  uint32_t max_trees = 4096;
  absl::Duration growth_deadline = absl::Seconds(5);  // how long growth waits for this process's snapshots
  bool allow_network_file_system = false;
};

}  // namespace relata

#endif  // RELATA_STORE_OPTIONS_H_
