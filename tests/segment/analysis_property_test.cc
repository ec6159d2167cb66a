// Random conditions over random worlds. A write must change no answer but those its dependencies lead to, and
// time none but at the moments told. What is found beside that is counted.
//
// RELATA_FULL asks many more; RELATA_SEED=n begins at that world.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/segment/analysis.h"
#include "src/segment/course.h"
#include "src/segment/dependents.h"
#include "src/segment/moments.h"
#include "src/store/transaction.h"
#include "tests/query/lab.h"

namespace relata::segment {
namespace {

using twin::FirstSeed;
using twin::Lab;
using twin::Random;

size_t Worlds() { return std::getenv("RELATA_FULL") != nullptr ? 600 : 12; }

struct Question {
  std::string text;
  expr::Program program;
  Analysis analysis;
};

std::vector<Question> Questions(const Lab& lab, Random* random, size_t count) {
  std::vector<Question> questions;
  const auto schema = lab.snapshot().shared_schema();
  twin::Generator generator(lab.world(), random);
  for (size_t i = 0; i < 4 * count && questions.size() < count; ++i) {
    const std::string& entity = random->Of(lab.world().schema.entities).name;
    const expr::Expr tree = lab.Reread(generator.Condition(entity, 1 + static_cast<int>(random->Below(5))));
    if (!tree) continue;
    StatusOr<expr::Program> program = expr::CompileCondition(tree, *schema->Find(entity), schema);
    if (!program.ok()) continue;
    Analysis analysis = Analyse(*program);
    questions.push_back({StrCat(entity, ": ", expr::Print(tree)), *std::move(program), std::move(analysis)});
  }
  return questions;
}

// Conditions on every date of an entity and of its collections, in all the ways in which the clock is
// compared.
std::vector<Question> TimeQuestions(const Lab& lab, Random* random) {
  constexpr const char* kTests[] = {"$ >= today() - %",
                                    "$ < now() - interval '% hours'",
                                    "$ > now() - interval '% months'",
                                    "$ <= today() - interval '% months'",
                                    "today() - $ > %",
                                    "age($) >= %",
                                    "age($) = 0 - %",
                                    "age($) in (%, 1)",
                                    "$ + interval '% months' < today()",
                                    "$ in last month",
                                    "$ in this week",
                                    "not ($ between today() - % and today())",
                                    "coalesce($, today() - %) > date '2026-03-01'",
                                    "coalesce($, date '2026-03-29') = today() - %",
                                    "$ >= fiscal_year_start()",
                                    "$ is distinct from today() + %"};
  std::vector<Question> questions;
  const auto schema = lab.snapshot().shared_schema();
  const TimeZone zone = TimeZone::Load(lab.world().schema.time_zone).value();
  const auto ask = [&](const twin::TwinEntity& entity, const std::string& text) {
    const StatusOr<expr::Expr> tree = expr::Parse(text, zone);
    ASSERT_TRUE(tree.ok()) << text << ": " << tree.status();
    StatusOr<expr::Program> program = expr::CompileCondition(*tree, *schema->Find(entity.name), schema);
    if (!program.ok()) return;
    Analysis analysis = Analyse(*program);
    questions.push_back({StrCat(entity.name, ": ", text), *std::move(program), std::move(analysis)});
  };
  const auto test_of = [&](const std::string& value) {
    std::string text = random->Of(kTests);
    for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) text.replace(at, 1, value);
    for (size_t at = text.find('%'); at != std::string::npos; at = text.find('%')) {
      text.replace(at, 1, StrCat(random->Between(0, 40)));
    }
    return text;
  };
  const auto dates = [](const twin::TwinEntity& entity) {
    std::vector<std::string> names;
    for (const FieldSpec& field : entity.fields) {
      if (field.type == ValueType::kDate || field.type == ValueType::kTimestamp) names.push_back(field.name);
    }
    return names;
  };
  for (const twin::TwinEntity& entity : lab.world().schema.entities) {
    for (const std::string& date : dates(entity)) ask(entity, test_of(date));
    for (const auto& [name, collection] : lab.world().schema.CollectionsOf(entity)) {
      for (const std::string& date : dates(*collection.entity)) {
        switch (random->Below(4)) {
          case 0:
            ask(entity, StrCat("exists(", name, " where ", test_of(date), " and int1 > 0)"));
            break;
          case 1:
            ask(entity, StrCat("count(", name, " where ", test_of(date), ") = 1"));
            break;
          case 2:
            ask(entity, test_of(StrCat(random->Chance(50) ? "max(" : "last(", name, ".", date, ")")));
            break;
          default:
            ask(*collection.entity, test_of(StrCat(collection.field->name, ".", dates(entity).front())));
        }
      }
    }
  }
  return questions;
}

std::set<RecordId> Members(const Question& question, const store::Reader& reader, Timestamp at) {
  std::set<RecordId> members;
  expr::RowEvaluator evaluator(question.program, reader, at);
  store::RowCursor row(reader, question.program.entity());
  for (; row.Valid(); row.Next()) {
    const StatusOr<bool> found = evaluator.Matches(row.id(), row.row());
    EXPECT_TRUE(found.ok()) << found.status();
    if (found.ok() && *found) members.insert(row.id());
  }
  return members;
}

// Everything that one record of a commit went through, as one change.
struct Net {
  bool inserted = false;
  std::vector<store::FormerCell> former;
  std::string_view former_row;
};

using Nets = std::map<std::pair<EntityTypeId, RecordId>, Net>;

Nets NetOf(const std::vector<store::RawChange>& changes) {
  Nets nets;
  for (const store::RawChange& change : changes) {
    Net& net = nets[{change.type, change.id}];
    if (change.kind == ChangeKind::kInsert) net.inserted = true;
    for (const store::FormerCell& cell : change.former) {
      const auto same = [&](const store::FormerCell& one) { return one.slot == cell.slot; };
      if (std::none_of(net.former.begin(), net.former.end(), same)) net.former.push_back(cell);
    }
    net.former_row = change.former_row;
  }
  return nets;
}

// One net change with the rows it is seen by.
struct Seen {
  RowView row;
  RowView former_row;
  ChangedRecord changed;
  std::vector<FieldId> slots;  // that changed, or kExistence
};

StatusOr<std::vector<std::unique_ptr<Seen>>> SeenOf(const store::Reader& reader, const Nets& nets) {
  std::vector<std::unique_ptr<Seen>> all;
  for (const auto& [key, net] : nets) {
    const store::TypeRuntime& type = *reader.schema().Find(key.first);
    auto seen = std::make_unique<Seen>();
    ChangedRecord& changed = seen->changed;
    changed.type = key.first;
    changed.id = key.second;
    bool found = false;
    RELATA_RETURN_IF_ERROR(reader.Find(type, key.second, &seen->row, &found));
    if (net.inserted && !found) continue;  // came and went
    if (found) changed.row = &seen->row;
    if (!net.inserted) changed.former = net.former;
    if (!found) {
      RELATA_ASSIGN_OR_RETURN(seen->former_row,
                              RowView::Open(type.format, net.former_row, key.second, false));
      changed.former_row = &seen->former_row;
    }
    if (net.inserted || !found) {
      seen->slots = {kExistence};
    } else {
      for (const store::FormerCell& cell : net.former) seen->slots.push_back(cell.slot);
    }
    all.push_back(std::move(seen));
  }
  return all;
}

// What a change meets, as question and dependency.
using Met = std::set<std::pair<uint32_t, uint32_t>>;

// One dependency after another.
Met MetPlainly(const std::vector<Question>& questions, const Seen& seen) {
  Met met;
  const ChangedRecord& changed = seen.changed;
  const bool was_there = changed.former_row != nullptr || !changed.former.empty();
  for (uint32_t q = 0; q < questions.size(); ++q) {
    const Analysis& analysis = questions[q].analysis;
    for (uint32_t d = 0; d < analysis.dependencies.size(); ++d) {
      const Dependency& dependency = analysis.dependencies[d];
      if (dependency.type != changed.type) continue;
      if (std::find(seen.slots.begin(), seen.slots.end(), dependency.slot) == seen.slots.end()) continue;
      const auto before = [&](const Leaf& leaf) { return leaf.IsTrue(changed.Before(leaf.slot)); };
      const auto after = [&](const Leaf& leaf) { return leaf.IsTrue(changed.After(leaf.slot)); };
      if (dependency.leaf != kNoLeaf) {
        const Leaf& leaf = analysis.leaves[dependency.leaf];
        EXPECT_EQ(leaf.slot, dependency.slot);
        if (before(leaf) == after(leaf)) continue;
      }
      const bool guarded =
          std::all_of(dependency.guards.begin(), dependency.guards.end(), [&](uint32_t guard) {
            const Leaf& leaf = analysis.leaves[guard];
            return (was_there && before(leaf)) || (changed.row != nullptr && after(leaf));
          });
      if (guarded) met.insert({q, d});
    }
  }
  return met;
}

// The roots of each question that the changes of a transaction lead to.
StatusOr<std::map<uint32_t, std::set<RecordId>>> Reached(const std::vector<Question>& questions,
                                                         const Dependents& dependents,
                                                         const store::Reader& reader, const Nets& nets) {
  std::map<uint32_t, std::set<RecordId>> reached;
  RELATA_ASSIGN_OR_RETURN(const auto all, SeenOf(reader, nets));
  for (const std::unique_ptr<Seen>& seen : all) {
    Met met;
    Dependents::Guards guards(dependents);
    for (const FieldId slot : seen->slots) {
      dependents.Meet(seen->changed, slot, &guards, [&](uint32_t q, uint32_t d, PathId path) {
        EXPECT_EQ(dependents.path(path), questions[q].analysis.dependencies[d].path);
        met.insert({q, d});
      });
    }
    EXPECT_EQ(met, MetPlainly(questions, *seen));
    for (const auto& [q, d] : met) {
      std::vector<RecordId> roots;
      bool too_many = false;
      RELATA_RETURN_IF_ERROR(RootsOf(reader, questions[q].analysis.dependencies[d].path, seen->changed,
                                     10'000, &roots, &too_many));
      EXPECT_FALSE(too_many);
      reached[q].insert(roots.begin(), roots.end());
    }
  }
  return reached;
}

// Random writes that take their values from records that were there at the start.
class Writer {
 public:
  Writer(const store::Reader& reader, Random* random) : random_(*random) {
    for (const store::TypeRuntime* type : reader.schema().types()) {
      std::vector<Record>& records = records_[type->type->name];
      store::RowCursor at(reader, *type);
      for (; at.Valid(); at.Next()) records.push_back(reader.ToRecord(*type, at.id(), at.row()).value());
      if (!records.empty()) types_.push_back(type);
    }
  }

  Status Write(store::Transaction& tx) {
    if (types_.empty()) return absl::OkStatus();
    const store::TypeRuntime& type = *random_.Of(types_);
    const std::vector<Record>& records = records_[type.type->name];
    const Record& donor = random_.Of(records);
    const size_t what = random_.Below(10);
    if (what == 0) return tx.Delete(type, Some(records));
    if (what <= 2) {
      Record record(type.type->name);
      for (const auto& [name, value] : donor.fields()) Copy(type, name, value, &record);
      return tx.Insert(record).status();
    }
    Record record(type.type->name, Some(records));
    for (size_t i = 1 + random_.Below(3); i > 0; --i) {
      const auto& [name, value] = random_.Of(donor.fields());
      Copy(type, name, value, &record);
    }
    return tx.Update(record);
  }

 private:
  void Copy(const store::TypeRuntime& type, const std::string& name, const Value& value, Record* record) {
    const Field& field = *type.type->FindField(name);
    if (field.id == kCreatedAt || field.id == kUpdatedAt || name.ends_with(".base")) return;
    const bool null = field.nullable && random_.Chance(10);
    record->Set(name, null ? Value() : value);
  }
  // Mostly one that was there at the start.
  RecordId Some(const std::vector<Record>& records) {
    return random_.Chance(80) ? random_.Of(records).id() : records.back().id() + 1 + random_.Below(5);
  }

  Random& random_;
  std::map<std::string, std::vector<Record>> records_;
  std::vector<const store::TypeRuntime*> types_;
};

TEST(AnalysisProperty, WritesChangeOnlyWhatDependenciesReach) {
  size_t flips = 0;
  size_t asked = 0;
  size_t writes = 0;
  std::map<std::string, int> refused;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Worlds(); ++seed) {
    Lab lab(seed, 25);
    Random random(seed * 7919);
    const std::vector<Question> questions = Questions(lab, &random, 40);
    Dependents dependents;
    for (uint32_t q = 0; q < questions.size(); ++q) dependents.Add(q, questions[q].analysis);
    dependents.Finish();
    Writer writer(lab.snapshot(), &random);
    for (int i = 0; i < 60; ++i) {
      bool stale = false;
      const Status status = lab.store()->Update({}, [&](store::Transaction& tx) -> Status {
        const Timestamp now = tx.now();
        std::vector<std::set<RecordId>> before;
        for (const Question& question : questions) before.push_back(Members(question, tx, now));
        const size_t count = 1 + random.Below(3);
        for (size_t j = 0; j < count; ++j) {
          if (const Status one = writer.Write(tx); !one.ok()) {
            ++refused[std::string(ToStd(absl::StatusCodeToString(one.code())))];
            return one;
          }
        }
        RELATA_ASSIGN_OR_RETURN(const std::vector<store::RawChange> changes, tx.LoggedChanges());
        const Nets nets = NetOf(changes);
        ++writes;
        RELATA_ASSIGN_OR_RETURN(auto all_reached, Reached(questions, dependents, tx, nets));
        for (uint32_t q = 0; q < questions.size(); ++q) {
          const Question& question = questions[q];
          if (question.analysis.kind == Kind::kComputed) continue;
          const std::set<RecordId> after = Members(question, tx, now);
          const std::set<RecordId>& reached = all_reached[q];
          std::vector<RecordId> changed;
          std::set_symmetric_difference(before[q].begin(), before[q].end(), after.begin(), after.end(),
                                        std::back_inserter(changed));
          asked += reached.size();
          for (const RecordId id : changed) {
            ++flips;
            const bool deleted = !tx.Exists(question.program.entity(), id).value();
            if (reached.contains(id) || deleted) continue;
            ADD_FAILURE() << "seed " << seed << ", write " << i << ": record " << id << " of "
                          << question.text;
            stale = true;
          }
        }
        return absl::OkStatus();
      });
      if (stale) return;
      ASSERT_FALSE(absl::IsInternal(status) || absl::IsDataLoss(status)) << status;
    }
  }
  std::printf("%zu writes, %zu flips, %zu records asked about\n", writes, flips, asked);
  for (const auto& [code, count] : refused) std::printf("  refused %d: %s\n", count, code.c_str());
  EXPECT_GT(flips, 100u);
}

TEST(AnalysisProperty, TimeChangesAnswersOnlyAtTheMomentsTold) {
  size_t flips = 0;
  size_t told = 0;
  std::map<Kind, int> kinds;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Worlds(); ++seed) {
    Lab lab(seed, 25);
    Random random(seed * 104'729);
    const store::Snapshot& snapshot = lab.snapshot();
    const TimeZone zone = TimeZone::Load(lab.world().schema.time_zone).value();
    std::vector<Question> questions = Questions(lab, &random, 30);
    std::vector<Question> timed = TimeQuestions(lab, &random);
    std::move(timed.begin(), timed.end(), std::back_inserter(questions));
    for (const Question& question : questions) {
      const Analysis& analysis = question.analysis;
      ++kinds[analysis.kind];
      const bool timeless = analysis.kind == Kind::kStored;
      if (analysis.kind == Kind::kComputed || (timeless && random.Chance(90))) continue;
      constexpr int64_t kSpans[] = {1'000'000, 3'600'000'000, 86'400'000'000, 9 * 86'400'000'000,
                                    400 * 86'400'000'000};
      const Timestamp after{lab.world().now.micros + random.Between(-40, 40) * 86'400'000'000};
      const Timestamp until{after.micros + random.Between(1, random.Of(kSpans))};
      const DueRecords due = DueIn(snapshot, zone, analysis, after, until, 100'000).value();
      ASSERT_FALSE(due.too_many);
      told += due.records.size() + due.of_all.size();
      ASSERT_FALSE(timeless && !(due.records.empty() && due.of_all.empty())) << question.text;

      // Both sides of some of the moments, and some others.
      std::set<int64_t> instants = {until.micros};
      const auto around = [&](Timestamp at) {
        for (const int64_t by : {-1, 0, 1}) instants.insert(at.micros + by);
      };
      for (int i = 0; i < 15 && !due.records.empty(); ++i) around(random.Of(due.records).at);
      for (int i = 0; i < 5 && !due.of_all.empty(); ++i) around(random.Of(due.of_all));
      for (int i = 0; i < 8; ++i) {
        const Timestamp at{random.Between(after.micros, until.micros)};
        around(at);
        instants.insert(NextLocalDate(at, zone).micros);
      }
      Timestamp last = after;
      std::set<RecordId> members = Members(question, snapshot, after);
      const Timestamp next = NextDue(snapshot, zone, analysis, after).value();
      ASSERT_GT(next, after);
      instants.insert(next.micros - 1);
      for (const int64_t micros : instants) {
        const Timestamp at{micros};
        if (at <= after || at > until) continue;
        std::set<RecordId> then = Members(question, snapshot, at);
        std::vector<RecordId> changed;
        std::set_symmetric_difference(members.begin(), members.end(), then.begin(), then.end(),
                                      std::back_inserter(changed));
        const auto of_all = std::upper_bound(due.of_all.begin(), due.of_all.end(), last);
        const bool all = of_all != due.of_all.end() && *of_all <= at;
        for (const RecordId id : changed) {
          ++flips;
          const bool one = std::any_of(due.records.begin(), due.records.end(),
                                       [&](const Due& d) { return d.id == id && last < d.at && d.at <= at; });
          ASSERT_TRUE(all || one) << "seed " << seed << ": record " << id << " between " << last.ToString()
                                  << " and " << at.ToString() << " of " << question.text;
          ASSERT_GE(at, next) << "seed " << seed << ": record " << id << " before " << next.ToString()
                              << " of " << question.text;
        }
        members = std::move(then);
        last = at;
      }

      // One record alone has the same moments.
      const auto& records = lab.world().data.Of(question.program.entity().type->name);
      if (records.empty()) continue;
      auto some = records.begin();
      std::advance(some, static_cast<ptrdiff_t>(random.Below(records.size())));
      const RecordId root = some->first;
      const DueRecords own = DueOf(snapshot, zone, analysis, root, after, until, 100'000).value();
      std::vector<Due> expected;
      std::copy_if(due.records.begin(), due.records.end(), std::back_inserter(expected),
                   [&](const Due& d) { return d.id == root; });
      ASSERT_EQ(own.records, expected) << "seed " << seed << ", record " << root << " of " << question.text;
      ASSERT_EQ(own.of_all, due.of_all);
    }
  }
  std::printf("%d stored, %d windowed, %d daily, %d computed; %zu flips, %zu moments told\n",
              kinds[Kind::kStored], kinds[Kind::kWindowed], kinds[Kind::kDaily], kinds[Kind::kComputed],
              flips, told);
  EXPECT_GT(flips, 150u);
  EXPECT_GT(kinds[Kind::kWindowed], 100);
}

}  // namespace
}  // namespace relata::segment
