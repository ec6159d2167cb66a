// Tests that a scan finds the records that the row evaluator finds, for conditions of every kind over random
// records, and that it does so on columns where it should.
#include "src/column/scan.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <random>

#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/store/reader.h"
#include "tests/store/fixture.h"

namespace relata::column {
namespace {

using expr::Program;
using store::Snapshot;
using store::Transaction;
using store::TypeRuntime;
using store::test::Client;
using store::test::Group;
using store::test::Ok;
using store::test::StoreTest;
using store::test::Task;

// How a condition should be answered.
enum class How { kColumns, kRowsToo };

struct Case {
  std::string_view entity;
  std::string_view text;
  How how = How::kColumns;
};

constexpr Case kCases[] = {
    // Ranges of numbers, from either side, joined and not.
    {"client", "rating > 50"},
    {"client", "50 >= rating"},
    {"client", "rating <> 7"},
    {"client", "not rating = 7"},
    {"client", "rating between 10 and 90"},
    {"client", "rating not between 10 and 90"},
    {"client", "rating > 10 and rating <= 200 and rating < 150"},
    {"client", "rating > 90 and rating < 10"},
    {"client", "not (rating > 90 and rating < 10)"},
    {"client", "rating > null"},
    {"client", "not (rating > 10 and rating < null)"},
    {"client", "rating < -9223372036854775807"},
    {"client", "rating in (1, 2, 3, 50, 99, 1000000)"},
    {"client", "rating not in (1, 2, 3, 5, 8, 13, 21, 34, 55)"},
    {"client", "rating not in (1, null)"},
    {"client", "rating is null"},
    {"client", "rating is not null and not (rating > 3) is true"},
    {"client", "rating is distinct from 7"},
    {"client", "credit >= 1000"},
    {"client", "credit = 0"},
    {"client", "mentor = 3"},
    {"client", "currency = 'EUR'"},
    {"task", "due >= date '1975-01-01'"},
    {"task", "due < today() - 60"},
    {"client", "created_at <= now()"},
    {"client", "updated_at > created_at"},
    {"client", "updated_at > timestamp '2026-06-30T10:00:10Z'"},
    {"client", "id < 20"},
    {"client", "id in (1, 2, 3)", How::kRowsToo},
    // One field whose values recur.
    {"client", "home.city = 'city 1'"},
    {"client", "home.city <> 'city 1'"},
    {"client", "home.city in ('city 1', 'city 3', 'nowhere')"},
    {"client", "home.city > 'city 2'"},
    {"client", "home.city like '%1' or home.city like 'c_ty 4'"},
    {"client", "home.city ilike '%CITY 2'"},
    {"client", "home.street starts_with 'street 1'"},
    {"client", "home.street ends_with '7' or home.street contains '33'"},
    {"client", "home.street is null"},
    {"client", "coalesce(home.street, 'none') = 'none'"},
    {"client", "name matches 'name [1-3].*'"},
    {"client", "name = 'name 12' or code = 'c7'"},
    {"client", "not name like '%1%'"},
    {"client", "fold(name) = 'name 12'"},
    {"client", "similar(name, 'name 120') >= 0.97"},
    {"client", "search(name, 'name 4')"},
    {"client", "home.street > null"},
    {"client", "'tag1' in tags"},
    {"client", "tags has any ('tag1', 'tag2')"},
    {"client", "tags has all ('tag1', 'always') or tags is empty"},
    {"client", "1 in groups"},
    {"client", "groups has none (1, 2)"},
    {"client", "mentor.name = 'name 12'"},
    {"client", "mentor.mentor.home.city = 'city 1'"},
    {"client", "mentor.rating is null"},
    {"client", "not (mentor.rating > 10)"},
    {"task", "client.home.city = 'city 2' and due > date '1972-01-01'"},
    {"client", "mentor.home.city in ('city 1', 'city 2', null)"},
    {"client", "mentor.rating in (1, 2, 3, 4, 5)"},
    {"client", "mentor.rating between 10 and 60"},
    {"client", "mentor.name like '%1%' and mentor.home.street is null"},
    {"client", "mentor.credit is distinct from 5"},
    {"task", "client.rating > 10 or client.name > 'name 4'"},
    {"client", "mentor.mentor.rating < 50"},
    {"client", "mentor.rating > rating"},
    {"client", "coalesce(mentor.mentor.rating, 0) * 2 > mentor.rating"},
    {"client", "not coalesce(mentor.rating > 10, false)"},
    {"task", "client.mentor.rating + 1 > client.rating"},
    {"client", "sum(tasks.client.rating) > 100"},
    {"client", "exists(tasks where client.home.city = 'city 1')"},
    {"client", "count(pupils where mentor.rating > 50) > 0"},
    {"task", "year(due) = 1974"},
    {"task", "month(due) in (1, 2) or week(due) = 53"},
    {"task", "age(due) > 50"},
    {"task", "anniversary(due, within 30 days)"},
    {"task", "about is null"},
    {"task", "case when due > date '1975-01-01' then true else false end"},
    // Computed values.
    {"client", "rating * 2 + 1 > 101"},
    {"client", "rating + 9223372036854775807 > 0"},
    {"client", "(rating + 9223372036854775807 > 0) is null"},
    {"client", "rating / 0 = 1 or rating / 3 = 5"},
    {"client", "-rating < -50"},
    {"client", "rating * 1.5 > 20.25"},
    {"client", "credit * 1.21 > 1000"},
    {"client", "credit / 3 > 100"},
    {"client", "mentor > id"},
    {"client", "mentor is distinct from id"},
    {"client", "mentor = id or mentor <> id"},
    {"client", "coalesce(mentor, id) < 30"},
    {"client", "(rating + rating * 2) is null"},
    {"client", "1e0 * rating > 5.5e0"},
    {"client", "1e0 * rating <= 5.5e0 or 1e0 * rating = 7e0"},
    {"task", "due + 30 > date '1975-06-30'"},
    {"task", "due - date '1970-01-01' > 1000"},
    {"task", "due + interval '1 month' > date '1975-02-28'"},
    // Related records.
    {"client", "exists(tasks)"},
    {"client", "not exists(tasks where due > date '1975-01-01')"},
    {"client", "none(tasks where due > date '1975-01-01')"},
    {"client", "all(tasks, due > date '1972-01-01')"},
    {"client", "count(tasks) = 0"},
    {"client", "count(tasks where due < date '1976-01-01') >= 2"},
    {"client", "count(pupils.rating) > 0"},
    {"client", "sum(pupils.rating) > 100"},
    {"client", "sum(pupils.rating) = 0"},
    {"client", "sum(pupils.credit where rating > 3) > 500"},
    {"client", "avg(pupils.rating) > 50.5e0"},
    {"client", "avg(pupils.credit) >= 100"},
    {"client", "avg(pupils.rating) is null"},
    {"client", "min(tasks.due) < date '1971-01-01' or max(tasks.due) > date '1979-01-01'"},
    {"client", "max(pupils.rating) > min(pupils.rating) * 2 + 100"},
    {"client", "max(tasks.due) < date '1975-01-01'"},
    {"client", "max(tasks.due) >= date '1975-01-01'"},
    {"client", "min(tasks.due where due > date '1972-01-01') > date '1974-06-01'"},
    {"client", "min(tasks.due) <= date '1974-06-01'"},
    {"client", "date '1975-01-01' >= max(tasks.due)"},
    {"client", "max(pupils.rating) < 150"},
    {"client", "min(pupils.rating where home.city = 'city 1') >= 0"},
    {"client", "max(pupils.rating) < null"},
    {"client", "max(tasks.due) = date '1978-01-01' or max(pupils.rating) = 179"},
    {"client", "min(pupils.credit) * 2 < 100"},
    {"group", "max(members.rating) < 175"},
    {"group", "max(mentions.due) > date '1979-06-01'"},
    {"client", "first(tasks.due) = last(tasks.due)"},
    {"client", "last(tasks.due) < date '1975-01-01'"},
    {"client", "last(pupils.rating) > 10"},
    {"client", "first(pupils.rating) > 10"},
    {"client", "exists(mentions)"},
    {"group", "count(members) > 3"},
    {"group", "count(members where home.city = 'city 1') > 1"},
    {"group", "exists(mentions where due > date '1973-01-01')"},
    {"group", "sum(members.rating where exists(tasks where due > date '1974-01-01')) > 100"},
    {"client", "count(mentor.tasks) > 1"},
    {"client", "exists(mentor.tasks where due > date '1974-01-01')"},
    {"client", "count(pupils where count(tasks) > 1) > 0"},
    // What columns leave to the rows.
    {"client", "name = home.city", How::kRowsToo},
    {"client", "distinct(tasks.due) > 1", How::kRowsToo},
    {"client", "rating > 20 and exists(tasks where due > date '1970-01-01' + outer.rating)", How::kRowsToo},
    {"client", "exists(pupils where outer.rating > rating)", How::kRowsToo},
    {"client", "home.city = 'city 1' or max(pupils.name) > 'name 5'", How::kRowsToo},
    {"client", "top 10 by rating", How::kRowsToo},
    {"client", "sample(30 percent, 'seed') and rating > 20", How::kRowsToo},
    {"client", "percentile(rating) >= 0.9", How::kRowsToo},
    {"group", "descendant_of(1) and name <> 'x'", How::kRowsToo},
    // What no record decides.
    {"client", "1 = 1"},
    {"client", "null is null and rating > 5"},
    {"client", "today() < date '2000-01-01' or rating > 5"},
};

class ScanTest : public StoreTest {
 protected:
  int added_ = 0;

