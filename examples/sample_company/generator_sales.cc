// This file makes the sales records: orders with their lines, invoices, payments, quotes, opportunities,
// leads, interests.
#include <algorithm>

#include "examples/sample_company/codes.h"
#include "examples/sample_company/generator.h"
#include "examples/sample_company/labels.h"
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr size_t kDelivered = 0, kOpen = 1, kCancelled = 2;              // kOrderStatuses
constexpr size_t kPaid = 0, kPartlyPaid = 1, kUnpaid = 2, kOverdue = 3;  // kInvoiceStatuses
constexpr size_t kAccepted = 0, kQuoteOpen = 1, kExpired = 3;            // kQuoteStatuses
constexpr size_t kStillOpen = 0, kWon = 1, kLost = 2;                    // kOutcomes

const Picker& ProductPicker() {
  static const Picker picker = [] {
    std::vector<uint32_t> weights;
    for (const ProductWords& product : ProductList()) weights.push_back(product.weight);
    return Picker(weights);
  }();
  return picker;
}

int32_t QuantityOf(Random& random, std::string_view kind, int32_t size) {
  if (kind == "consumable") return static_cast<int32_t>(random.LogNormal(5 * size, 700) / 1000) + 1;
  if (kind == "part") return static_cast<int32_t>(random.LogNormal(2 * size, 600) / 1000) + 1;
  if (kind == "service") return static_cast<int32_t>(random.Between(1, 3));
  return size > 8000 && random.PerMille(300) ? static_cast<int32_t>(random.Between(2, 4)) : 1;
}

constexpr std::string_view kReasonsWon[] = {"prijs", "advies", "levertijd", "bestaande relatie",
                                            "demonstratie"};
constexpr std::string_view kReasonsLost[] = {"prijs", "concurrent", "geen budget", "uitgesteld",
                                             "geen reactie"};

}  // namespace

Order Generator::OrderAt(int64_t j) const {
  std::vector<OrderLine> lines;
  return OrderAt(j, &lines);
}

Order Generator::OrderAt(int64_t j, std::vector<OrderLine>* lines) const {
  Random random(seed_, Stream::kOrder, static_cast<uint64_t>(j));
  Order order;
  order.index = j;
  order.at = season_.At(static_cast<uint64_t>(j), static_cast<uint64_t>(orders()),
                        static_cast<uint32_t>(random.Below(1024)));
  const Date on = order.ordered_on();
  order.relation = DrawBuyer(random, on);
  const Traits traits = TraitsOf(order.relation);
  order.seller = random.PerMille(800) ? traits.account_manager : random.Between(0, users_ - 1);
  const bool recent = on.days > ReferenceDate().days - 10;
  order.status = LabelAt(kOrderStatuses, random.PerMille(25)              ? kCancelled
                                         : recent && random.PerMille(600) ? kOpen
                                                                          : kDelivered);
  // Every tenth order came from an accepted quote; see QuoteAt.
  if (j % 10 == 3) order.quote = j / 10 * 2;

  Random detail(seed_, Stream::kOrderLines, static_cast<uint64_t>(j));
  lines->clear();
  int32_t count = 1;
  while (count < 9 && detail.PerMille(680)) ++count;
  order.lines = count;
  for (int32_t number = 1; number <= count; ++number) {
    OrderLine line;
    line.order = j;
    line.line = number;
    const size_t product = ProductPicker().Pick(detail);
    const ProductWords& words = ProductList()[product];
    line.product = static_cast<int64_t>(product);
    line.quantity = QuantityOf(detail, words.kind, traits.size);
    // Prices rose by four per cent each January.
    const int years = ToCivil(on).year - 2026;
    line.unit_price = (words.price_cents * int64_t{100 + 4 * years} + 50) / 100;
    if (traits.size > 6000) line.discount_percent = 10;
    if (detail.PerMille(80)) line.discount_percent += 5;
    line.amount = (line.quantity * line.unit_price * (100 - line.discount_percent) + 50) / 100;
    order.net += line.amount;
    order.vat += (line.amount * words.vat_percent + 50) / 100;
    lines->push_back(line);
  }
  return order;
}

