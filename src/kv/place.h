// Defines how a new file appears under its name whole: it is written as a draft beside it, synced, and moved
// there.
#ifndef RELATA_KV_PLACE_H_
#define RELATA_KV_PLACE_H_

#include <string>

#include "relata/base/status.h"

namespace relata::kv {

// The folder of a path: "." where it names none.
std::string FolderOf(const std::string& path);

// A name beside `path` that no other process or thread takes.
std::string DraftName(const std::string& path);

// Gives the synced draft its name and makes that durable. AlreadyExists if something has the name; it stays
// as it is. The draft is gone afterwards, whatever the status.
Status MoveIntoPlace(const std::string& draft, const std::string& path);

}  // namespace relata::kv

#endif  // RELATA_KV_PLACE_H_
