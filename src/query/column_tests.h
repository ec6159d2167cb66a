// Defines ColumnTests, which looks at one record at a time in columns that happen to be in memory.
//
// A page in the order of an index looks at some hundred records strewn over the store. Where an earlier scan
// left the columns of its condition, and nothing was written since, these answer without the rows. They are
// never made for that: without them the rows are looked at.
//
// Thread safety: one thread. Lifetime: keeps its table.
#ifndef RELATA_QUERY_COLUMN_TESTS_H_
#define RELATA_QUERY_COLUMN_TESTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "relata/schema/ids.h"
#include "src/column/columns.h"
#include "src/query/access.h"
#include "src/query/prepare.h"

namespace relata::query {

class ColumnTests {
 public:
  // Takes on what it can of `residual`, and out of it. `tests`: the condition as indexes see it.
  static ColumnTests Make(const Prepared& query, std::span<const Tested> tests,
                          std::vector<expr::StepIndex>* residual);

  bool empty() const { return tests_.empty(); }
  // Whether the record meets all of them; nothing if the columns do not have it. REQUIRES: not empty.
  std::optional<bool> Match(RecordId id) const;

 private:
  // A field holds a value from `low` to `high`; or, with `null`, none.
  struct Test {
    FieldId slot = 0;
    bool null = false;
    int64_t low = INT64_MIN;
    int64_t high = INT64_MAX;
    const column::Column* column = nullptr;
  };
  static std::optional<Test> TestOf(const EntityType& type, const FieldTest& test);

  std::shared_ptr<const column::Table> table_;
  std::vector<Test> tests_;
};

}  // namespace relata::query

#endif  // RELATA_QUERY_COLUMN_TESTS_H_
