// Defines Generator, which makes the sample company's records, from some hundred relations to ten million.
//
//   Generator company({.relations = 1'000'000});
//   for (int64_t j = 0; j < company.orders(); ++j) Load(company.OrderAt(j));       // in order of date
//   company.ForEachOrder([](const Order& order, std::span<const OrderLine> lines) { … });
//
// Every record is a function of (seed, relations, index): nothing is stored, any record can be made without
// the ones before it, a range of indexes can be given to each of several threads. Orders and interactions are
// numbered in order of date, not grouped by relation. Where a relation owns a few of something (contracts,
// installed products), the call takes the relation and fills a vector.
//
// Shape: each hundred relations hold 70 debtors (1 top, 4 large, 15 medium, 50 small accounts), 10 prospects,
// 10 suspects, 6 others, 2 suppliers, a partner and a competitor, in shuffled places; five orders and ten
// interactions a relation on average; order values log-normal; contact in bursts of some days.
// Thread safety: immutable after construction, so safe from any thread.
// Cost: memory for one number per day of the period; one to five microseconds a record.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_GENERATOR_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_GENERATOR_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "examples/sample_company/calendar.h"
#include "examples/sample_company/random.h"
#include "examples/sample_company/records.h"

namespace sample_company {

struct Options {
  int64_t relations = 400;  // rounded up to a whole hundred; at most 10 million
  uint64_t seed = 20260630;
};

// The company's "today": everything happened before it.
Date ReferenceDate();
// The first day of the three years of history.
Date HistoryStart();

class Generator {
 public:
  explicit Generator(Options options);

  uint64_t seed() const { return seed_; }
  int64_t relations() const { return relations_; }
  int64_t people() const { return relations_ / 100 * kPeoplePerHundred; }
  int64_t users() const { return users_; }
  int64_t teams() const { return 5; }
  int64_t products() const;
  int64_t orders() const { return relations_ * 5; }
  int64_t quotes() const { return relations_; }
  int64_t opportunities() const { return relations_ / 10 * 7; }
  int64_t leads() const { return relations_ / 4; }
  int64_t interactions() const { return relations_ * 10; }
  int64_t tickets() const { return relations_ / 2; }
  int64_t surveys() const { return relations_ / 4; }
  int64_t campaigns() const;
  int64_t tasks() const { return relations_ / 2; }

  Relation RelationAt(int64_t i) const;
  Person PersonAt(int64_t p) const;
  User UserAt(int64_t u) const;
  Product ProductAt(int64_t i) const;
  Order OrderAt(int64_t j) const;
  // The order together with its lines; *lines is overwritten.
  Order OrderAt(int64_t j, std::vector<OrderLine>* lines) const;
  // False if this order has no invoice (cancelled, or too recent).
  bool InvoiceOf(const Order& order, Invoice* invoice, std::vector<Payment>* payments) const;
  Quote QuoteAt(int64_t q) const;
  Opportunity OpportunityAt(int64_t o) const;
  Lead LeadAt(int64_t l) const;
  Interaction InteractionAt(int64_t k) const;
  Ticket TicketAt(int64_t t) const;
  SurveyResponse SurveyAt(int64_t s) const;
  Campaign CampaignAt(int64_t c) const;
  Task TaskAt(int64_t t) const;

  // Overwrite *out with what this relation or person has; often nothing.
  void ContractsOf(int64_t relation, std::vector<Contract>* out) const;
  void InstalledOf(int64_t relation, std::vector<InstalledProduct>* out) const;
  void InterestsOf(int64_t relation, std::vector<Interest>* out) const;
  void ProjectsOf(int64_t relation, std::vector<Project>* out) const;
  void DocumentsOf(int64_t relation, std::vector<Document>* out) const;
  void AffiliationsOf(int64_t relation, std::vector<Affiliation>* out) const;
  void TouchesOf(int64_t campaign, int64_t person, std::vector<CampaignTouch>* out) const;
  void ConsentsOf(int64_t person, std::vector<Consent>* out) const;
  void PreferencesOf(int64_t person, std::vector<Preference>* out) const;

  template <typename Visit>
  void ForEachRelation(Visit visit) const {
    for (int64_t i = 0; i < relations(); ++i) visit(RelationAt(i));
  }
  template <typename Visit>
  void ForEachPerson(Visit visit) const {
    for (int64_t i = 0; i < people(); ++i) visit(PersonAt(i));
  }
  template <typename Visit>  // visit(const Order&, std::span<const OrderLine>)
  void ForEachOrder(Visit visit) const {
    std::vector<OrderLine> lines;
    for (int64_t j = 0; j < orders(); ++j) {
      const Order order = OrderAt(j, &lines);
      visit(order, std::span<const OrderLine>(lines));
    }
  }
  template <typename Visit>
  void ForEachInteraction(Visit visit) const {
    for (int64_t k = 0; k < interactions(); ++k) visit(InteractionAt(k));
  }

  // What decides a relation's conduct, without any text; cheap.
  struct Traits {
    int rank = 0;  // place within its hundred: 0 top, 1-4 large, 5-19 medium, 20-69 small, 70-99 not buying
    RelationKind kind = RelationKind::kGeneral;
    Date since;
    Date stops;             // no orders from this day; unknown: goes on
    bool fading = false;    // orders ever less in the last year
    int32_t size = 1000;    // quantities, in thousandths of the usual
    int32_t eagerness = 4;  // 1..4, how readily it orders among its like
    int32_t days_late = 0;
    int32_t payment_term_days = 30;
    int64_t account_manager = 0;
  };
  Traits TraitsOf(int64_t relation) const;
  // Persons at this relation: first index and how many.
  struct PersonRange {
    int64_t first;
    int64_t count;
  };
  PersonRange PersonsOf(int64_t relation) const;

 private:
  static constexpr int64_t kPeoplePerHundred = 160;

  int RankOf(int64_t relation) const;
  int64_t RelationOf(int64_t block, int rank) const;
  Date SinceOf(int64_t relation) const;
  // A debtor who may buy on this day, drawn as often as it orders.
  int64_t DrawBuyer(Random& random, Date on) const;
  // A relation in contact on this day: mostly debtors, then prospects, suspects and the rest.
  int64_t DrawContact(Random& random, Date on) const;
  int64_t DrawPerson(Random& random, int64_t relation) const;
  // What we and this relation write to each other in: one in sixteen uses English.
  static std::string_view WrittenLanguage(int64_t relation) { return relation % 16 == 5 ? "en" : "nl"; }
  void FillAddress(Random& random, size_t city, Address* address) const;

  uint64_t seed_;
  int64_t relations_;
  int64_t users_;
  Season season_;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_GENERATOR_H_
