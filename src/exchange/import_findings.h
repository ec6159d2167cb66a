// Defines FindMissing: what the records of a stage lack, so that it can be put right before others build on
// it.
#ifndef RELATA_EXCHANGE_IMPORT_FINDINGS_H_
#define RELATA_EXCHANGE_IMPORT_FINDINGS_H_

#include <vector>

#include "relata/base/status.h"
#include "relata/exchange/import.h"
#include "src/exchange/mapping.h"
#include "src/store/reader.h"

namespace relata::exchange {

// Looks at all records of the types that `file` makes: relations without an address, orders of nobody, … One
// pass over each of those types; order lines and the like are left out.
Status FindMissing(const store::Reader& reader, const FileSpec& file, std::vector<ImportFinding>* findings);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_IMPORT_FINDINGS_H_
