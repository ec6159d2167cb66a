// The model's derived fields say what the answers in C++ say, and a host's own live in the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "relata/crm/crm.h"
#include "relata/engine/answers.h"
#include "relata/engine/database.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/store/store.h"

namespace relata {
namespace {

using crm::Relation;
using testing::HasSubstr;

class DerivedFieldsTest : public testing::Test {
 protected:
  DerivedFieldsTest() {
    folder_ =
        testing::TempDir() + "/derived_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Reopen();
  }
  ~DerivedFieldsTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Reopen() {
    db_.reset();
    Options options;
    options.map_size = 64 << 20;
    options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
    StatusOr<Database> opened = Database::Open(folder_ + "/crm.relata", options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    db_.emplace(*std::move(opened));
  }

  // The value of a condition or number for each relation; -1 where it is null.
  std::map<RecordId, int64_t> Ask(std::string_view text) {
    std::map<RecordId, int64_t> answers;
    const StatusOr<store::Snapshot> now = db_->store()->Read();
    const store::TypeRuntime& type = *now->schema().Find("relation");
    const StatusOr<expr::Program> program =
        expr::Compile(expr::Parse(text).value(), type, now->shared_schema(), text);
    EXPECT_TRUE(program.ok()) << program.status();
    if (!program.ok()) return answers;
    expr::RowEvaluator evaluator(*program, *now);
    for (store::RowCursor at(*now, type); at.Valid(); at.Next()) {
      const StatusOr<expr::Datum> value = evaluator.Evaluate(at.id(), at.row());
      EXPECT_TRUE(value.ok()) << value.status();
      answers[at.id()] = value.ok() && value->present ? value->AsInt() : -1;
    }
    return answers;
  }

  void FillWithTrade(int relations);

  std::string folder_;
  std::optional<Database> db_;
};

// Relations that bought, paid, were quoted and called in every mixture, around the edges of the period.
void DerivedFieldsTest::FillWithTrade(int relations) {
  std::mt19937 random(20260630);
  const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const Date today = Date::FromCivil(2026, 6, 30).value();
  const auto near_edge = [&] {
    const int anchors[] = {0, 1, -1, -200, -364, -365, -366, -500};
    return Date{today.days + anchors[upto(8)]};
  };
  const Status filled = db_->Update([&](Transaction& tx) -> Status {
    crm::Source books{.code = "books", .name = "Books"};
    books.records_payments = true;
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Source> with_payments, tx.Insert(books));
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Source> without,
                            tx.Insert(crm::Source{.code = "shop", .name = "Shop"}));
    for (int i = 0; i < relations; ++i) {
      Relation relation{.name = StrCat("Relation ", i)};
      if (const int source = upto(3); source > 0) relation.source = source == 1 ? with_payments : without;
      if (upto(20) == 0) relation.lifecycle_override = crm::Lifecycle::kProspect;
      RELATA_ASSIGN_OR_RETURN(const Id<Relation> id, tx.Insert(relation));
      for (int n = upto(4); n > 0; --n) {
        crm::Order order{.relation = id};
        order.status = static_cast<crm::OrderStatus>(upto(4));
        order.ordered_on = near_edge();
        order.total = Money::Minor(static_cast<int64_t>(random() % 10'000'000) - 1'000'000, Currency::Eur());
        RELATA_ASSIGN_OR_RETURN(const Id<crm::Order> order_id, tx.Insert(order));
        if (upto(2) == 0) continue;
        crm::Invoice invoice{.relation = id, .order = order_id};
        invoice.status = static_cast<crm::InvoiceStatus>(upto(5));
        invoice.invoiced_on = order.ordered_on;
        if (upto(3) == 0) invoice.paid_on = near_edge();
        invoice.total = order.total;
        if (upto(2) == 0) invoice.vat = Money::Minor(order.total.minor / 5, Currency::Eur());
        invoice.paid = Money::Minor(upto(100'000), Currency::Eur());
        RELATA_ASSIGN_OR_RETURN(const Id<crm::Invoice> invoice_id, tx.Insert(invoice));
        if (upto(3) != 0) continue;
        crm::Payment payment{.relation = id, .invoice = invoice_id};
        payment.paid_on = near_edge();
        payment.amount = Money::Eur(1);
        RELATA_RETURN_IF_ERROR(tx.Insert(payment).status());
      }
      if (upto(3) == 0) {
        RELATA_RETURN_IF_ERROR(tx.Insert(crm::Quote{.relation = id, .quoted_on = near_edge()}).status());
      }
      if (upto(3) == 0) {
        crm::Interaction call{.relation = id};
        call.at = Timestamp{(int64_t{today.days} + upto(3) - 1) * 86'400'000'000 + 79'200'000'000};
        RELATA_RETURN_IF_ERROR(tx.Insert(call).status());
      }
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(filled.ok()) << filled;
}

TEST_F(DerivedFieldsTest, SayWhatTheCardAndThePyramidSay) {
  FillWithTrade(400);
  const std::map<RecordId, int64_t> lifecycle = Ask("lifecycle");
  const std::map<RecordId, int64_t> revenue = Ask("revenue");
  const std::map<RecordId, int64_t> open = Ask("open_amount");
  const Snapshot now = db_->Read().value();
  std::map<crm::Lifecycle, int> met;
  for (const auto& [id, stage] : lifecycle) {
    const StatusOr<answers::RelationCard> card = RelationCardOf(now, Id<Relation>(id));
    ASSERT_TRUE(card.ok()) << card.status();
    EXPECT_EQ(stage, static_cast<int64_t>(card->lifecycle)) << "relation " << id;
    EXPECT_EQ(revenue.at(id), card->revenue.minor) << "relation " << id;
    EXPECT_EQ(open.at(id), card->open_amount.minor) << "relation " << id;
    ++met[card->lifecycle];
  }
  EXPECT_EQ(lifecycle.size(), 400U);
  EXPECT_EQ(met.size(), 5U) << "some stage was never met";

  answers::PyramidOptions options;
  options.period = crm::MonthsUntil(Date::FromCivil(2026, 6, 30).value(), 12);
  const answers::Pyramid pyramid = CustomerPyramid(now, options).value();
  std::map<RecordId, std::string> classes;
  for (const answers::PyramidMember& member : pyramid.members) {
    classes[member.relation] = pyramid.classes[member.class_index].name;
  }
  EXPECT_GT(classes.size(), 100U);
  for (const std::string name : {"top", "large", "medium", "small"}) {
    for (const auto& [id, holds] : Ask(StrCat("tier = '", name, "'"))) {
      const auto found = classes.find(id);
      EXPECT_EQ(holds, found == classes.end() ? -1 : found->second == name ? 1 : 0) << name << ", " << id;
    }
  }
}

TEST_F(DerivedFieldsTest, AHostsOwnAreKeptCheckedAndCarried) {
  const Status wrong = db_->DefineField("relation", "sold", "sum(orders.totl)");
  EXPECT_TRUE(absl::IsInvalidArgument(wrong));
  EXPECT_THAT(std::string(ToStd(wrong.message())),
              HasSubstr("unknown field 'totl' of order; did you mean 'total'?"));
  ASSERT_TRUE(db_->DefineField("relation", "sold", "sum(orders.total)", "Ever").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(db_->DefineField("relation", "name", "1")));
  EXPECT_TRUE(absl::IsAlreadyExists(db_->AddField("relation", {.name = "sold"})));
  ASSERT_TRUE(db_->RenameField("order", "total", "amount").ok());
  Reopen();
  const auto find = [&](std::string_view name) {
    for (const DerivedField& field : db_->DerivedFields()) {
      if (field.name == name) return field.expression;
    }
    return std::string("none");
  };
  EXPECT_EQ(find("sold"), "sum(orders.amount)");
  EXPECT_EQ(find("tier").substr(0, 9), "case when");
  const Status dropped = db_->DropField("order", "amount");
  EXPECT_TRUE(absl::IsFailedPrecondition(dropped)) << dropped;
  EXPECT_TRUE(db_->DropField("relation", "sold").ok());
  EXPECT_EQ(find("sold"), "none");
  EXPECT_TRUE(absl::IsNotFound(db_->DropField("relation", "sold")));
}

}  // namespace
}  // namespace relata
