// Defines Address, a group of fields within other entities: a relation's visiting.city, an order's
// delivery.postcode. It is no entity of its own.
#ifndef RELATA_CRM_ADDRESS_H_
#define RELATA_CRM_ADDRESS_H_

#include <boost/describe/class.hpp>
#include <string>

namespace relata::crm {

// Every line may be empty. What a file does not separate stays together in `street`.
struct Address {
  std::string street;        // straat; also a post-office box ("Postbus 12")
  std::string house_number;  // huisnummer, with its addition (toevoeging): "12", "12-A", "12 bis"
  std::string postcode;      // as the country writes it: "3511 AB", "EC1 4SD"
  std::string city;          // plaats
  std::string region;        // provincie, state or county
  std::string country;       // ISO 3166-1 alpha-2 ("NL") where known, else the name as given

  friend bool operator==(const Address&, const Address&) = default;
};
BOOST_DESCRIBE_STRUCT(Address, (), (street, house_number, postcode, city, region, country))

}  // namespace relata::crm

#endif  // RELATA_CRM_ADDRESS_H_
