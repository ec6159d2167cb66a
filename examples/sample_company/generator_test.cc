// This file tests the sample company's generator: records agree with one another, come in order of date, are
// skewed as a real company's are, can be made one by one, and stream without holding on to memory.
#include "examples/sample_company/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "examples/sample_company/codes.h"

namespace {

// Bytes allocated and not yet freed, and the most there were since the last reset.
std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};

constexpr size_t kHeader = alignof(std::max_align_t);

void* CountedAllocate(size_t size) {
  auto* block = static_cast<char*>(std::malloc(size + kHeader));
  if (block == nullptr) throw std::bad_alloc();
  *reinterpret_cast<size_t*>(block) = size;
  const int64_t live = live_bytes += static_cast<int64_t>(size);
  if (live > peak_bytes) peak_bytes = live;
  return block + kHeader;
}

void CountedFree(void* pointer) {
  if (pointer == nullptr) return;
  char* block = static_cast<char*>(pointer) - kHeader;
  live_bytes -= static_cast<int64_t>(*reinterpret_cast<size_t*>(block));
  std::free(block);
}

}  // namespace

void* operator new(size_t size) { return CountedAllocate(size); }
void* operator new[](size_t size) { return CountedAllocate(size); }
// The plain delete frees these blocks as well, so they must come from here too.
void* operator new(size_t size, const std::nothrow_t&) noexcept { return CountedAllocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return CountedAllocate(size); }
void operator delete(void* pointer) noexcept { CountedFree(pointer); }
void operator delete[](void* pointer) noexcept { CountedFree(pointer); }
void operator delete(void* pointer, const std::nothrow_t&) noexcept { CountedFree(pointer); }
void operator delete[](void* pointer, const std::nothrow_t&) noexcept { CountedFree(pointer); }
void operator delete(void* pointer, size_t) noexcept { CountedFree(pointer); }
void operator delete[](void* pointer, size_t) noexcept { CountedFree(pointer); }