  void Fill(uint64_t seed, int clients) {
    std::mt19937_64 random(seed);
    const auto pick = [&](uint64_t below) { return random() % below; };
    std::vector<Id<Client>> ids;
    std::vector<Id<Group>> groups;
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < 12; ++i) {
        Group group{.name = StrCat("group ", i)};
        if (i > 0 && pick(3) != 0) group.parent = groups[pick(groups.size())];
        RELATA_ASSIGN_OR_RETURN(const Id<Group> id, store::test::Insert(tx, group));
        groups.push_back(id);
      }
      for (int i = 0; i < clients; ++i) {
        Client client{.code = StrCat("c", i), .name = StrCat("name ", pick(500))};
        client.home.city = StrCat("city ", pick(5));
        if (pick(2) == 0) client.home.street = StrCat("street ", pick(50'000));
        if (pick(3) != 0) client.rating = static_cast<int64_t>(pick(200)) - 20;
        if (pick(2) == 0) client.tags = {StrCat("tag", pick(3)), "always"};
        for (uint64_t g = pick(4); g > 0; --g) client.groups.insert(groups[pick(groups.size())]);
        if (!ids.empty() && pick(3) != 0) client.mentor = ids[pick(std::min<size_t>(ids.size(), 40))];
        if (pick(4) != 0) client.credit = Money::Eur(static_cast<int64_t>(pick(2000)));
        RELATA_ASSIGN_OR_RETURN(const Id<Client> id, store::test::Insert(tx, client));
        ids.push_back(id);
        for (uint64_t t = pick(4); t > 0; --t) {
          Task task{.client = ids[pick(ids.size())], .due = Date{static_cast<int32_t>(pick(3650))}};
          if (pick(3) == 0) task.about = id;
          if (pick(3) == 0) task.about = groups[pick(groups.size())];
          RELATA_RETURN_IF_ERROR(store::test::Insert(tx, task).status());
        }
      }
      return absl::OkStatus();
    })));
    clock_->Advance(Duration{20'000'000});
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < clients / 10; ++i) {
        const size_t at = pick(ids.size());
        if (pick(2) == 0) {
          RELATA_RETURN_IF_ERROR(store::test::Erase(tx, ids[at]));
          ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at));
        } else {
          RELATA_ASSIGN_OR_RETURN(Client client, store::test::Load(tx, ids[at]));
          client.name.append(" b");
          RELATA_RETURN_IF_ERROR(store::test::Change(tx, client));
        }
      }
      return absl::OkStatus();
    })));
  }

  static StatusOr<Program> Compiled(const Snapshot& at, std::string_view entity, std::string_view text) {
    RELATA_ASSIGN_OR_RETURN(const expr::Expr tree, expr::Parse(text));
    return expr::CompileCondition(tree, *at.schema().Find(entity), at.shared_schema(), text);
  }

  static std::vector<RecordId> ByRows(const Program& program, const Snapshot& at) {
    expr::RowEvaluator evaluator(program, at);
    std::vector<RecordId> ids;
    store::RowCursor row(at, program.entity());
    for (; row.Valid(); row.Next()) {
      const StatusOr<bool> matches = evaluator.Matches(row.id(), row.row());
      EXPECT_TRUE(Ok(matches));
      if (matches.value_or(false)) ids.push_back(row.id());
    }
    EXPECT_TRUE(Ok(row.status()));
    return ids;
  }

  // Compares one condition, and gives how many records it found.
  size_t Check(ColumnCache* cache, const Snapshot& at, const Case& c) {
    SCOPED_TRACE(StrCat(c.entity, ": ", c.text));
    const StatusOr<Program> program = Compiled(at, c.entity, c.text);
    EXPECT_TRUE(Ok(program));
    if (!program.ok()) return 0;
    StatusOr<Scan> scan = Scan::Open(*program, at, cache);
    EXPECT_TRUE(Ok(scan));
    if (!scan.ok()) return 0;
    std::vector<RecordId> found;
    EXPECT_TRUE(Ok(scan->AppendIds(&found)));
    EXPECT_EQ(found, ByRows(*program, at)) << scan->Describe();
    EXPECT_EQ(scan->Count().value_or(UINT64_MAX), found.size());
    if (c.how == How::kColumns) {
      EXPECT_TRUE(Scan::Supports(*program));
      EXPECT_EQ(scan->rows_asked(), 0u) << scan->Describe();
    } else {
      EXPECT_GT(scan->rows_asked(), 0u) << scan->Describe();
    }
    return found.size();
  }
};

