// Defines Lab: one random world in a store and in the twin, and one question asked of both.
//
//   Lab lab(seed);
//   Verdict verdict = lab.Compare("alpha", expr);
//   if (verdict.outcome == Outcome::kDiffers) …                         // verdict.what tells record and
//   values
//
// Thread safety: none. Cost: some tens of milliseconds to make.
#ifndef RELATA_TESTS_QUERY_LAB_H_
#define RELATA_TESTS_QUERY_LAB_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "relata/expr/tree.h"
#include "relata/query/plan.h"
#include "relata/query/spec.h"
#include "src/column/columns.h"
#include "src/expr/program.h"
#include "src/store/store.h"
#include "tests/query/generate.h"
#include "tests/query/naive.h"

namespace relata::store::test {
class ToldMembers;
}

namespace relata::twin {

class SqliteStore;

enum class Outcome {
  kSame,
  kDiffers,
  kRefused,  // the checker says it makes no sense
  kNotYet,   // the library does not answer it yet
};

struct Verdict {
  Outcome outcome = Outcome::kSame;
  std::string what;
  size_t values = 0;  // that were compared
};

class Lab {
 public:
  explicit Lab(uint64_t seed, size_t most_rows = 40);
  Lab(const Lab&) = delete;
  ~Lab();

  const World& world() const { return world_; }
  const std::shared_ptr<store::Store>& store() const { return store_; }
  const store::Snapshot& snapshot() const { return *snapshot_; }

  // Gives most types a segment, on a condition that follows from the seed. Call it before any question.
  void DefineSegments(uint64_t seed);

  // The tree as its printed text parses again: what is written in a report is then what was asked.
  expr::Expr Reread(const expr::Expr& expr) const;

  // The row evaluator against the naive interpreter, on every record of the entity.
  Verdict CompareRows(const std::string& entity, const expr::Expr& expr);

  // SQLite against the naive interpreter. kNotYet for what SQL cannot say.
  Verdict CompareSql(const std::string& entity, const expr::Expr& expr);

  // Columns against the naive interpreter: which records meet a condition.
  Verdict CompareColumns(const std::string& entity, const expr::Expr& expr);
  // What the naive interpreter answers for each record; kept until something else is asked.
  const std::map<RecordId, NaiveResult>& Expected(const std::string& entity, const expr::Expr& expr);

  // Queries against the naive interpreter: which records meet a condition, in an order and in pages that
  // follow from `seed`, and how many; by all the ways a planner may take. `steps`: those that plans had.
  Verdict CompareQuery(const std::string& entity, const expr::Expr& condition, uint64_t seed,
                       std::set<query::Step>* steps);

  // Groups of the records that meet a condition, by one of their fields: the keys in their order, how many
  // records each has, and the sum and greatest of a number.
  Verdict CompareGroups(const std::string& entity, const expr::Expr& condition, uint64_t seed);

  // The smallest expression found in this one of which `compare` still differs.
  template <class Compare>
  expr::Expr Shrink(expr::Expr expr, Compare compare) const {
    for (bool shrunk = true; shrunk;) {
      shrunk = false;
      for (const expr::Expr& smaller : Smaller(expr)) {
        const expr::Expr reread = Reread(smaller);
        if (!reread || compare(reread).outcome != Outcome::kDiffers) continue;
        expr = reread;
        shrunk = true;
        break;
      }
    }
    return expr;
  }

 private:
  // The records for which the condition is true.
  std::vector<RecordId> Found(const std::string& entity, const expr::Expr& condition);
  std::vector<RecordId> Ordered(const std::string& entity, std::vector<RecordId> ids,
                                const std::vector<query::OrderTerm>& order) const;
  std::vector<query::OrderTerm> SomeOrder(const std::string& entity, Random* random) const;

  World world_;
  TimeZone zone_;
  std::string folder_;
  std::shared_ptr<store::Store> store_;
  std::unique_ptr<store::test::ToldMembers> members_;  // of the snapshot's segments, if there are any
  std::unique_ptr<store::Snapshot> snapshot_;
  std::unique_ptr<SqliteStore> sqlite_;  // made when first asked, as the next
  std::unique_ptr<column::ColumnCache> columns_;
  std::string asked_entity_;
  expr::Expr asked_;
  std::map<RecordId, NaiveResult> expected_;  // of what was asked last
};

// Whether the naive value is what the datum of this type says. Doubles may differ in the last digits.
bool SameValue(const NaiveValue& naive, const expr::Datum& datum, const expr::Type& type,
               const store::SchemaRuntime& schema);
std::string ShowDatum(const expr::Datum& datum, const expr::Type& type, const store::SchemaRuntime& schema);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_LAB_H_
