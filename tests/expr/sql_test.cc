// Tests the SQL that programs are printed as: what a person reads, and what cannot be said. That it means the
// same is tested where there is another engine to ask (tests/query).
#include "src/expr/sql.h"

#include <gtest/gtest.h>

#include "tests/expr/model.h"

namespace relata::expr {
namespace {

using test::CompileText;

std::string Sql(std::string_view text, std::string_view type = "relation") {
  const StatusOr<Program> program = CompileText(text, type);
  if (!program.ok()) return program.status().ToString();
  const StatusOr<std::string> sql = PrintSql(*program, Timestamp::Parse("2026-06-30T22:30:00Z").value());
  return sql.ok() ? *sql : sql.status().ToString();
}

TEST(PrintSql, SaysConditionsAsAPersonWould) {
  EXPECT_EQ(Sql("visiting.city = 'Utrecht' and website is null"),
            R"((r."visiting.city" = 'Utrecht' AND r."website" IS NULL))");
  // An amount in the record's currency is asked for in the store's.
  EXPECT_EQ(Sql("credit_limit > 10000"), R"((r."credit_limit_base" > 1000000))");
  EXPECT_EQ(Sql("not (name is null or name in ('O''Brien', 'Jansen')) and website = ''"),
            R"((NOT (r."name" IS NULL OR r."name" IN ('O''Brien', 'Jansen')) AND r."website" = ''))");
  EXPECT_EQ(Sql("case when name = 'a' then 1 else 2 end"), R"(CASE WHEN r."name" = 'a' THEN 1 ELSE 2 END)");
  EXPECT_EQ(Sql("loyalty = 'gold'"), R"((r."loyalty" = 'gold'))");
  // Labels have the order in which they were declared.
  EXPECT_EQ(Sql("loyalty < 'silver'"),
            R"((CASE r."loyalty" WHEN 'gold' THEN 0 WHEN 'silver' THEN 1 WHEN 'bronze' THEN 2 END < )"
            R"(CASE 'silver' WHEN 'gold' THEN 0 WHEN 'silver' THEN 1 WHEN 'bronze' THEN 2 END))");
}

TEST(PrintSql, FollowsReferences) {
  EXPECT_EQ(Sql("account_manager.name"),
            R"((SELECT r1."name" FROM "user" AS r1 WHERE r1."id" = r."account_manager"))");
  EXPECT_EQ(Sql("parent.parent.industry_code like '62%'"),
            R"(((SELECT r2."industry_code" FROM "relation" AS r2 WHERE r2."id" = )"
            R"((SELECT r1."parent" FROM "relation" AS r1 WHERE r1."id" = r."parent")) GLOB '62*'))");
}

TEST(PrintSql, ComputesTheClockHere) {
  // The moment asked at is half past midnight of 1 July in Amsterdam.
  EXPECT_EQ(Sql("today() - interval '1 month'"), "20605");                                  // 2026-06-01
  EXPECT_EQ(Sql("created_at >= today() - 60"), R"((r."created_at" >= 1777672800000000))");  // 2 May, local
  EXPECT_EQ(Sql("created_at in last quarter"),
            R"((r."created_at" >= 1774994400000000 AND r."created_at" < 1782856800000000))");
}

TEST(PrintSql, AsksRelatedRecords) {
  EXPECT_EQ(Sql("count(interactions where at >= today())"),
            R"((SELECT count(*) FROM "interaction" AS r1 WHERE r1."relation" = r."id" AND )"
            R"(r1."at" >= 1782856800000000))");
  EXPECT_EQ(Sql("exists(orders where total > outer.credit_limit)"),
            R"(EXISTS (SELECT 1 FROM "order" AS r1 WHERE r1."relation" = r."id" AND )"
            R"(r1."total_base" > r."credit_limit_base"))");
  EXPECT_EQ(Sql("last(orders.status)"),
            R"((SELECT r1."status" FROM "order" AS r1 WHERE r1."relation" = r."id" AND )"
            R"(r1."status" IS NOT NULL ORDER BY r1."ordered_on" DESC, r1."id" DESC LIMIT 1))");
}

TEST(PrintSql, AsksSets) {
  EXPECT_EQ(Sql("'fair' in tags and tags is not empty"),
            R"(('fair' IN (SELECT r1."element" FROM "relation.tags" AS r1 WHERE r1."id" = r."id") AND )"
            R"(NOT (r."tags" = 0)))");
}

TEST(PrintSql, NamesWhatItCannotSay) {
  EXPECT_EQ(Sql("count(contacts where name ilike 'j%') > 0"),
            "UNIMPLEMENTED: 'ilike' cannot be said in SQL: SQLite knows no folding of Unicode");
  EXPECT_EQ(Sql("name like website"),
            "UNIMPLEMENTED: 'like' cannot be said in SQL: its pattern is no constant");
}

}  // namespace
}  // namespace relata::expr
