// Defines Company, the data of the query benchmarks: relations, orders and interactions of the sample
// company, the same rows to every peer.
//
//   const Company company(folder, 1'000'000);
//   company.ForEachRelation([&](const RelationRow& row) { … });
//   for (const OrderRow& order : company.orders()) …                  // in order of date, as they arrived
//
// Five orders and ten interactions a relation. Ids count from 1 in order of arrival. Relations are made anew
// at every walk; orders and interactions, costlier to draw, are made once, on two threads, and kept in
// `folder` as flat files that later runs map. Deterministic. Thread safety: immutable after construction.
// Cost: to make, about ten microseconds a relation with its orders and interactions; in memory, nothing but
// the mapped pages.
#ifndef RELATA_BENCHMARKS_COMPANY_H_
#define RELATA_BENCHMARKS_COMPANY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "examples/sample_company/generator.h"

namespace benchmarks {

// Parts of the names of files: another number when the rows of a company change, or the tables, indexes or
// clock of a peer that holds them.
inline constexpr std::string_view kCompanyVersion = "v1";
inline constexpr std::string_view kPeersVersion = "v2";

// Views are of static text or of the Generator's record, and die with the call they were passed to.
struct RelationRow {
  int64_t id = 0;
  int64_t number = 0;  // a relation number with its check digit
  std::string_view name;
  std::string
      folded;  // the name without case and accents: what a peer without folding orders and searches by
  std::string_view legal_form, kvk_number, vat_number, iban;
  std::string_view street, house_number, postcode, city, country;
  std::string_view phone, email, website, language;
  std::string_view industry_code, industry, source;
  int32_t acquired_on = 0;   // days since 1970-01-01
  int64_t credit_limit = 0;  // cents
  int32_t payment_term_days = 0;
  int64_t account_manager = 0;  // an employee's id
};

struct OrderRow {
  int64_t total = 0;  // cents, excluding VAT
  int64_t vat = 0;
  int32_t relation = 0;
  int32_t ordered_on = 0;  // days since 1970-01-01, never decreasing
  int32_t seller = 0;      // an employee's id
  int32_t cancelled = 0;   // 0 or 1
};

struct InteractionRow {
  int64_t at = 0;  // seconds since 1970-01-01T00:00Z, never decreasing
  int32_t relation = 0;
  int32_t employee = 0;
  int32_t minutes = 0;
  uint8_t channel = 0;  // a place in kChannels of the sample company
  uint8_t outcome = 0;
  uint8_t inbound = 0;
  uint8_t subject = 0;
};

class Company {
 public:
  // Maps the files of this many relations (a whole hundred) in `folder`, making them if they are not there.
  Company(const std::string& folder, int64_t relations);
  ~Company();
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  int64_t relations() const { return generator_.relations(); }
  int64_t employees() const { return generator_.users(); }
  std::span<const OrderRow> orders() const { return orders_; }
  std::span<const InteractionRow> interactions() const { return interactions_; }

  template <typename Visit>
  void ForEachRelation(Visit visit) const {
    for (int64_t i = 0; i < relations(); ++i) {
      const sample_company::Relation from = generator_.RelationAt(i);
      visit(RowOf(from));
    }
  }
  RelationRow RowOf(const sample_company::Relation& from) const;
  sample_company::Relation RelationAt(int64_t id) const { return generator_.RelationAt(id - 1); }

  static std::string_view ChannelText(uint8_t channel);
  static std::string_view OutcomeText(uint8_t outcome);
  static std::string_view SubjectText(uint8_t subject);

 private:
  sample_company::Generator generator_;
  std::span<const OrderRow> orders_;
  std::span<const InteractionRow> interactions_;
};

// In lower case and without accents, for the Latin letters that the sample company uses.
std::string Folded(std::string_view text);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_COMPANY_H_
