// Defines the data of the store benchmarks: relations as the sample company's generator makes them, the same
// rows to every peer.
#ifndef RELATA_BENCHMARKS_RELATIONS_H_
#define RELATA_BENCHMARKS_RELATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relata/relata.h"

namespace benchmarks {

// Five indexes: number (unique), name, city, industry and acquired_on.
struct Row {
  relata::Id<Row> id;
  int64_t number = 0;
  std::string name;
  std::string street;
  std::string postcode;
  std::string city;
  std::string phone;
  std::string email;
  std::string kvk_number;
  std::string industry;
  relata::Money credit_limit;
  relata::Date acquired_on;
};
BOOST_DESCRIBE_STRUCT(Row, (),
                      (id, number, name, street, postcode, city, phone, email, kvk_number, industry,
                       credit_limit, acquired_on))
RELATA_ENTITY(Row, "row", unique<&Row::number>, ordered<&Row::name>, ordered<&Row::city>,
              ordered<&Row::industry>, ordered<&Row::acquired_on>, currency<&Row::credit_limit>("EUR"))

// The first `count` relations; ids 1..count. Deterministic.
std::vector<Row> MakeRows(int64_t count);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_RELATIONS_H_
