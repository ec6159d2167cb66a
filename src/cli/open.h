// Defines how commands open the store that the command line names.
#ifndef RELATA_CLI_OPEN_H_
#define RELATA_CLI_OPEN_H_

#include <string>

#include "relata/base/status.h"
#include "relata/engine/database.h"

namespace relata::cli {

// True for a file that is there and not empty.
bool StoreExists(const std::string& path);

// An existing store. NotFound says how to make one.
StatusOr<Database> OpenToRead(const std::string& path);
StatusOr<Database> OpenToWrite(const std::string& path);

}  // namespace relata::cli

#endif  // RELATA_CLI_OPEN_H_