TEST_F(ScanTest, FindsWhatTheRowEvaluatorFinds) {
  Fill(1, 700);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  for (const Case& c : kCases) Check(&cache, *at, c);
}

TEST_F(ScanTest, FindsItsNegationsAndNullsToo) {
  Fill(2, 300);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  for (const Case& c : kCases) {
    Check(&cache, *at, {c.entity, StrCat("not (", c.text, ")"), c.how});
    Check(&cache, *at, {c.entity, StrCat("(", c.text, ") is null"), c.how});
    Check(&cache, *at, {c.entity, StrCat("(", c.text, ") is not true"), c.how});
    Check(&cache, *at, {c.entity, StrCat("(", c.text, ") is false"), c.how});
  }
}

TEST_F(ScanTest, RandomJunctionsAgree) {
  Fill(3, 300);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    bool rows = false;
    for (int part = 0; part < 3; ++part) {
      const Case* c = nullptr;
      do {
        c = &kCases[random() % std::size(kCases)];
      } while (c->entity != "client");
      if (part > 0) text += random() % 2 == 0 ? " and " : " or ";
      text += StrCat(random() % 3 == 0 ? "not " : "", "(", c->text, ")");
      rows |= c->how == How::kRowsToo;
    }
    SCOPED_TRACE(text);
    const StatusOr<Program> program = Compiled(*at, "client", text);
    ASSERT_TRUE(Ok(program));
    StatusOr<Scan> scan = Scan::Open(*program, *at, &cache);
    ASSERT_TRUE(Ok(scan));
    std::vector<RecordId> found;
    ASSERT_TRUE(Ok(scan->AppendIds(&found)));
    ASSERT_EQ(found, ByRows(*program, *at)) << scan->Describe();
    if (!rows) {
      EXPECT_EQ(scan->rows_asked(), 0u) << scan->Describe();
    }
  }
}

