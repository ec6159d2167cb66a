// Defines HasZoneFile, a quick look whether a time zone can be loaded.
//
// To load a zone takes most of a millisecond, since its rules are worked out for centuries to come; a program
// that only reads a record need not wait for that.
// Thread safety: any thread. Cost: opens one file.
#ifndef RELATA_BASE_ZONE_FILE_H_
#define RELATA_BASE_ZONE_FILE_H_

#include <string_view>

namespace relata {

// Whether the system's database has a file of this zone. False where TimeZone::Load must tell: a few zones,
// such as UTC, need no file.
bool HasZoneFile(std::string_view name);

}  // namespace relata

#endif  // RELATA_BASE_ZONE_FILE_H_
