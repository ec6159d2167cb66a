// Defines FactRules, what single records say of a relation on a day: used where the facts of all relations
// are gathered (facts.cc) and where those of one are (facts_of_one.cc), so that both say the same.
//
//   RELATA_ASSIGN_OR_RETURN(const FactRules rules, FactRules::On(reader, today, rule));
//   if (rules.HasCome(ordered_on)) rules.AddOrder(ordered_on, status, paid, source_records_payments, &facts);
//
// Thread safety: const after construction. Cost: O(1) each.
#ifndef RELATA_ANSWERS_FACT_RULES_H_
#define RELATA_ANSWERS_FACT_RULES_H_

#include <string_view>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/crm/derived.h"
#include "src/store/reader.h"

namespace relata::answers {

class FactRules {
 public:
  // What is known at the end of `on`.
  static StatusOr<FactRules> On(const store::Reader& reader, Date on, const crm::LifecycleRule& rule) {
    RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                            TimeZone::Load(reader.schema().catalogue().settings().time_zone));
    return FactRules(on, zone.StartOfDay(Date{on.days + 1}), rule);
  }

  // Entities whose records say that a relation was in touch, and the fact that each makes known.
  struct Contact {
    std::string_view entity;
    bool crm::RelationFacts::*fact;
  };
  static constexpr Contact kContacts[] = {{"quote", &crm::RelationFacts::has_quote},
                                          {"interaction", &crm::RelationFacts::has_contact},
                                          {"ticket", &crm::RelationFacts::has_contact}};

  bool HasCome(Date day) const { return day <= on_; }
  // A day that a row holds: of a payment, and, if it has one, of an invoice.
  bool IsPaidBy(const Cell& paid_on, bool nullable) const {
    return (paid_on.present || !nullable) && HasCome(Date{static_cast<int32_t>(paid_on.AsInt())});
  }
  // Whether what the row tells of happened by then.
  bool Happened(const EntityType& type, const RowView& row) const {
    const int64_t moment = row.Get(*type.moment).AsInt();
    return type.fields[*type.moment].type == ValueType::kDate ? moment <= on_.days : moment < end_.micros;
  }

  // REQUIRES: HasCome(ordered_on).
  void AddOrder(Date ordered_on, crm::OrderStatus status, bool paid, bool source_records_payments,
                crm::RelationFacts* facts) const {
    if (crm::CountsAsPaid(status, paid, source_records_payments, rule_)) {
      facts->AddPaidPurchase(ordered_on);
    } else {
      facts->has_contact = true;
    }
  }

 private:
  FactRules(Date on, Timestamp end, const crm::LifecycleRule& rule) : on_(on), end_(end), rule_(rule) {}

  Date on_;
  Timestamp end_;  // of that day
  crm::LifecycleRule rule_;
};

}  // namespace relata::answers

#endif  // RELATA_ANSWERS_FACT_RULES_H_
