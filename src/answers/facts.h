// Defines the gathering of what derived fields depend on, for all relations at once.
#ifndef RELATA_ANSWERS_FACTS_H_
#define RELATA_ANSWERS_FACTS_H_

#include <cstdint>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/crm/derived.h"
#include "src/store/reader.h"

namespace relata::answers {

// Facts by relation id; index 0 and ids without a record have exists == false.
struct AllFacts {
  struct Entry {
    bool exists = false;
    crm::RelationFacts facts;
  };
  std::vector<Entry> by_id;
};

// What is known at the end of `on`: later orders, quotes and contacts do not count. An order is paid if one
// of its invoices is, or has a payment; where the relation's source records no payments, `rule` decides.
// O(rows of relations, orders, invoices, payments, quotes, interactions and tickets).
StatusOr<AllFacts> GatherFacts(const store::Reader& reader, Date on, const crm::LifecycleRule& rule);

// The same for one relation, by way of its references. NotFound if there is none. O(what is attached * log
// n).
StatusOr<crm::RelationFacts> FactsOf(const store::Reader& reader, RecordId relation, Date on,
                                     const crm::LifecycleRule& rule);

}  // namespace relata::answers

#endif  // RELATA_ANSWERS_FACTS_H_
