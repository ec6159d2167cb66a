// Holds the pyramid on columns against the same from rows, over random trade with all that a lifecycle looks
// at.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "relata/answers/pyramid.h"
#include "relata/base/strings.h"
#include "relata/crm/crm.h"
#include "relata/engine/database.h"
#include "relata/query/results.h"
#include "tests/base/values.h"

namespace relata {
namespace {

using answers::Pyramid;
using answers::PyramidOptions;

class PyramidColumnsTest : public testing::Test {
 protected:
  PyramidColumnsTest() {
    folder_ = testing::TempDir() + "/pyramid_columns";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Options options;
    options.map_size = 256 << 20;
    options.durability = Durability::kUnsafe;
    options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
    db_.emplace(Database::Open(folder_ + "/crm.relata", options).value());
  }
  ~PyramidColumnsTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }

  uint64_t Below(uint64_t n) { return random_() % n; }
  Date SomeDay() { return Date{Day(2024, 1, 1).days + static_cast<int32_t>(Below(1'000))}; }
  std::optional<Id<crm::Relation>> SomeRelation() {
    if (Below(20) == 0) return std::nullopt;
    return Id<crm::Relation>(1 + Below(kRelations));
  }

  template <class T>
  static StatusOr<Id<T>> Put(Transaction& tx, T record) {
    return tx.Insert(record);
  }

  void Fill() {
    const Status filled = db_->Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < 3; ++i) {
        RELATA_RETURN_IF_ERROR(
            Put(tx, crm::Source{.code = StrCat("s", i), .records_payments = i == 1}).status());
      }
      for (uint64_t i = 0; i <= kRelations; ++i) {  // nobody refers to the last
        crm::Relation relation{.name = StrCat("relation ", i)};
        if (Below(2) == 0) relation.source = Id<crm::Source>(1 + Below(3));
        if (Below(20) == 0) relation.lifecycle_override = static_cast<crm::Lifecycle>(Below(5));
        RELATA_RETURN_IF_ERROR(Put(tx, relation).status());
      }
      for (int i = 0; i < 900; ++i) {
        crm::Order order;
        order.relation = SomeRelation();
        order.ordered_on = SomeDay();
        order.status = static_cast<crm::OrderStatus>(Below(4));
        order.total = Money::Minor(static_cast<int64_t>(Below(20'000)) - 2'000, Currency::Eur());
        if (Below(2) == 0) order.cost = Money::Minor(static_cast<int64_t>(Below(9'000)), Currency::Eur());
        RELATA_ASSIGN_OR_RETURN(const Id<crm::Order> of, Put(tx, order));
        if (Below(3) != 0) continue;
        crm::Invoice invoice;
        invoice.relation = order.relation;
        invoice.order = of;
        invoice.invoiced_on = order.ordered_on;
        if (Below(2) == 0) invoice.paid_on = SomeDay();
        RELATA_ASSIGN_OR_RETURN(const Id<crm::Invoice> invoiced, Put(tx, invoice));
        if (Below(2) == 0) {
          crm::Payment payment;
          payment.invoice = invoiced;
          payment.paid_on = SomeDay();
          RELATA_RETURN_IF_ERROR(Put(tx, payment).status());
        }
      }
      for (int i = 0; i < 80; ++i) {
        crm::Quote quote;
        quote.relation = SomeRelation();
        quote.quoted_on = SomeDay();
        RELATA_RETURN_IF_ERROR(Put(tx, quote).status());
        crm::Interaction interaction;
        interaction.relation = SomeRelation();
        interaction.at = Timestamp{int64_t{SomeDay().days} * 86'400'000'000 + 3'600'000'000};
        RELATA_RETURN_IF_ERROR(Put(tx, interaction).status());
        crm::Ticket ticket;
        ticket.relation = SomeRelation();
        ticket.opened_at = Timestamp{int64_t{SomeDay().days} * 86'400'000'000 - 3'600'000'000};
        RELATA_RETURN_IF_ERROR(Put(tx, ticket).status());
      }
      return tx.Delete(Id<crm::Relation>(kRelations + 1));
    });
    ASSERT_TRUE(filled.ok()) << filled;
  }

  void Same(const PyramidOptions& options) {
    const Snapshot now = db_->Read().value();
    query::Source source = now.source();
    ASSERT_NE(source.columns, nullptr);
    const StatusOr<Pyramid> columns = answers::CustomerPyramid(source, options);
    ASSERT_TRUE(columns.ok()) << columns.status();
    source.columns = nullptr;
    const StatusOr<Pyramid> rows = answers::CustomerPyramid(source, options);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_GT(rows->customers, 20u);
    EXPECT_EQ(columns->customers, rows->customers);
    EXPECT_EQ(columns->total, rows->total);
    EXPECT_EQ(columns->without_measure, rows->without_measure);
    EXPECT_EQ(columns->anonymous_orders, rows->anonymous_orders);
    EXPECT_EQ(columns->anonymous_total, rows->anonymous_total);
    EXPECT_EQ(columns->others, rows->others);
    EXPECT_EQ(columns->moved, rows->moved);
    ASSERT_EQ(columns->members.size(), rows->members.size());
    for (size_t i = 0; i < rows->members.size(); ++i) {
      EXPECT_EQ(columns->members[i].relation, rows->members[i].relation) << i;
      EXPECT_EQ(columns->members[i].minor, rows->members[i].minor) << i;
      EXPECT_EQ(columns->members[i].class_index, rows->members[i].class_index) << i;
    }
  }

  static constexpr uint64_t kRelations = 400;
  std::mt19937_64 random_{11};
  std::string folder_;
  std::optional<Database> db_;
};

TEST_F(PyramidColumnsTest, AgreesWithRows) {
  Fill();
  for (const Date from : {Day(2024, 1, 1), Day(2025, 1, 1), Day(2025, 7, 1)}) {
    for (const bool margin : {false, true}) {
      for (const bool without_payments : {false, true}) {
        PyramidOptions options{.period = {from, from.AddMonths(12).value()}};
        if (margin) options.measure = answers::PyramidMeasure::kMargin;
        options.lifecycle.orders_without_payments_count = without_payments;
        options.lifecycle.period_months = margin ? 6 : 12;
        SCOPED_TRACE(StrCat(from, margin ? " margin" : " revenue", without_payments ? "" : ", paid alone"));
        Same(options);
      }
    }
  }
}

// Many equal ones among far greater ones.
TEST_F(PyramidColumnsTest, RanksManyByMeasureAndThenById) {
  constexpr int kMany = 9'000;
  ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                   for (int i = 0; i < kMany; ++i) {
                     RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> id,
                                             Put(tx, crm::Relation{.name = StrCat("relation ", i)}));
                     crm::Order order;
                     order.relation = id;
                     order.ordered_on = Day(2026, 1, 2);
                     const uint64_t most = i % 3 == 0 ? 40 : 50'000'000'000;
                     order.total = Money::Minor(static_cast<int64_t>(1 + Below(most)), Currency::Eur());
                     RELATA_RETURN_IF_ERROR(Put(tx, order).status());
                   }
                   return absl::OkStatus();
                 })
                  .ok());
  const Snapshot now = db_->Read().value();
  const Pyramid pyramid =
      answers::CustomerPyramid(now.source(), {.period = {Day(2026, 1, 1), Day(2027, 1, 1)}}).value();
  ASSERT_EQ(pyramid.members.size(), static_cast<size_t>(kMany));
  for (size_t i = 1; i < pyramid.members.size(); ++i) {
    const auto& [before, after] = std::tie(pyramid.members[i - 1], pyramid.members[i]);
    EXPECT_TRUE(before.minor > after.minor ||
                (before.minor == after.minor && before.relation < after.relation))
        << i;
  }
}

}  // namespace
}  // namespace relata
