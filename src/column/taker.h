// Defines Taker, which takes a program apart: it chooses for each step how columns answer it, and leaves the
// rest to the row evaluator.
//
// It tries. What a step would need is registered with the frames on the way (slots, frames of other records);
// an attempt that fails leaves none of that behind.
//
// Thread safety: one thread. Lifetime: within the evaluation's and the parts'.
#ifndef RELATA_COLUMN_TAKER_H_
#define RELATA_COLUMN_TAKER_H_

#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "src/column/related.h"
#include "src/column/scan_compile.h"
#include "src/expr/datum.h"

namespace relata::column {

// What a step looks at in the innermost record: nothing, one field, or more than that.
struct Uses {
  enum What : uint8_t { kNothing, kOneField, kMore };
  What what = kNothing;
  FieldId slot = 0;
  void Add(const Uses& other) {
    if (other.what == kNothing) return;
    if (what == kNothing) {
      *this = other;
    } else if (what == kMore || other.what == kMore || slot != other.slot) {
      what = kMore;
    }
  }
};

// Values that compare as the integers that hold them do.
constexpr bool IsOrdered(expr::Base base) {
  return !expr::IsBytes(base) && base != expr::Base::kDouble && base != expr::Base::kLabelSet &&
         base != expr::Base::kPoint;
}

class Taker {
 public:
  Taker(Evaluation* evaluation, Parts* parts) : evaluation_(evaluation), parts_(parts) { FindUses(); }

  void Run();
  void RunNumbers();
  void RunKey();

 private:
  const expr::Step& step(expr::StepIndex index) const { return evaluation_->step(index); }

  Frame* NewFrame(const store::TypeRuntime* type, bool outermost);
  void FindUses();

  // A field of the frame's own record, as a column: registered, so that it will be there.
  bool IsColumn(Frame* frame, expr::StepIndex index);
  bool UseSlot(Frame* frame, FieldId slot);

  // A condition, by the rows if need be; nullptr where these cannot be asked.
  ConditionPtr Take(Frame* frame, expr::StepIndex index);
  ConditionPtr Try(Frame* frame, expr::StepIndex index);
  ConditionPtr TryJunction(Frame* frame, const expr::Step& of);
  ConditionPtr TryUnary(Frame* frame, Unary::Kind kind, const expr::Step& of);
  ConditionPtr TryNull(Frame* frame, expr::StepIndex index);
  ConditionPtr TryComparison(Frame* frame, expr::StepIndex index);
  ConditionPtr TryList(Frame* frame, expr::StepIndex index);

  // A test of one field of the record that a reference names.
  ConditionPtr TryThrough(Frame* frame, expr::StepIndex index);

  // A truth value of a record that a reference names.
  ConditionPtr TryTruth(Frame* frame, expr::StepIndex index);

  // The steps of a path like relation.source.name, from the record's own reference on; none where it is no
  // such path, or columns of what it leads through are not worth having.
  std::vector<expr::StepIndex> PathOf(Frame* frame, expr::StepIndex index) const;

  // Goes down a path: a frame for each record on it but the first, with the reference that leads there. The
  // last is where the path's field is; nullptr where columns cannot hold what it takes.
  Frame* Follow(Frame* frame, const std::vector<expr::StepIndex>& path, std::vector<Frame*>* frames);
  NumbersPtr TryReferred(Frame* frame, expr::StepIndex index);
  KeyCodesPtr FieldKeyOf(const Frame* frame, FieldId slot, expr::Base base) const;
  KeyCodesPtr TryKey(Frame* frame, expr::StepIndex index);

  // A step that is this field of the record itself. REQUIRES: there is one.
  expr::StepIndex FieldStep(FieldId slot) const;
  ConditionPtr TryLookup(Frame* frame, expr::StepIndex index);
  NumbersPtr TryNumbers(Frame* frame, expr::StepIndex index, int depth);
  ConditionPtr TryExists(Frame* frame, expr::StepIndex index);

  // min(…) or max(…) of a field, beside a bound.
  ConditionPtr TryExtreme(const expr::Step& of);

  // Whether there is any of the records that a step aggregates for which a test of its value holds as well.
  std::unique_ptr<Aggregate> TryExistence(expr::StepIndex index,
                                          absl::FunctionRef<ConditionPtr(Frame*)> test);

  // A frame of related records with their references; nullptr where these cannot be columns.
  Frame* TryRecords(const expr::RelatedRecords& related);

  // `parent` stays null where that is the record itself.
  std::unique_ptr<Aggregate> TryAggregate(Frame* frame, expr::StepIndex index, NumbersPtr* parent);

  Evaluation* evaluation_;
  Parts* parts_;
  std::vector<Uses> uses_;  // by step
};

}  // namespace relata::column

#endif  // RELATA_COLUMN_TAKER_H_
