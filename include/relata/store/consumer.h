// Defines Consumer, a named reader of the change log that the store remembers.
#ifndef RELATA_STORE_CONSUMER_H_
#define RELATA_STORE_CONSUMER_H_

#include <cstdint>
#include <string>

#include "relata/store/change.h"

namespace relata {

struct Consumer {
  std::string name;
  LogPosition position;    // what it has acknowledged
  uint64_t hold_back = 0;  // commits that are kept for it, at most, beyond Options::log_retention
  uint64_t unread = 0;     // commits after its position
  // Part of what it has not read is gone: a restore began a new epoch, or it lagged further than hold_back.
  // It has to take the records as they are, and acknowledge the present position.
  bool lost = false;
};

}  // namespace relata

#endif  // RELATA_STORE_CONSUMER_H_
