// Defines how names of people are taken apart, shown and sorted, with their particles (tussenvoegsels).
//
//   PersonName name = SplitName("dhr. J.P. van den Berg");   // "dhr." | "J.P." | | "van den" | "Berg"
//   DisplayName(name)                                        // "dhr. J.P. van den Berg"
//   SortName(name)                                           // "Berg, J.P. van den"
//
// The Netherlands sort a name without its particle (Van den Berg under B), Belgium with it wherever it has a
// capital (Van den Berg under V). The particles known are Dutch, Flemish, German, French, Portuguese, Spanish
// and Italian. Thread safety: pure functions. Cost: O(length).
#ifndef RELATA_CRM_NAME_H_
#define RELATA_CRM_NAME_H_

#include <string>
#include <string_view>

#include "relata/crm/person.h"
#include "relata/export.h"

namespace relata::crm {

// The parts of a name, each as Person has it.
struct PersonName {
  std::string salutation;
  std::string initials;
  std::string first_name;
  std::string particle;
  std::string last_name;

  friend bool operator==(const PersonName&, const PersonName&) = default;
};

enum class ParticleRule {
  kDutch,    // a particle is one whatever its capitals, and is kept in lower case
  kBelgian,  // one with a capital belongs to the last name: "Van den Berg" is all last name
};

// Takes a whole name apart: "Jan van den Berg", "Mevr. A. d'Hondt", "Berg, Jan van den", "Veld, in 't". What
// no rule explains goes to the first name, the last word to the last name. Two family names are never taken
// apart: "Anna van der Meer-de Jong" has the last name "Meer-de Jong". A guess, as any such reading: where a
// file has the parts, use those.
RELATA_EXPORT PersonName SplitName(std::string_view full_name, ParticleRule rule = ParticleRule::kDutch);

// The particle that a last name begins with is taken off: "van den Berg" is "van den" and "Berg".
RELATA_EXPORT PersonName SplitLastName(std::string_view last_name, ParticleRule rule = ParticleRule::kDutch);

// The name in full: "Dhr. J.P. (Jan) van den Berg". Where neither initials nor first name stand before it, a
// particle has its capital, as Dutch spelling wants: "Dhr. Van den Berg".
RELATA_EXPORT std::string DisplayName(const PersonName& name);

// The name as a list sorts it: last name, then first name or else initials, then particle: "Berg, Jan van
// den".
RELATA_EXPORT std::string SortName(const PersonName& name);

RELATA_EXPORT PersonName NameOf(const Person& person);
inline std::string DisplayName(const Person& person) { return DisplayName(NameOf(person)); }
inline std::string SortName(const Person& person) { return SortName(NameOf(person)); }

}  // namespace relata::crm

#endif  // RELATA_CRM_NAME_H_
