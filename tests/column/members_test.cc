// Tests that a scan asks for members by masks, and finds what rows find.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "relata/expr/text.h"
#include "src/column/scan.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "tests/store/fixture.h"
#include "tests/store/told_members.h"

namespace relata::column {
namespace {

using expr::Program;
using store::test::Client;
using store::test::Ok;
using store::test::StoreTest;
using store::test::Task;
using store::test::ToldMembers;

class MembersTestTest : public StoreTest {
 protected:
  void Fill(int clients) {
    ASSERT_TRUE(Ok(Update([&](store::Transaction& tx) -> Status {
      for (int i = 1; i <= clients; ++i) {
        Client client{.code = StrCat("c", i), .name = StrCat("name ", i % 7), .rating = i % 10};
        RELATA_ASSIGN_OR_RETURN(const Id<Client> id, store::test::Insert(tx, client));
        if (i % 3 != 0) continue;
        Task task{.client = id, .due = Date{i}};
        RELATA_RETURN_IF_ERROR(store::test::Insert(tx, task).status());
      }
      return absl::OkStatus();
    })));
    for (const auto& [name, entity] : {std::pair("even", "client"), {"late", "task"}}) {
      ASSERT_TRUE(Ok(store_->ChangeSchema([&, name = name, entity = entity](schema::Catalogue& catalogue) {
        return catalogue.DefineSegment(entity, name, "true", "");
      })));
    }
  }
};

TEST_F(MembersTestTest, FindsWhatRowsFind) {
  constexpr int kClients = 40'000;  // over several chunks
  Fill(kClients);
  ToldMembers members;
  members.of = {{1, {}}, {2, {}}};
  for (RecordId id = 2; id <= kClients; id += 2) members.of[1].insert(id);
  for (RecordId id = 5'000; id < 6'000; ++id) members.of[2].insert(id);
  store::Snapshot at = store_->Read().value();
  at.set_membership(&members);
  ColumnCache cache;
  for (const std::string text : {"in segment 'even'", "not in segment 'even'", "in segment 'even' is null",
                                 "in segment 'even' and rating > 6", "rating = 4 or in segment 'even'",
                                 "exists(tasks where in segment 'late')"}) {
    const Program program = expr::CompileCondition(expr::Parse(text).value(), *at.schema().Find("client"),
                                                   at.shared_schema(), text)
                                .value();
    members.asked_for_all = 0;
    StatusOr<Scan> scan = Scan::Open(program, at, &cache);
    ASSERT_TRUE(Ok(scan)) << text;
    std::vector<RecordId> found;
    ASSERT_TRUE(Ok(scan->AppendIds(&found))) << text;
    EXPECT_EQ(scan->rows_asked(), 0U) << scan->Describe();
    EXPECT_EQ(members.asked_for_all, 1) << text;
    std::vector<RecordId> by_rows;
    expr::RowEvaluator rows(program, at);
    for (store::RowCursor row(at, program.entity()); row.Valid(); row.Next()) {
      if (rows.Matches(row.id(), row.row()).value()) by_rows.push_back(row.id());
    }
    EXPECT_EQ(found, by_rows) << text;
  }
}

TEST_F(MembersTestTest, AReaderThatKnowsNoneSaysSo) {
  Fill(3);
  const store::Snapshot at = store_->Read().value();
  ColumnCache cache;
  const std::string text = "in segment 'even'";
  const Program program =
      expr::CompileCondition(expr::Parse(text).value(), *at.schema().Find("client"), at.shared_schema(), text)
          .value();
  StatusOr<Scan> scan = Scan::Open(program, at, &cache);
  ASSERT_TRUE(Ok(scan));
  EXPECT_NE(scan->Describe().find("members: of the segment 'even'"), std::string::npos);
  std::vector<RecordId> found;
  EXPECT_TRUE(absl::IsFailedPrecondition(scan->AppendIds(&found)));
}

}  // namespace
}  // namespace relata::column
