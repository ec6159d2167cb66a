// Tests the relation card, and that the facts of one relation, found through indexes, equal those of a walk
// over all.
#include "relata/answers/card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "relata/crm/crm.h"
#include "relata/engine/answers.h"
#include "relata/engine/database.h"
#include "src/answers/facts.h"
#include "tests/base/values.h"

namespace relata {
namespace {

using answers::CardCollection;
using answers::CardField;
using answers::CardItem;
using answers::RelationCard;
using namespace crm;  // NOLINT: the test is about its types
using ::testing::ElementsAre;

Money Eur(int64_t cents) { return Money::Minor(cents, Currency::Eur()); }

class CardTest : public testing::Test {
 protected:
  CardTest() {
    folder_ = testing::TempDir() + "/card_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Options options;
    options.map_size = 64 << 20;
    options.durability = Durability::kUnsafe;
    options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
    StatusOr<Database> opened = Database::Open(folder_ + "/crm.relata", options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    db_.emplace(*std::move(opened));
  }
  ~CardTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  template <class T>
  Id<T> Add(const T& entity) {
    StatusOr<Id<T>> id = db_->Update([&](Transaction& tx) { return tx.Insert(entity); });
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or(Id<T>());
  }
  RelationCard CardOf(Id<Relation> id, const answers::CardOptions& options = {}) {
    StatusOr<RelationCard> card = RelationCardOf(db_->Read().value(), id, options);
    EXPECT_TRUE(card.ok()) << card.status();
    return card.value_or(RelationCard());
  }
  static const CardCollection* Find(const std::vector<CardCollection>& collections, std::string_view name) {
    for (const CardCollection& collection : collections) {
      if (collection.name == name) return &collection;
    }
    return nullptr;
  }
  static std::string Shown(const std::vector<CardField>& fields, std::string_view name) {
    for (const CardField& field : fields) {
      if (field.name == name) return field.shown;
    }
    return "(none)";
  }

  std::string folder_;
  std::optional<Database> db_;
};

TEST_F(CardTest, ShowsAllThatIsAttachedNewestFirst) {
  const Id<User> manager = Add(User{.name = "Anna de Vries"});
  const Id<Source> erp = Add(Source{.code = "erp", .name = "Exact", .records_payments = true});
  const Id<Relation> id = Add(Relation{
      .name = "Bakkerij Jansen", .visiting = {.city = "Utrecht"}, .account_manager = manager, .source = erp});
  Add(Relation{.name = "Iemand anders"});
  Add(ExternalKey{.source = erp,
                  .entity_type = "relation",
                  .code = "10\x1f"
                          "042",
                  .record = id});
  const Id<Person> jan =
      Add(Person{.relations = {id}, .first_name = "Jan", .particle = "van den", .last_name = "Berg"});
  Add(Consent{
      .party = jan, .purpose = "newsletter", .given_at = Timestamp::Parse("2025-01-01T00:00:00Z").value()});
  const Id<Order> old_order =
      Add(Order{.number = "O-1", .relation = id, .ordered_on = Day(2025, 6, 30), .total = Eur(10'000)});
  const Id<Order> new_order =
      Add(Order{.number = "O-2", .relation = id, .ordered_on = Day(2026, 3, 1), .total = Eur(25'000)});
  Add(OrderLine{.order = new_order, .line = 1, .description = "Meel", .ordered_on = Day(2026, 3, 1)});
  const Id<Invoice> invoice = Add(Invoice{.number = "F-1",
                                          .relation = id,
                                          .order = new_order,
                                          .status = InvoiceStatus::kPartlyPaid,
                                          .invoiced_on = Day(2026, 3, 2),
                                          .total = Eur(25'000),
                                          .vat = Eur(5'250),
                                          .paid = Eur(10'000)});
  Add(Payment{.relation = id, .invoice = invoice, .paid_on = Day(2026, 4, 1), .amount = Eur(10'000)});
  Add(Interaction{.channel = Channel::kVisit,
                  .at = Timestamp::Parse("2026-05-01T09:00:00Z").value(),
                  .relation = id,
                  .persons = {jan},
                  .subject = "Kennismaking"});
  // A type of the host's own, made at run time, shows too.
  ASSERT_TRUE(db_->AddEntity({.name = "machine",
                              .fields = {{.name = "name"},
                                         {.name = "owner",
                                          .type = ValueType::kReference,
                                          .targets = {"relation"},
                                          .inverse = "machines"}}})
                  .ok());
  ASSERT_TRUE(db_->Update([&](Transaction& tx) {
                   return tx.Insert(Record("machine").Set("name", "Oven 3").Set("owner", Reference{id.value}))
                       .status();
                 })
                  .ok());

  const RelationCard card = CardOf(id);
  EXPECT_EQ(card.name, "Bakkerij Jansen");
  EXPECT_TRUE(IsRelationNumber(card.number));
  EXPECT_EQ(card.lifecycle, Lifecycle::kCustomer);
  // The order of 30 June 2025 is a year and no day old: twelve months until today begin on it.
  EXPECT_EQ(card.revenue, Eur(35'000));
  EXPECT_EQ(card.open_amount, Eur(25'000 + 5'250 - 10'000));
  ASSERT_EQ(card.external_keys.size(), 1u);
  EXPECT_EQ(card.external_keys[0].source, "Exact");
  EXPECT_EQ(card.external_keys[0].code, "10 / 042");
  EXPECT_EQ(Shown(card.fields, "account_manager"), "Anna de Vries");
  EXPECT_EQ(Shown(card.fields, "visiting.city"), "Utrecht");
  EXPECT_EQ(Shown(card.fields, "visiting.street"), "(none)");

  std::vector<std::string> names;
  for (const CardCollection& collection : card.collections) names.push_back(collection.name);
  EXPECT_THAT(names, ElementsAre("contacts", "interactions", "invoices", "machines", "orders", "payments"));
  const CardCollection* orders = Find(card.collections, "orders");
  ASSERT_EQ(orders->total, 2u);
  EXPECT_EQ(orders->items[0].id, new_order.value);
  EXPECT_EQ(orders->items[1].id, old_order.value);
  EXPECT_EQ(orders->items[0].title, "O-2");
  EXPECT_EQ(orders->items[0].moment, Value(Day(2026, 3, 1)));
  ASSERT_NE(Find(orders->items[0].nested, "lines"), nullptr);
  EXPECT_EQ(Find(orders->items[0].nested, "lines")->items[0].title, "Meel");
  const CardItem& contact = Find(card.collections, "contacts")->items[0];
  EXPECT_EQ(contact.title, "Jan van den Berg");
  ASSERT_NE(Find(contact.nested, "consents"), nullptr);
  EXPECT_EQ(Shown(Find(card.collections, "interactions")->items[0].fields, "persons"), "Jan van den Berg");
  EXPECT_EQ(Find(card.collections, "machines")->items[0].title, "Oven 3");

  EXPECT_EQ(Find(CardOf(id, {.limit = 1}).collections, "orders")->items.size(), 1u);
  EXPECT_EQ(Find(CardOf(id, {.limit = 1}).collections, "orders")->total, 2u);
}

TEST_F(CardTest, SaysWhichRelationIsNotThere) {
  const Status missing = RelationCardOf(db_->Read().value(), Id<Relation>(7)).status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_EQ(missing.message(), "there is no relation 7");
}

TEST_F(CardTest, FactsOfOneEqualThoseOfAll) {
  std::mt19937 random(3);
  const Id<Source> paid = Add(Source{.code = "erp", .name = "Exact", .records_payments = true});
  constexpr uint64_t kRelations = 40;
  const Date today = Day(2026, 6, 30);
  const Status filled = db_->Update([&](Transaction& tx) -> Status {
    for (uint64_t i = 1; i <= kRelations; ++i) {
      Relation relation{.name = "r"};
      if (i % 2 == 0) relation.source = paid;
      if (i % 9 == 0) relation.lifecycle_override = Lifecycle::kProspect;
      RELATA_RETURN_IF_ERROR(tx.Insert(relation).status());
    }
    auto some_day = [&] { return Date{today.days - 600 + static_cast<int32_t>(random() % 700)}; };
    for (int i = 0; i < 120; ++i) {
      const Id<Relation> of(random() % kRelations + 1);
      RELATA_ASSIGN_OR_RETURN(const Id<Order> order,
                              tx.Insert(Order{.relation = of,
                                              .status = static_cast<OrderStatus>(random() % 4),
                                              .ordered_on = some_day(),
                                              .total = Eur(100)}));
      if (random() % 2 == 0) continue;
      Invoice invoice{.relation = of, .order = order, .invoiced_on = some_day(), .total = Eur(100)};
      if (random() % 3 == 0) invoice.paid_on = some_day();
      RELATA_ASSIGN_OR_RETURN(const Id<Invoice> invoice_id, tx.Insert(invoice));
      if (random() % 2 == 0) continue;
      RELATA_RETURN_IF_ERROR(
          tx.Insert(Payment{.relation = of, .invoice = invoice_id, .paid_on = some_day(), .amount = Eur(1)})
              .status());
    }
    for (int i = 0; i < 20; ++i) {
      const Id<Relation> of(random() % kRelations + 1);
      RELATA_RETURN_IF_ERROR(
          tx.Insert(Quote{.relation = of, .quoted_on = some_day(), .total = Eur(1)}).status());
      Interaction interaction{.relation = of};
      interaction.at = Timestamp{int64_t{some_day().days} * 86'400'000'000};
      RELATA_RETURN_IF_ERROR(tx.Insert(interaction).status());
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(filled.ok()) << filled;

  const Snapshot now = db_->Read().value();
  const LifecycleRule rule;
  const answers::AllFacts all = answers::GatherFacts(now.store_reader(), today, rule).value();
  std::array<int, 5> seen = {};
  for (RecordId id = 1; id <= kRelations; ++id) {
    const RelationFacts one = answers::FactsOf(now.store_reader(), id, today, rule).value();
    const RelationFacts& of_all = all.by_id[id].facts;
    EXPECT_TRUE(all.by_id[id].exists);
    EXPECT_EQ(one.first_paid_purchase, of_all.first_paid_purchase) << id;
    EXPECT_EQ(one.last_paid_purchase, of_all.last_paid_purchase) << id;
    EXPECT_EQ(one.has_quote, of_all.has_quote) << id;
    EXPECT_EQ(one.has_contact, of_all.has_contact) << id;
    EXPECT_EQ(one.overridden, of_all.overridden) << id;
    ++seen[static_cast<size_t>(DeriveLifecycle(one, today, rule))];
  }
  // The data meets more than one kind, so that equality means something.
  EXPECT_GT(seen[static_cast<size_t>(Lifecycle::kCustomer)], 0);
  EXPECT_GT(seen[static_cast<size_t>(Lifecycle::kInactive)] + seen[static_cast<size_t>(Lifecycle::kSuspect)],
            0);
}

}  // namespace
}  // namespace relata
