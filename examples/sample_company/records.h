// Defines the records the generator produces: one plain struct per kind, clean and complete, without any
// dirt.
//
// A record names another by its index, its place among the records of that kind (Order::relation is a
// Relation's index); -1 means none. codes.h turns an index into the code an exporting system would print.
// Amounts are euro cents. A Label is one of a fixed list; its index suits a comparison, its text a file.
// Lifetime: string views are of static text.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_RECORDS_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_RECORDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "examples/sample_company/calendar.h"

namespace sample_company {

struct Label {
  uint8_t index = 0;
  std::string_view text;
};

// Why a relation is in the books. The lifecycle (customer, inactive, prospect …) is not a field: it follows
// from orders, payments, quotes and contacts.
enum class RelationKind : uint8_t {
  kDebtor,
  kProspect,
  kSuspect,
  kGeneral,
  kSupplier,
  kPartner,
  kCompetitor
};

struct Address {
  std::string street;
  std::string number;
  std::string postcode;  // "3511 AB"; elsewhere as the country writes it
  std::string_view city;
  std::string_view country;

  bool empty() const { return street.empty(); }
};

struct Relation {
  int64_t index = 0;
  RelationKind kind = RelationKind::kGeneral;
  std::string name;
  std::string trade_name;  // often empty
  std::string_view legal_form;
  std::string kvk_number;            // shared by the establishments of one legal entity
  std::string establishment_number;  // its own
  std::string vat_number;
  std::string iban;
  Address visiting;
  Address postal;   // empty: as visiting
  Address billing;  // empty: as visiting
  std::string phone;
  std::string email;
  std::string website;
  std::string_view language;  // nl, en, de
  std::string_view sbi_code;
  std::string_view sbi_text;
  int64_t parent = -1;          // relation
  int64_t account_manager = 0;  // user
  Label acquisition_source;
  Date acquired_on;
  bool also_supplier = false;
  Label credit_status;
  int64_t credit_limit = 0;
  int32_t payment_term_days = 30;
  std::vector<std::string_view> tags;
  int32_t latitude_e7 = 0;
  int32_t longitude_e7 = 0;
};

struct Person {
  int64_t index = 0;
  int64_t relation = 0;
  int64_t second_relation = -1;
  bool female = false;
  std::string_view salutation;
  std::string initials;
  std::string_view first_name;
  std::string_view particle;
  std::string_view last_name;
  std::string_view job_title;
  std::string_view dmu_role;
  Date birth_date;  // often unknown
  std::string phone;
  std::string mobile;
  std::string email;
  std::string_view language;
  Date left_on;
};

struct User {
  int64_t index = 0;
  std::string_view first_name;
  std::string_view particle;
  std::string_view last_name;
  std::string email;
  int32_t team = 0;
  std::string_view role;
  Date left_on;
};

struct Product {
  int64_t index = 0;
  std::string_view code, name, kind, category, theme, unit;
  int64_t price = 0;
  int64_t cost = 0;
  int32_t vat_percent = 21;
};

struct Affiliation {
  std::string_view kind;
  int64_t from_relation = -1, to_relation = -1;  // either both relations
  int64_t from_person = -1, to_person = -1;      // or both persons
  Date since, until;
};

struct Order {
  int64_t index = 0;
  int64_t relation = 0;
  Moment at;     // non-decreasing in index
  Label status;  // see kOrderStatuses
  int64_t net = 0;
  int64_t vat = 0;
  int64_t seller = 0;  // user
  int64_t quote = -1;
  int32_t lines = 0;