bool Generator::InvoiceOf(const Order& order, Invoice* invoice, std::vector<Payment>* payments) const {
  payments->clear();
  Random random(seed_, Stream::kInvoice, static_cast<uint64_t>(order.index));
  const Date invoiced_on = order.ordered_on() + random.Between(1, 7);
  if (order.status.index != kDelivered || invoiced_on >= ReferenceDate()) return false;
  const Traits traits = TraitsOf(order.relation);
  *invoice = Invoice{order.index, order.relation, invoiced_on, invoiced_on + traits.payment_term_days,
                     order.net,   order.vat};
  const int64_t gross = order.net + order.vat;
  const bool never = random.PerMille(15);
  const bool in_parts = gross > 100'000 && random.PerMille(60);
  int64_t unpaid = gross;
  for (int32_t part = 1; part <= (in_parts ? 2 : 1) && !never; ++part) {
    Payment payment;
    payment.invoice = order.index;
    payment.part = part;
    payment.relation = order.relation;
    payment.amount = part == 2 ? unpaid : in_parts ? gross / 2 : gross;
    const int64_t late = traits.days_late + random.Between(-5, 8) + (part == 2 ? 30 : 0);
    payment.paid_on = std::max(invoice->due_on + late, invoiced_on + 1);
    payment.method = DrawLabel(kPaymentMethods, random);
    if (payment.paid_on >= ReferenceDate()) continue;
    unpaid -= payment.amount;
    invoice->paid_on = payment.paid_on;
    payments->push_back(payment);
  }
  invoice->open = unpaid;
  if (unpaid > 0) invoice->paid_on = Date{};
  invoice->status = LabelAt(kInvoiceStatuses, unpaid == 0                         ? kPaid
                                              : unpaid < gross                    ? kPartlyPaid
                                              : invoice->due_on < ReferenceDate() ? kOverdue
                                                                                  : kUnpaid);
  return true;
}

