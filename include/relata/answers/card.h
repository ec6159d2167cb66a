// Defines RelationCard: one relation with everything attached, newest first, as it stands at one moment.
//
//   StatusOr<RelationCard> card = CardOf(reader, id, {});
//   for (const CardCollection& c : card->collections) std::cout << c.name << ": " << c.total << "\n";
//
// What is attached follows from the catalogue: every entity type, a host's own included, with a reference to
// the relation gives a collection under the reference's inverse name; what is deleted with an item (the lines
// of an order) nests under it.
#ifndef RELATA_ANSWERS_CARD_H_
#define RELATA_ANSWERS_CARD_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/crm/derived.h"
#include "relata/export.h"
#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata {

namespace store {
class Reader;
}

namespace answers {

struct CardOptions {
  size_t limit = 20;        // items of each collection; `total` counts all
  size_t nested_limit = 5;  // items of a collection within an item
  crm::LifecycleRule lifecycle;
};

// A field that holds something. A reference is shown by the name of what it refers to.
struct CardField {
  std::string name;
  Value value;
  std::string shown;
};

struct CardCollection;

struct CardItem {
  RecordId id = 0;
  std::string title;  // name, number or subject
  Value moment;       // date or timestamp; null where it has none
  std::vector<CardField> fields;
  std::vector<CardCollection> nested;
};

struct CardCollection {
  std::string name;    // "orders"
  std::string entity;  // "order"
  uint64_t total = 0;
  std::vector<CardItem> items;  // newest first; without a moment last, by id downwards
};

struct CardKey {
  std::string source;
  std::string code;  // the parts of a composite one joined by " / "
};

struct RelationCard {
  RecordId id = 0;
  int64_t number = 0;
  std::string name;
  crm::Lifecycle lifecycle = crm::Lifecycle::kGeneral;
  Money revenue;      // of the last twelve calendar months, today included
  Money open_amount;  // of its invoices, VAT included
  std::vector<CardField> fields;
  std::vector<CardKey> external_keys;
  std::vector<CardCollection> collections;  // those that are not empty, by name
};

// NotFound if there is no such relation. O(what is attached * log n).
RELATA_EXPORT StatusOr<RelationCard> CardOf(const store::Reader& reader, RecordId relation,
                                            const CardOptions& options);

// What a list shows of a record: its name, number or subject; "#17" where it has none of these.
RELATA_EXPORT StatusOr<std::string> TitleOf(const store::Reader& reader, RecordRef record);

}  // namespace answers
}  // namespace relata

#endif  // RELATA_ANSWERS_CARD_H_
