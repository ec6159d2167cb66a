// Defines the word lists the sample company is made of: names, places, trades, goods and what people write
// down. Lists of names and places are in order of frequency. All text is UTF-8 that Windows-1252 can hold.
//
// The lists were written for this project. Companies and people built from them are fictional: web and mail
// addresses end in .example (RFC 2606), and the bank codes of account numbers do not exist.
// Thread safety: constants.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_WORDS_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_WORDS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace sample_company {

using Words = std::span<const std::string_view>;

// People.
struct Surname {
  std::string_view particle;  // tussenvoegsel, often empty
  std::string_view name;
};
Words FemaleNames();
Words MaleNames();
std::span<const Surname> Surnames();
struct JobTitle {
  std::string_view title;
  std::string_view dmu_role;
};
std::span<const JobTitle> JobTitles();

// Places.
struct City {
  std::string_view name;
  std::string_view country;  // ISO 3166-1
  int32_t postcode_from;     // first of its postcode numbers
  int32_t postcode_count;    // how many from there
  int32_t latitude_e5;       // of its centre, degrees times 100,000
  int32_t longitude_e5;
  std::string_view area_code;  // "030"
  uint32_t weight;             // businesses here, roughly
};
std::span<const City> Cities();
Words Streets();

// Businesses.
struct Trade {
  std::string_view sbi_code;
  std::string_view sbi_text;
  std::string_view names;  // what such a business calls itself, separated by '|'
  uint32_t weight;
  std::string_view legal_form = "";  // what they all are; empty: as other businesses
};
std::span<const Trade> Trades();
Words Emblems();     // "Gouden Leeuw", as in "Restaurant De Gouden Leeuw"
Words LegalForms();  // index 0 is the most frequent
Words Tags();

// Goods and services.
struct ProductWords {
  std::string_view code;
  std::string_view name;
  std::string_view kind;  // product, part, consumable, service, module or package
  std::string_view category;
  std::string_view theme;
  std::string_view unit;
  int32_t price_cents;
  int32_t vat_percent;
  uint32_t weight;  // how often it is ordered
};
std::span<const ProductWords> ProductList();

// Language of the trade: Dutch first, then English.
struct Phrase {
  std::string_view dutch;
  std::string_view english;
};
std::span<const Phrase> Subjects();      // of interactions
std::span<const Phrase> NoteOpenings();  // first sentence of a note
std::span<const Phrase> NoteClosings();  // second sentence
std::span<const Phrase> TicketSubjects();
std::span<const Phrase> TicketDetails();
std::span<const Phrase> GoodComments();  // of surveys
std::span<const Phrase> BadComments();
std::span<const Phrase> TaskTexts();
Words ProjectNames();
struct CampaignWords {
  std::string_view name;
  std::string_view kind;  // newsletter, mailing or event
  std::string_view subject;
  int16_t year;
  int8_t month;
  int8_t day;
};
std::span<const CampaignWords> CampaignList();  // in order of time

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_WORDS_H_