// Even quotes were accepted and became an order; odd ones are open, rejected or expired.
Quote Generator::QuoteAt(int64_t q) const {
  Random random(seed_, Stream::kQuote, static_cast<uint64_t>(q));
  Quote quote;
  quote.index = q;
  if (q % 2 == 0) {
    const Order order = OrderAt(q / 2 * 10 + 3);
    quote.relation = order.relation;
    quote.order = order.index;
    quote.net = order.net;
    quote.seller = order.seller;
    quote.quoted_on = std::max(order.ordered_on() + -random.Between(3, 28), SinceOf(order.relation));
    quote.status = LabelAt(kQuoteStatuses, kAccepted);
  } else {
    const auto jitter = static_cast<uint32_t>(random.Below(1024));
    quote.quoted_on = season_.At(static_cast<uint64_t>(q), static_cast<uint64_t>(quotes()), jitter).date();
    quote.relation = DrawBuyer(random, quote.quoted_on);
    if (random.PerMille(450)) {
      const int64_t block = random.Between(0, relations_ / 100 - 1);
      const int64_t prospect = RelationOf(block, static_cast<int>(random.Between(70, 79)));
      if (SinceOf(prospect) <= quote.quoted_on) quote.relation = prospect;
    }
    quote.net = random.LogNormal(180'000, 1100);
    quote.seller = TraitsOf(quote.relation).account_manager;
    const bool recent = quote.quoted_on.days > ReferenceDate().days - 45;
    quote.status = recent ? LabelAt(kQuoteStatuses, kQuoteOpen) : DrawLabel(kQuoteStatuses, random);
  }
  quote.valid_until = quote.quoted_on + 30;
  if (q % 5 < 3) quote.opportunity = q / 5 * 3 + q % 5;
  return quote;
}

// The first six of every seven tenths stand behind a quote; the last tenth are young and have none yet.
Opportunity Generator::OpportunityAt(int64_t o) const {
  Random random(seed_, Stream::kOpportunity, static_cast<uint64_t>(o));
  Opportunity opportunity;
  opportunity.index = o;
  opportunity.title = ProjectNames()[random.Below(ProjectNames().size())];
  opportunity.source = DrawLabel(kAcquisitionSources, random);
  size_t stage = 3;  // Offerte
  if (o < relations_ / 10 * 6) {
    const Quote quote = QuoteAt(o / 3 * 5 + o % 3);
    opportunity.relation = quote.relation;
    opportunity.expected_revenue = quote.net;
    opportunity.owner = quote.seller;
    opportunity.opened_on = std::max(quote.quoted_on + -random.Between(2, 60), SinceOf(quote.relation));
    opportunity.expected_close_on = quote.valid_until;
    if (quote.order >= 0) {
      opportunity.outcome = LabelAt(kOutcomes, kWon);
      opportunity.closed_on = OrderAt(quote.order).ordered_on();
      opportunity.reason = kReasonsWon[random.Below(5)];
      stage = 4;
    } else if (quote.status.index != kQuoteOpen) {
      opportunity.outcome = LabelAt(kOutcomes, kLost);
      opportunity.closed_on =
          quote.status.index == kExpired ? quote.valid_until : quote.quoted_on + random.Between(3, 29);
      opportunity.closed_on = std::min(opportunity.closed_on, ReferenceDate() + -1);
      opportunity.reason = kReasonsLost[random.Below(5)];
    } else {
      opportunity.outcome = LabelAt(kOutcomes, kStillOpen);
      if (random.PerMille(300)) stage = 4;
    }
  } else {
    opportunity.opened_on = ReferenceDate() + -random.Between(1, 120);
    opportunity.relation = DrawBuyer(random, opportunity.opened_on);
    const int64_t block = random.Between(0, relations_ / 100 - 1);
    const int64_t other = RelationOf(block, static_cast<int>(random.Between(70, 89)));
    if (random.PerMille(500) && SinceOf(other) <= opportunity.opened_on) opportunity.relation = other;
    opportunity.expected_revenue = random.LogNormal(220'000, 1000);
    opportunity.owner = TraitsOf(opportunity.relation).account_manager;
    opportunity.expected_close_on = ReferenceDate() + random.Between(10, 150);
    opportunity.outcome = LabelAt(kOutcomes, kStillOpen);
    stage = random.Below(3);
    if (random.PerMille(200)) stage = 5 + random.Below(2);  // the service pipeline
  }
  opportunity.stage = Label{static_cast<uint8_t>(stage), kStages[stage].name};
  opportunity.probability_percent = opportunity.outcome.index == kWon    ? 100
                                    : opportunity.outcome.index == kLost ? 0
                                                                         : kStages[stage].probability_percent;
  const int64_t rival_chance = opportunity.outcome.index == kLost ? 500 : 150;
  if (random.PerMille(static_cast<int>(rival_chance))) {
    opportunity.competitor = RelationOf(random.Between(0, relations_ / 100 - 1), 99);
  }
  return opportunity;
}

Lead Generator::LeadAt(int64_t l) const {
  Random random(seed_, Stream::kLead, static_cast<uint64_t>(l));
  Lead lead;
  lead.index = l;
  const auto jitter = static_cast<uint32_t>(random.Below(1024));
  lead.received_on = season_.At(static_cast<uint64_t>(l), static_cast<uint64_t>(leads()), jitter).date();
  lead.source = DrawLabel(kAcquisitionSources, random);
  lead.interest = static_cast<int64_t>(random.Below(ProductList().size()));
  lead.owner = 3 * random.Between(0, (users_ - 1) / 3);
  const bool converted = l % 5 < 2;
  // A lead not converted is a visitor of the website or the stand, described by nobody we know yet.
  const int64_t person_index = random.Between(0, people() - 1);
  Person person = PersonAt(person_index);
  if (converted) {
    lead.opportunity = l * 2;
    const Opportunity opportunity = OpportunityAt(lead.opportunity);
    person = PersonAt(PersonsOf(opportunity.relation).first);
    lead.received_on = opportunity.opened_on + -random.Between(0, 20);
    lead.company = RelationAt(opportunity.relation).name;
    lead.status = LabelAt(kLeadStatuses, 0);
  } else {
    const Trade& trade = Trades()[random.Below(Trades().size())];
    lead.company = std::string(trade.names.substr(0, trade.names.find('|'))) + " ";
    lead.company += Emblems()[random.Below(Emblems().size())];
    lead.status = DrawLabel(kLeadStatuses, random);
    person.email = "lead" + std::to_string(l + 1) + "@aanvraag.example";
    person.mobile = "+316" + Padded(random.Between(10'000'000, 59'999'999), 8);
    person.first_name = (person.female ? FemaleNames() : MaleNames())[random.Below(FemaleNames().size())];
  }
  lead.name = std::string(person.first_name) + " " +
              (person.particle.empty() ? "" : std::string(person.particle) + " ") +
              std::string(person.last_name);
  lead.email = person.email;
  lead.phone = person.mobile;
  return lead;
}

void Generator::InterestsOf(int64_t relation, std::vector<Interest>* out) const {
  out->clear();
  const Traits traits = TraitsOf(relation);
  Random random(seed_, Stream::kInterest, static_cast<uint64_t>(relation));
  if (traits.rank >= 90 || !random.PerMille(400)) return;
  for (int64_t count = random.Between(1, 2); count > 0; --count) {
    static constexpr std::string_view kLevels[] = {"high", "medium", "low"};
    Interest interest;
    interest.relation = relation;
    const auto product = static_cast<int64_t>(random.Below(ProductList().size()));
    if (count == 1) {
      interest.product = product;
    } else {
      interest.theme = ProductList()[static_cast<size_t>(product)].theme;
    }
    interest.level = kLevels[random.Below(3)];
    interest.since = std::max(traits.since, HistoryStart() + random.Between(0, 1080));
    out->push_back(interest);
  }
}

}  // namespace sample_company
