// Defines where the papers of a relation lie: its dossier's folder, and the numbers of its projects.
//
//   ProjectNumber(number, 3)                         // "100000-7-03"
//   DossierPath(number)                              // "relations/100/100000-7"
//   DossierPath(number, "100000-7-03", "contract")   //
//   "relations/100/100000-7/projects/100000-7-03/contract"
//
// Paths are relative to wherever a host keeps its files, with '/' between folders; no folder holds more than
// a thousand dossiers. Thread safety: pure functions. Cost: one string.
#ifndef RELATA_CRM_DOSSIER_H_
#define RELATA_CRM_DOSSIER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata::crm {

// The number of a relation's first, second, … project: it begins with the relation number. InvalidArgument
// for a number that is no relation number, or a `project` below 1.
RELATA_EXPORT StatusOr<std::string> ProjectNumber(int64_t relation_number, int32_t project);

// The folder of a relation's dossier, of one of its projects, of one kind of document in either. Characters
// in a project number or kind that some file system refuses are written as % and two hexadecimal digits, so
// no text leads out of the dossier. InvalidArgument for a number that is no relation number.
RELATA_EXPORT StatusOr<std::string> DossierPath(int64_t relation_number, std::string_view project_number = {},
                                                std::string_view kind = {});

}  // namespace relata::crm

#endif  // RELATA_CRM_DOSSIER_H_
