// A host's own entities, as a vendor would write them in its own header: nested struct, enum, sets,
// references in a ring, an any-reference, decimals, money of both kinds, and each type once more as
// std::optional.
#ifndef RELATA_TESTS_SCHEMA_HOST_H_
#define RELATA_TESTS_SCHEMA_HOST_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>

#include "relata/schema/declare.h"

namespace host {

struct Depot;

enum class Fuel { kDiesel, kElectric = 3, kHydrogenCell = 7 };
BOOST_DESCRIBE_ENUM(Fuel, kDiesel, kElectric, kHydrogenCell)

enum class Licence { kB, kC1, kTrailer = 63 };
BOOST_DESCRIBE_ENUM(Licence, kB, kC1, kTrailer)

struct Place {
  std::string city;
  std::optional<std::string> street;
  relata::Point position;
};
BOOST_DESCRIBE_STRUCT(Place, (), (city, street, position))

struct Truck {
  relata::Id<Truck> id;
  relata::Timestamp created_at;
  std::string plate;
  Place home;
  Fuel fuel = Fuel::kDiesel;
  relata::Set<Licence> licences;
  relata::Set<std::string> tags;
  relata::Id<Depot> depot;
  relata::Fixed<2> tonnes;
  relata::Money price;
  relata::Currency currency;
  relata::Money toll;
  bool sold = false;
  int32_t axles = 0;
  double wear = 0;
  relata::Date built;
  relata::Duration driven;
};
BOOST_DESCRIBE_STRUCT(Truck, (),
                      (id, created_at, plate, home, fuel, licences, tags, depot, tonnes, price, currency,
                       toll, sold, axles, wear, built, driven))

struct Depot {
  relata::Id<Depot> id;
  std::string name;
  std::optional<relata::Id<Truck>> flagship;
  relata::Set<relata::Id<Depot>> neighbours;
  std::optional<relata::AnyRef<Truck, Depot>> sponsor;
  std::optional<bool> open;
  std::optional<int64_t> docks;
  std::optional<double> slope;
  std::optional<relata::Money> rent;
  std::optional<relata::Date> since;
  std::optional<relata::Timestamp> seen;
  std::optional<relata::Duration> shift;
  std::optional<relata::Fixed<4>> share;
  std::optional<relata::Point> gate;
  std::optional<relata::Currency> till;
  std::optional<Fuel> pump;
  std::optional<relata::Set<Licence>> needed;
  std::optional<relata::Set<std::string>> aliases;
};
BOOST_DESCRIBE_STRUCT(Depot, (),
                      (id, name, flagship, neighbours, sponsor, open, docks, slope, rent, since, seen, shift,
                       share, gate, till, pump, needed, aliases))

RELATA_ENTITY(Truck, "truck", unique<&Truck::plate>,
              ordered<field<&Truck::home, &Place::city>, desc<&Truck::built>>,
              ordered<nulls_last<folded<field<&Truck::home, &Place::street>>>>, moment<&Truck::built>,
              inverse<&Truck::depot>("fleet", OnDelete::kCascade), currency<&Truck::toll>("EUR"),
              with<&Truck::plate>(FieldOptions{.required = true, .max_length = 8}), description("A lorry."))
RELATA_ENTITY(Depot, "depot", ordered<collated<&Depot::name>>, inverse<&Depot::flagship>("leads"),
              inverse<&Depot::sponsor>("sponsored"), currency<&Depot::rent>("EUR"))

}  // namespace host

#endif  // RELATA_TESTS_SCHEMA_HOST_H_
