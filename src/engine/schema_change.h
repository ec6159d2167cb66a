// Defines ChangeSchema, the one way a database changes its catalogue: what is defined in it, derived fields
// and segments, is carried along.
//
// Thread safety: as the store.
#ifndef RELATA_ENGINE_SCHEMA_CHANGE_H_
#define RELATA_ENGINE_SCHEMA_CHANGE_H_

#include "relata/base/status.h"
#include "src/schema/catalogue.h"
#include "src/store/store.h"

namespace relata {

Status ChangeSchema(store::Store& store, store::Store::SchemaChange change,
                    const store::Store::Progress& progress = nullptr);

}  // namespace relata

#endif  // RELATA_ENGINE_SCHEMA_CHANGE_H_