namespace sample_company {
namespace {

TEST(CalendarTest, KnowsKnownDates) {
  EXPECT_EQ(FromCivil(1970, 1, 1).days, 0);
  EXPECT_EQ(FromCivil(2026, 6, 30).days, 20'634);  // date -d 2026-06-30 +%s, divided by 86,400
  EXPECT_EQ(Iso(FromCivil(2024, 2, 29)), "2024-02-29");
  EXPECT_EQ(Iso(FromCivil(2024, 2, 29) + 1), "2024-03-01");
  EXPECT_EQ(Dutch(FromCivil(2023, 12, 3)), "03-12-2023");
  EXPECT_EQ(Weekday(FromCivil(2026, 6, 30)), 1);  // a Tuesday
  EXPECT_EQ(Weekday(FromCivil(1970, 1, 1)), 3);
  EXPECT_EQ(Iso(Moment{951'782'400 + 3661}), "2000-02-29T01:01:01Z");
  EXPECT_EQ(Iso(Date{}), "");
}

TEST(RandomTest, DrawsHaveTheirDistributions) {
  Random random(1, Stream::kOrder, 2);
  int64_t sum = 0, squares = 0;
  for (int i = 0; i < 100'000; ++i) {
    const int64_t z = random.Gauss();
    sum += z;
    squares += z * z / 65'536;
  }
  EXPECT_NEAR(static_cast<double>(sum) / 100'000 / 65'536, 0.0, 0.02);
  EXPECT_NEAR(static_cast<double>(squares) / 100'000 / 65'536, 1.0, 0.02);

  std::vector<int64_t> draws;
  for (int i = 0; i < 20'001; ++i) draws.push_back(random.LogNormal(100'000, 1000));
  std::sort(draws.begin(), draws.end());
  EXPECT_NEAR(static_cast<double>(draws[10'000]), 100'000, 4000);
  EXPECT_NEAR(static_cast<double>(draws[16'827]), 271'828, 14'000);  // one deviation up: e times the median

  const Picker picker({1, 0, 3});
  int counts[3] = {0, 0, 0};
  for (int i = 0; i < 40'000; ++i) ++counts[picker.Pick(random)];
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[0], 10'000, 400);
}

TEST(RandomTest, IsTheSameEverywhere) {
  Random random(42, Stream::kRelation, 7);
  EXPECT_EQ(random.Next(), 2'287'441'494'445'208'904u);
  EXPECT_EQ(random.LogNormal(1'000'000, 900), 762'242);
}

TEST(CodesTest, WritesAmountsBothWays) {
  EXPECT_EQ(Decimal(123'456), "1234.56");
  EXPECT_EQ(Decimal(-5), "-0.05");
  EXPECT_EQ(DutchDecimal(123'456'789), "1.234.567,89");
  EXPECT_EQ(DutchDecimal(99'999), "999,99");
}

TEST(GeneratorTest, CountsFollowTheNumberOfRelations) {
  const Generator company({.relations = 401});
  EXPECT_EQ(company.relations(), 500);
  EXPECT_EQ(company.orders(), 2500);
  EXPECT_EQ(company.interactions(), 5000);
  std::map<RelationKind, int> kinds;
  std::set<std::string> kvk, establishments;
  company.ForEachRelation([&](const Relation& relation) {
    ++kinds[relation.kind];
    establishments.insert(relation.establishment_number);
    if (relation.parent >= 0) {
      EXPECT_EQ(relation.kvk_number, company.RelationAt(relation.parent).kvk_number);
    } else {
      EXPECT_TRUE(kvk.insert(relation.kvk_number).second) << relation.name;
    }
  });
  EXPECT_EQ(kinds[RelationKind::kDebtor], 350);
  EXPECT_EQ(kinds[RelationKind::kProspect], 50);
  EXPECT_EQ(kinds[RelationKind::kCompetitor], 5);
  EXPECT_EQ(establishments.size(), 500u);
}

TEST(GeneratorTest, EveryPersonIsFoundFromTheRelation) {
  const Generator company({.relations = 300});
  std::vector<int64_t> owner(static_cast<size_t>(company.people()), -1);
  for (int64_t i = 0; i < company.relations(); ++i) {
    const Generator::PersonRange range = company.PersonsOf(i);
    ASSERT_GE(range.count, 1);
    for (int64_t p = range.first; p < range.first + range.count; ++p) owner[static_cast<size_t>(p)] = i;
  }
  company.ForEachPerson(
      [&](const Person& person) { EXPECT_EQ(person.relation, owner[static_cast<size_t>(person.index)]); });
}

int Mod97(const std::string& iban) {
  const std::string moved = iban.substr(4) + iban.substr(0, 4);
  int remainder = 0;
  for (const char c : moved) {
    const int value = c >= 'A' ? c - 'A' + 10 : c - '0';
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

TEST(GeneratorTest, PartiesAreWellFormedAndFictional) {
  const Generator company({.relations = 1000});
  company.ForEachRelation([&](const Relation& relation) {
    EXPECT_EQ(Mod97(relation.iban), 1) << relation.iban;
    EXPECT_EQ(relation.kvk_number.size(), 8u);
    EXPECT_EQ(relation.establishment_number.size(), 12u);
    EXPECT_EQ(relation.email.substr(relation.email.size() - 8), ".example");
    EXPECT_EQ(relation.email.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.@"), std::string::npos)
        << relation.email;
    if (relation.visiting.country == "NL") {
      EXPECT_EQ(relation.visiting.postcode.size(), 7u);
      EXPECT_EQ(relation.phone.size(), 12u) << relation.phone;
      EXPECT_GT(relation.latitude_e7, 507'000'000);
      EXPECT_LT(relation.latitude_e7, 536'000'000);
    }
    EXPECT_LT(relation.acquired_on, ReferenceDate());
  });
  company.ForEachPerson([](const Person& person) {
    EXPECT_FALSE(person.last_name.empty());
    EXPECT_EQ(std::count(person.email.begin(), person.email.end(), '@'), 1) << person.email;
  });
}

TEST(GeneratorTest, OrdersInvoicesAndPaymentsAddUp) {
  const Generator company({.relations = 1000});
  Moment before{0};
  std::vector<Payment> payments;
  int64_t open_invoices = 0;
  company.ForEachOrder([&](const Order& order, std::span<const OrderLine> lines) {
    EXPECT_GE(order.at, before);
    before = order.at;
    EXPECT_GE(order.ordered_on(), HistoryStart());
    EXPECT_LT(order.ordered_on(), ReferenceDate());
    const Generator::Traits traits = company.TraitsOf(order.relation);
    EXPECT_EQ(traits.kind, RelationKind::kDebtor);
    EXPECT_LE(traits.since, order.ordered_on());
    int64_t net = 0;
    for (const OrderLine& line : lines) {
      EXPECT_GT(line.quantity, 0);
      net += line.amount;
    }
    EXPECT_EQ(order.net, net);
    EXPECT_EQ(order.lines, static_cast<int32_t>(lines.size()));

    Invoice invoice;
    if (!company.InvoiceOf(order, &invoice, &payments)) return;
    EXPECT_EQ(order.status.text, "delivered");
    int64_t paid = 0;
    for (const Payment& payment : payments) {
      EXPECT_GT(payment.paid_on, invoice.invoiced_on);
      EXPECT_LT(payment.paid_on, ReferenceDate());
      paid += payment.amount;
    }
    EXPECT_EQ(invoice.open, invoice.net + invoice.vat - paid);
    EXPECT_EQ(invoice.open == 0, invoice.paid_on.known());
    open_invoices += invoice.open > 0;
  });
  EXPECT_GT(open_invoices, 50);
}

TEST(GeneratorTest, QuotesAndOpportunitiesFollowOneAnother) {
  const Generator company({.relations = 500});
  int prospects = 0;
  for (int64_t q = 0; q < company.quotes(); ++q) {
    const Quote quote = company.QuoteAt(q);
    prospects += company.TraitsOf(quote.relation).kind == RelationKind::kProspect;
    if (quote.order >= 0) {
      const Order order = company.OrderAt(quote.order);
      EXPECT_EQ(order.quote, q);
      EXPECT_EQ(order.relation, quote.relation);
      EXPECT_LE(quote.quoted_on, order.ordered_on());
    }
    if (quote.opportunity >= 0) {
      ASSERT_LT(quote.opportunity, company.opportunities());
      const Opportunity opportunity = company.OpportunityAt(quote.opportunity);
      EXPECT_EQ(opportunity.relation, quote.relation);
      EXPECT_EQ(opportunity.outcome.text == "won", quote.order >= 0);
      EXPECT_LE(opportunity.opened_on, quote.quoted_on);
    }
  }
  EXPECT_GT(prospects, 50);
  for (int64_t l = 0; l < company.leads(); ++l) {
    const Lead lead = company.LeadAt(l);
    EXPECT_EQ(lead.status.text == "converted", lead.opportunity >= 0);
    if (lead.opportunity >= 0) {
      EXPECT_LE(lead.received_on, company.OpportunityAt(lead.opportunity).opened_on);
    }
  }
}

TEST(GeneratorTest, NobodyGetsMailWithoutConsent) {
  const Generator company({.relations = 200});
  std::vector<CampaignTouch> touches;
  std::vector<Consent> consents;
  int sent = 0;
  for (int64_t p = 0; p < company.people(); ++p) {
    company.ConsentsOf(p, &consents);
    for (int64_t c = 0; c < company.campaigns(); ++c) {
      company.TouchesOf(c, p, &touches);
      if (touches.empty()) continue;
      ++sent;
      ASSERT_FALSE(consents.empty());
      EXPECT_LE(consents[0].given_on, company.CampaignAt(c).sent_on);
      EXPECT_TRUE(!consents[0].withdrawn_on.known() ||
                  consents[0].withdrawn_on > company.CampaignAt(c).sent_on);
      for (size_t i = 1; i < touches.size(); ++i) EXPECT_GE(touches[i].at, touches[i - 1].at);
      EXPECT_LT(touches.back().at.date(), ReferenceDate());
    }
  }
  EXPECT_GT(sent, 1000);
}

TEST(GeneratorTest, ARecordNeedsNoneBeforeIt) {
  const Generator company({.relations = 2000});
  std::vector<Order> orders;
  company.ForEachOrder([&](const Order& order, std::span<const OrderLine>) { orders.push_back(order); });
  const Generator other({.relations = 2000});
  for (int64_t j = other.orders() - 1; j >= 0; j -= 373) {
    const Order alone = other.OrderAt(j);
    const Order& streamed = orders[static_cast<size_t>(j)];
    EXPECT_EQ(alone.relation, streamed.relation);
    EXPECT_EQ(alone.at, streamed.at);
    EXPECT_EQ(alone.net, streamed.net);
  }
  EXPECT_EQ(other.RelationAt(1234).name, company.RelationAt(1234).name);
  EXPECT_NE(Generator({.relations = 2000, .seed = 1}).RelationAt(1234).iban, company.RelationAt(1234).iban);
}

// One company of ten thousand for the shape of things.
class ShapeTest : public testing::Test {
 protected:
  const Generator company_{Options{.relations = 10'000}};
};

TEST_F(ShapeTest, FewCustomersBringMuchOfTheRevenue) {
  std::map<int64_t, int64_t> revenue;
  std::vector<int64_t> amounts;
  int64_t total = 0;
  company_.ForEachOrder([&](const Order& order, std::span<const OrderLine>) {
    revenue[order.relation] += order.net;
    total += order.net;
    amounts.push_back(order.net);
  });
  std::vector<int64_t> ranked;
  for (const auto& [relation, cents] : revenue) ranked.push_back(cents);
  std::sort(ranked.rbegin(), ranked.rend());
  const auto share = [&](size_t per_cent) {
    int64_t sum = 0;
    for (size_t i = 0; i < ranked.size() * per_cent / 100; ++i) sum += ranked[i];
    return static_cast<double>(sum) / static_cast<double>(total);
  };
  EXPECT_GT(share(1), 0.12);
  EXPECT_LT(share(1), 0.40);
  EXPECT_GT(share(20), 0.65);
  EXPECT_LT(share(20), 0.92);
  // A long tail to the right, as log-normal amounts have.
  std::sort(amounts.begin(), amounts.end());
  EXPECT_GT(static_cast<double>(total) / static_cast<double>(amounts.size()),
            1.5 * static_cast<double>(amounts[amounts.size() / 2]));
}

TEST_F(ShapeTest, TheYearHasSeasonsAndTheWeekAnEnd) {
  std::map<int, int> by_month, by_weekday;
  std::map<int64_t, int> by_relation;
  int64_t neighbours = 0, previous = -1;
  company_.ForEachOrder([&](const Order& order, std::span<const OrderLine>) {
    ++by_month[ToCivil(order.ordered_on()).month];
    ++by_weekday[Weekday(order.ordered_on())];
    ++by_relation[order.relation];
    neighbours += order.relation == previous;
    previous = order.relation;
  });
  EXPECT_GT(by_month[12], by_month[8] * 3 / 2);
  EXPECT_GT(by_month[5], by_month[7] * 5 / 4);
  EXPECT_LT(by_weekday[5] + by_weekday[6], by_weekday[0] / 3);
  EXPECT_LT(neighbours, company_.orders() / 100) << "orders should not be grouped by relation";
  EXPECT_GT(by_relation.size(), 5000u);
}

TEST_F(ShapeTest, NamesPlacesAndIndustriesAreUneven) {
  std::map<std::string_view, int> cities, industries, surnames;
  company_.ForEachRelation([&](const Relation& relation) {
    ++cities[relation.visiting.city];
    ++industries[relation.sbi_code];
  });
  company_.ForEachPerson([&](const Person& person) { ++surnames[person.last_name]; });
  EXPECT_GT(cities["Amsterdam"], 5 * cities["Leiden"]);
  EXPECT_GT(industries["56101"], 10 * industries["1105"]);
  EXPECT_GT(surnames["Jong"], 10 * surnames["Zoetmulder"]);
  EXPECT_GT(surnames["Zoetmulder"], 0);
}

TEST_F(ShapeTest, ContactComesInBursts) {
  std::map<int64_t, std::vector<Date>> contact;
  Moment before{0};
  company_.ForEachInteraction([&](const Interaction& interaction) {
    EXPECT_GE(interaction.at, before);
    before = interaction.at;
    contact[interaction.relation].push_back(interaction.at.date());
    EXPECT_LE(company_.TraitsOf(interaction.relation).since, interaction.at.date());
    const Generator::PersonRange range = company_.PersonsOf(interaction.relation);
    EXPECT_GE(interaction.person, range.first);
    EXPECT_LT(interaction.person, range.first + range.count);
  });
  int64_t gaps = 0, short_gaps = 0;
  for (const auto& [relation, days] : contact) {
    // With up to twelve moments in 1,096 days, evenly spread ones would be within a week of the next in under
    // one case in thirteen.
    if (days.size() < 4 || days.size() > 12) continue;
    for (size_t i = 1; i < days.size(); ++i) {
      ++gaps;
      short_gaps += days[i].days - days[i - 1].days < 7;
    }
  }
  EXPECT_GT(gaps, 2000);
  EXPECT_GT(short_gaps * 2, gaps);
}

TEST(StreamTest, AHundredThousandRelationsNeedNoMoreMemoryThanAThousand) {
  const auto peak_of = [](int64_t relations) {
    const int64_t before = live_bytes;
    peak_bytes = before;
    const Generator company({.relations = relations});
    int64_t orders = 0, interactions = 0;
    Moment last{0};
    bool in_order = true;
    company.ForEachOrder([&](const Order& order, std::span<const OrderLine>) {
      ++orders;
      in_order = in_order && order.at >= last;
      last = order.at;
    });
    for (int64_t i = 0; i < company.relations(); i += 10) company.RelationAt(i);
    for (int64_t k = 0; k < company.interactions(); k += 10) {
      company.InteractionAt(k);
      ++interactions;
    }
    EXPECT_TRUE(in_order);
    EXPECT_EQ(orders, relations * 5);
    EXPECT_EQ(interactions, relations);
    return peak_bytes - before;
  };
  const int64_t small = peak_of(1000);
  const int64_t large = peak_of(100'000);
  EXPECT_LT(large, small + 4096);
  EXPECT_LT(large, 64 * 1024);
}

}  // namespace
}  // namespace sample_company