TEST_F(ScanTest, EveryInstructionSetGivesTheSameAnswers) {
  Fill(4, 200);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    for (const Case& c : kCases) Check(&cache, *at, c);
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST_F(ScanTest, ManyChunksAndALimit) {
  constexpr uint64_t kGroups = 3 * kChunkRecords + 100;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    for (uint64_t i = 0; i < kGroups; ++i) {
      Group group{.name = StrCat("group ", i % 1000)};
      if (i >= 10) group.peer = Id<Group>(i % 10 + 1);
      RELATA_RETURN_IF_ERROR(store::test::Insert(tx, group).status());
    }
    return absl::OkStatus();
  })));
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  const StatusOr<Program> program = Compiled(*at, "group", "name = 'group 7'");
  ASSERT_TRUE(Ok(program));
  StatusOr<Scan> scan = Scan::Open(*program, *at, &cache);
  ASSERT_TRUE(Ok(scan));
  EXPECT_EQ(scan->Count().value(), kGroups / 1000 + 1);
  std::vector<RecordId> ids;
  ASSERT_TRUE(Ok(scan->AppendIds(&ids, 5)));
  EXPECT_EQ(ids, (std::vector<RecordId>{8, 1008, 2008, 3008, 4008}));
  Check(&cache, *at, {"group", "peer = 3 and name like '%12'"});
  Check(&cache, *at, {"group", "count(peers where name like '%12') > 2"});
  Check(&cache, *at, {"group", "name = 'group 5' and peer.name = 'group 5'"});
}

TEST_F(ScanTest, ASumThatLeavesSixtyFourBitsOnTheWayMayComeBack) {
  const Id<Client> mentor = AddClient("m");
  const Id<Client> other = AddClient("o");
  const auto add = [&](Id<Client> of, int64_t rating) {
    Client client{.code = StrCat("r", ++added_), .rating = rating, .mentor = of};
    Add(client);
  };
  add(mentor, INT64_MAX);
  add(mentor, INT64_MAX);
  add(mentor, -INT64_MAX);
  add(other, INT64_MAX);
  add(other, 1);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  EXPECT_EQ(Check(&cache, *at, {"client", "sum(pupils.rating) = 9223372036854775807"}), 1u);
  EXPECT_EQ(Check(&cache, *at, {"client", "sum(pupils.rating) is null"}), 1u);
}

