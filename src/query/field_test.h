// Defines FieldTest, what an index can say about a conjunct of a condition: a field of the record equals a
// constant, lies between two, begins with a text, or is or is not null; and Recognise, which finds it.
//
//   visiting.city = 'Utrecht'              kEqual
//   ordered_on >= today() - 365            kRange
//   fold(name) = 'jansen', name ilike 'jan%'     folded: about fold(field)
//   'vip' in tags                          element: about an element of a set
//   rating in (1, 2), tags has any (…)     any of several
//
// A constant is whatever does not depend on the record: it is computed once. Where a test says less than its
// conjunct it is not exact, and the conjunct is looked at again on the row; it never says more.
//
// Thread safety: functions of their arguments, the evaluator aside.
#ifndef RELATA_QUERY_FIELD_TEST_H_
#define RELATA_QUERY_FIELD_TEST_H_

#include <optional>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/entity.h"
#include "src/expr/evaluate.h"
#include "src/expr/program.h"
#include "src/query/datum.h"

namespace relata::query {

struct FieldTest {
  enum class Kind : uint8_t { kNever, kEqual, kRange, kPrefix, kNull, kNotNull };
  struct Bound {
    OwnedDatum value;
    bool inclusive = true;
  };

  Kind kind = Kind::kNever;
  FieldId slot = 0;
  expr::Type type;       // of the value or the bounds
  bool folded = false;   // about fold(field)
  bool element = false;  // about one element of the set
  bool exact = true;
  OwnedDatum value;                   // kEqual, kPrefix
  std::optional<Bound> lower, upper;  // kRange: one or both
};

struct FieldTests {
  bool any = false;  // one of these must hold; else all of them
  std::vector<FieldTest> tests;
};

// Computes what does not depend on a record; and tells Recognise whose fields it is about.
class Constants {
 public:
  // Lifetime: within both.
  Constants(const expr::Program& program, expr::RowEvaluator* evaluator)
      : program_(program), evaluator_(evaluator) {}

  // The same for tests of the record that this reference of the query's own names.
  Constants Through(FieldId reference) const {
    Constants through(program_, evaluator_);
    through.through_ = reference;
    return through;
  }

  const expr::Program& program() const { return program_; }
  const std::optional<FieldId>& through() const { return through_; }
  bool IsConstant(expr::StepIndex index) const;
  // REQUIRES: IsConstant(index).
  StatusOr<OwnedDatum> Compute(expr::StepIndex index);

 private:
  const expr::Program& program_;
  expr::RowEvaluator* evaluator_;
  std::optional<FieldId> through_;
};

// Nothing where no index can say anything about the conjunct. `type` is that of the record it is about.
StatusOr<std::optional<FieldTests>> Recognise(expr::StepIndex conjunct, const EntityType& type,
                                              Constants* constants);

// Whether a part of an index can answer the test, and whether exactly.
struct Fit {
  bool usable = false;
  bool exact = false;
};
Fit FitOf(const IndexPart& part, const Field& field, const FieldTest& test);

// "visiting.city = 'Utrecht'": for plans.
std::string Describe(const EntityType& type, const FieldTest& test);

}  // namespace relata::query

#endif  // RELATA_QUERY_FIELD_TEST_H_