  Date ordered_on() const { return at.date(); }
};

struct OrderLine {
  int64_t order = 0;
  int32_t line = 0;  // from 1
  int64_t product = 0;
  int32_t quantity = 0;
  int64_t unit_price = 0;
  int32_t discount_percent = 0;
  int64_t amount = 0;  // net, rounded half up
};

struct Invoice {
  int64_t order = 0;  // an invoice has its order's index
  int64_t relation = 0;
  Date invoiced_on, due_on;
  int64_t net = 0, vat = 0;
  int64_t open = 0;  // of the gross amount, at the reference date
  Date paid_on;      // when the last of it came in
  Label status;
};

struct Payment {
  int64_t invoice = 0;
  int32_t part = 1;
  int64_t relation = 0;
  Date paid_on;
  int64_t amount = 0;
  Label method;
};

struct Quote {
  int64_t index = 0;
  int64_t relation = 0;
  Date quoted_on, valid_until;
  int64_t net = 0;
  Label status;
  int64_t seller = 0;
  int64_t opportunity = -1;
  int64_t order = -1;
};

struct Opportunity {
  int64_t index = 0;
  int64_t relation = 0;
  std::string_view title;
  Label stage;
  int32_t probability_percent = 0;
  int64_t expected_revenue = 0;
  Date opened_on, expected_close_on, closed_on;
  int64_t owner = 0;
  Label source;
  int64_t competitor = -1;  // relation
  Label outcome;            // open, won, lost
  std::string_view reason;
};

struct Stage {
  std::string_view pipeline;
  std::string_view name;
  int32_t position;
  int32_t probability_percent;
};

struct Lead {
  int64_t index = 0;
  Date received_on;
  std::string name, company, email, phone;
  Label source;
  Label status;
  int64_t owner = 0;
  int64_t opportunity = -1;
  int64_t interest = 0;  // product
};

struct Interest {
  int64_t relation = 0;
  int64_t product = -1;  // or else a theme
  std::string_view theme;
  std::string_view level;
  Date since;
};

struct Interaction {
  int64_t index = 0;
  Moment at;            // non-decreasing in index
  int64_t episode = 0;  // the burst of contact it belongs to
  Label channel;
  bool inbound = false;
  int32_t minutes = 0;
  int64_t relation = 0;
  int64_t person = -1;
  int64_t second_person = -1;
  int64_t user = 0;
  std::string_view subject;
  std::string notes;
  Label outcome;
  std::string_view next_action;
};

struct Ticket {
  int64_t index = 0;
  int64_t relation = 0;
  int64_t person = -1;
  Label kind, priority, status;
  std::string_view subject;
  std::string description;  // several lines
  int64_t product = -1;
  std::string_view sla;
  Moment opened_at, first_answer_at, resolved_at;
  int64_t agent = 0;
};

struct Contract {
  int64_t relation = 0;
  int32_t number = 1;  // among the relation's own
  std::string_view kind, sla;
  int64_t product = 0;
  Date starts_on, ends_on, renewal_on;
  int32_t notice_days = 0;
  int64_t value_per_year = 0;
  Label status;
};

struct InstalledProduct {
  int64_t relation = 0;
  int64_t product = 0;
  std::string serial;
  Date since, until;
  int32_t quantity = 1;
};

struct SurveyResponse {
  int64_t index = 0;
  int64_t relation = 0;
  int64_t person = -1;
  int64_t ticket = -1;
  Moment at;
  int32_t nps = 0;
  int32_t csat = 0;
  std::string_view comment;
};

struct Campaign {
  int64_t index = 0;
  std::string_view name, kind, subject;
  Date sent_on;
  int64_t budget = 0;
};

struct CampaignTouch {
  int64_t campaign = 0;
  int64_t person = 0;
  Label event;
  Moment at;
};

struct Consent {
  int64_t person = 0;
  std::string_view purpose, channel, legal_basis;
  Date given_on, withdrawn_on;
  std::string_view evidence, wording;
};

struct Preference {
  int64_t person = 0;
  std::string_view topic, value;
  Date set_on;
};

struct Task {
  int64_t index = 0;
  int64_t relation = 0;
  int64_t user = 0;
  std::string_view title;
  Date due_on, done_on;
};

struct Project {
  int64_t relation = 0;
  int32_t number = 1;
  std::string_view name;
  Date starts_on, ends_on;
  std::string_view status;
  int64_t manager = 0;
};

struct Document {
  int64_t relation = 0;
  int32_t number = 1;       // among the relation's own
  bool of_project = false;  // belongs to the relation's project
  std::string title;
  std::string_view kind;
  std::string address;
  std::string sha256;  // a stand-in: 64 hexadecimal digits, not the digest of any file
  Date dated_on;
};

struct Source {
  std::string_view code, name, location, storage;
  int64_t responsible;  // user
  std::string_view key;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_RECORDS_H_
