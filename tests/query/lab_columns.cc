// Asks scans of columns which records meet a condition.
#include <algorithm>

#include "relata/base/strings.h"
#include "src/column/scan.h"
#include "src/expr/compile.h"
#include "tests/query/lab.h"

namespace relata::twin {

std::vector<RecordId> Lab::Found(const std::string& entity, const expr::Expr& condition) {
  std::vector<RecordId> found;
  for (const auto& [id, result] : Expected(entity, condition)) {
    const bool* truth = result.value.As<bool>();
    if (truth != nullptr && *truth) found.push_back(id);
  }
  return found;
}

Verdict Lab::CompareColumns(const std::string& entity, const expr::Expr& expr) {
  const store::SchemaRuntime& schema = snapshot_->schema();
  const StatusOr<expr::Program> program =
      expr::CompileCondition(expr, *schema.Find(entity), snapshot_->shared_schema());
  if (!program.ok()) return {Outcome::kRefused, program.status().ToString()};
  if (columns_ == nullptr) columns_ = std::make_unique<column::ColumnCache>();
  StatusOr<column::Scan> scan = column::Scan::Open(*program, *snapshot_, columns_.get());
  if (absl::IsUnavailable(scan.status())) return {Outcome::kNotYet, scan.status().ToString()};
  std::vector<RecordId> ids;
  Status status = scan.status();
  if (status.ok()) status = scan->AppendIds(&ids);
  if (!status.ok()) return {Outcome::kDiffers, status.ToString()};
  const std::vector<RecordId> expected = Found(entity, expr);
  Verdict verdict{.values = world_.data.Of(entity).size()};
  if (ids == expected) return verdict;
  std::vector<RecordId> unlike;
  std::set_symmetric_difference(ids.begin(), ids.end(), expected.begin(), expected.end(),
                                std::back_inserter(unlike));
  verdict.outcome = Outcome::kDiffers;
  verdict.what = StrCat("naive finds ", expected.size(), ", columns ", ids.size(), "; unlike at ",
                        unlike.empty() ? 0 : unlike[0], "\n", scan->Describe());
  return verdict;
}

}  // namespace relata::twin
