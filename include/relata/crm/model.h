// Lists the CRM model's entity types, for whoever opens or makes a store with them.
#ifndef RELATA_CRM_MODEL_H_
#define RELATA_CRM_MODEL_H_

#include <vector>

#include "relata/export.h"
#include "relata/schema/declaration.h"

namespace relata::crm {

// Every entity type of the model, in an order that never changes: it decides the type ids in new stores, so
// new types are appended. Thread-safe; made on first use, lives as long as the program.
RELATA_EXPORT const std::vector<const EntityDeclaration*>& ModelDeclarations();

}  // namespace relata::crm

#endif  // RELATA_CRM_MODEL_H_
