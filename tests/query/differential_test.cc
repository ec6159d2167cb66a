// Asks random questions of random worlds, of the library and of those that know nothing of it, and expects
// the same answers: the naive interpreter (naive.h) against the row evaluator for all there is, against
// SQLite for all that SQL can say, and against scans of columns for all conditions.
//
// A failure prints a line for regressions.txt: the seed of the world, the entity, the expression. RELATA_FULL
// asks many more; RELATA_SEED=n begins at that world.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "relata/expr/text.h"
#include "tests/query/lab.h"

namespace relata::twin {
namespace {

size_t Worlds() { return std::getenv("RELATA_FULL") != nullptr ? 900 : 22; }
constexpr size_t kQuestions = 100;  // of each world

// How often an engine was asked, what it was asked, and why it did not answer.
struct Tally {
  size_t same = 0, refused = 0, not_yet = 0, values = 0;
  std::map<std::string, int> constructs;
  std::map<std::string, int> reasons;

  void Add(const expr::Expr& expr, const Verdict& verdict) {
    values += verdict.values;
    if (verdict.outcome == Outcome::kSame) {
      ++same;
      CountConstructs(expr, &constructs);
    } else if (verdict.outcome != Outcome::kDiffers) {
      ++(verdict.outcome == Outcome::kRefused ? refused : not_yet);
      ++reasons[verdict.what.substr(0, 160)];
    }
  }
  void Print(const char* name) const {
    std::printf("%s: %zu questions alike (%zu values), %zu refused, %zu not answered\n", name, same, values,
                refused, not_yet);
    if (std::getenv("RELATA_TALLY") == nullptr) return;
    for (const auto& [construct, count] : constructs) std::printf("%7d %s\n", count, construct.c_str());
    for (const auto& [why, count] : reasons) std::printf("%7d %s\n", count, why.c_str());
  }
};

using Judge = Verdict (Lab::*)(const std::string& entity, const expr::Expr& expr);

// Asks, and tells a difference by the smallest question that has one. False if there was one.
bool Ask(Lab* lab, uint64_t seed, const std::string& entity, const expr::Expr& expr, Judge how,
         Tally* tally) {
  const auto compare = [&](const expr::Expr& e) { return (lab->*how)(entity, e); };
  const Verdict verdict = compare(expr);
  tally->Add(expr, verdict);
  if (verdict.outcome != Outcome::kDiffers) return true;
  const expr::Expr small = lab->Shrink(expr, compare);
  ADD_FAILURE() << seed << " " << entity << " " << expr::Print(small) << "\n  " << compare(small).what;
  return false;
}

// What a generated question may hold beside Constructs(); all of it must have been asked.
constexpr const char* kMoreConstructs[] = {
    "literal null",  "literal bool",   "literal integer",   "literal decimal",  "literal double",
    "literal text",  "literal date",   "literal timestamp", "literal interval", "literal money",
    "literal point", "literal length", "fiscal period"};

TEST(DifferentialTest, EnginesAgreeWithTheNaiveInterpreter) {
  Tally rows, sql, columns;
  int failures = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Worlds() && failures < 8; ++seed) {
    Lab lab(seed);
    Random random(seed ^ 0x5eed);
    Generator generator(lab.world(), &random);
    for (size_t i = 0; i < kQuestions && failures < 8; ++i) {
      const std::string& entity = random.Of(lab.world().schema.entities).name;
      const int depth = static_cast<int>(1 + random.Below(6));
      const bool condition = random.Chance(70);
      const expr::Expr made =
          condition ? generator.Condition(entity, depth) : generator.AnyValue(entity, depth);
      if (!made) continue;
      const expr::Expr expr = lab.Reread(made);
      ASSERT_TRUE(expr) << expr::Print(made);
      failures += Ask(&lab, seed, entity, expr, &Lab::CompareRows, &rows) ? 0 : 1;
      failures += Ask(&lab, seed, entity, expr, &Lab::CompareSql, &sql) ? 0 : 1;
      if (condition) failures += Ask(&lab, seed, entity, expr, &Lab::CompareColumns, &columns) ? 0 : 1;
    }
  }
  rows.Print("rows");
  sql.Print("SQLite");
  columns.Print("columns");
  for (const char* construct : kMoreConstructs) EXPECT_GT(rows.constructs[construct], 0) << construct;
  for (const std::string& construct : Constructs()) EXPECT_GT(rows.constructs[construct], 0) << construct;
  // What the generator makes makes sense, but for sets, and records of unlike types.
  EXPECT_LT(rows.refused * 50, rows.same);
  EXPECT_EQ(rows.not_yet, 0U);
  EXPECT_GT(rows.same + sql.same + columns.same, Worlds() * 228);  // 5,000, or 200,000
}

// What once differed.
TEST(DifferentialTest, Regressions) {
  std::ifstream file(RELATA_SOURCE_DIR "/tests/query/regressions.txt");
  ASSERT_TRUE(file.is_open());
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    uint64_t seed = 0;
    std::string entity, text;
    words >> seed >> entity;
    std::getline(words >> std::ws, text);
    const StatusOr<expr::Expr> expr = expr::Parse(text);
    ASSERT_TRUE(expr.ok()) << line;
    Lab lab(seed);
    EXPECT_EQ(lab.CompareRows(entity, *expr).what, "") << line;
    const Verdict sql = lab.CompareSql(entity, *expr);
    EXPECT_TRUE(sql.outcome == Outcome::kNotYet || sql.what.empty()) << line << "\n" << sql.what;
    const Verdict columns = lab.CompareColumns(entity, *expr);
    EXPECT_NE(columns.outcome, Outcome::kDiffers) << line << "\n" << columns.what;
  }
}

}  // namespace
}  // namespace relata::twin