// The groups of a client and what a task is about are met as the pass goes, after it is known how far sums
// may reach.
TEST_F(ScanTest, ASumThatLeavesSixtyFourBitsIsNullForParentsMetOnTheWayToo) {
  const Id<Group> both = Add(Group{.name = "both"});
  const Id<Group> one = Add(Group{.name = "one"});
  const auto add = [&](Set<Id<Group>> groups, int64_t rating) {
    Add(Client{.code = StrCat("r", ++added_), .rating = rating, .groups = std::move(groups)});
  };
  add({both, one}, INT64_MAX);
  add({both}, 1);
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  EXPECT_EQ(Check(&cache, *at, {"group", "sum(members.rating) is null"}), 1u);
  EXPECT_EQ(Check(&cache, *at, {"group", "sum(members.rating) = 9223372036854775807"}), 1u);
  EXPECT_EQ(Check(&cache, *at, {"group", "sum(members.rating) <> 9223372036854775807"}), 0u);
}

TEST_F(ScanTest, FewRecordsThatReferToManyAskForTheirsAlone) {
  Id<Client> last;
  for (int i = 0; i < 40; ++i) last = AddClient(StrCat("c", i), StrCat("name ", i));
  Add(Task{.client = last, .due = Date{100}});
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  ColumnCache cache;
  EXPECT_EQ(Check(&cache, *at, {"task", "client.name = 'name 39'"}), 1u);
  EXPECT_EQ(Check(&cache, *at, {"task", "client.name in ('name 3', 'name 5')"}), 0u);
  const FieldId name = at->schema().Find("client")->type->FindField("name")->id;
  EXPECT_FALSE(cache.Holds(at->schema().Find("client")->type->id, std::span(&name, 1)));
}

TEST_F(ScanTest, AnOldSnapshotIsLeftToTheRows) {
  AddClient("a");
  const StatusOr<Snapshot> early = store_->Read();
  ASSERT_TRUE(Ok(early));
  AddClient("b");
  const StatusOr<Snapshot> late = store_->Read();
  ASSERT_TRUE(Ok(late));
  ColumnCache cache;
  Check(&cache, *late, {"client", "code = 'b'"});
  const StatusOr<Program> program = Compiled(*early, "client", "code = 'b'");
  ASSERT_TRUE(Ok(program));
  EXPECT_TRUE(absl::IsUnavailable(Scan::Open(*program, *early, &cache).status()));
}

TEST_F(ScanTest, SaysWhatItNeedsAndHowItGoesAbout) {
  const StatusOr<Snapshot> at = store_->Read();
  ASSERT_TRUE(Ok(at));
  const StatusOr<Program> program =
      Compiled(*at, "client", "rating > 5 and exists(tasks where due > today() - 60) and name = home.city");
  ASSERT_TRUE(Ok(program));
  EXPECT_TRUE(Scan::Supports(*program));
  const TypeRuntime& client = *at->schema().Find("client");
  const TypeRuntime& task = *at->schema().Find("task");
  const std::vector<NeededColumns> needs = Scan::Needs(*program);
  ASSERT_EQ(needs.size(), 2u);
  for (const NeededColumns& need : needs) {
    if (need.type == client.type->id) {
      EXPECT_EQ(need.slots, std::vector<FieldId>{client.type->FindField("rating")->id});
    } else {
      EXPECT_EQ(need.type, task.type->id);
      EXPECT_EQ(need.slots,
                (std::vector<FieldId>{task.type->FindField("client")->id, task.type->FindField("due")->id}));
    }
  }
  ColumnCache cache;
  const StatusOr<Scan> scan = Scan::Open(*program, *at, &cache);
  ASSERT_TRUE(Ok(scan));
  EXPECT_EQ(scan->Describe(),
            "all of\n"
            "  numbers: rating in a range\n"
            "  related task: exists\n"
            "    numbers: due in a range\n"
            "  rows: =\n");
  const StatusOr<Program> rows = Compiled(*at, "client", "name = home.city or rating > 5");
  ASSERT_TRUE(Ok(rows));
  EXPECT_FALSE(Scan::Supports(*rows));
}

}  // namespace
}  // namespace relata::column
