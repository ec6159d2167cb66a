// The one header a host needs: the database, its snapshots and transactions, the CRM model, and RELATA_ENTITY for types
// of its own.
#ifndef RELATA_RELATA_H_
#define RELATA_RELATA_H_

#include "relata/crm/crm.h"
#include "relata/engine/answers.h"
#include "relata/engine/audience.h"
#include "relata/engine/bulk_load.h"
#include "relata/engine/database.h"
#include "relata/engine/find.h"
#include "relata/engine/search.h"
#include "relata/engine/segment_events.h"
#include "relata/engine/segment_listener.h"
#include "relata/engine/segment_sets.h"
#include "relata/engine/segment_why.h"
#include "relata/engine/segments.h"

#endif  // RELATA_RELATA_H_
