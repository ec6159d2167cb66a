// Defines Dirt, the small damage that files gather over the years: spaces, spelling, odd phone numbers,
// typing errors.
//
//   Dirt dirt(seed, Dirt::kDebtors, i, options.dirt);
//   row.push_back(dirt.Name(relation.name));
//
// Switched off, every call returns its argument (a phone number in the E.164 form). Deterministic in (seed,
// file, row) and the order of the calls. Thread safety: one thread at a time.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_DIRT_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_DIRT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "examples/sample_company/random.h"

namespace sample_company {

class Dirt {
 public:
  // Which file the row belongs to. Values are part of the output: never renumber them.
  enum File : uint64_t {
    kDebtors = 1,
    kCreditors = 2,
    kContacts = 3,
    kProspects = 4,
    kLeads = 5,
    kMoments = 6
  };

  Dirt(uint64_t seed, File file, int64_t row, bool on);

  std::string Name(std::string_view text);      // spaces before, after or doubled: 4 %
  std::string City(std::string_view text);      // UPPER or lower case: 4 %
  std::string Postcode(std::string_view text);  // missing 2 %, without its space 25 %, lower case 4 %
  std::string Phone(std::string_view e164);  // eight ways of writing, an extension now and then, missing 2 %
  std::string Email(std::string_view text);  // a typing error: 1.5 %, upper case 2 %
  // The same company as somebody else would enter it. Always differs from the name; also with dirt off.
  std::string OtherSpelling(std::string_view name);

 private:
  Random random_;
  bool on_;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_DIRT_H_
