// Compares programs step by step.
#include "src/segment/same_meaning.h"

#include <re2/re2.h>

#include <algorithm>

namespace relata::segment {

namespace {

using expr::Step;

bool Same(const expr::Type& a, const expr::Type& b) {
  return a.base == b.base && a.scale == b.scale && a.currency == b.currency && a.target == b.target;
}

template <class T, class Equal>
bool SameOrNone(const std::shared_ptr<T>& a, const std::shared_ptr<T>& b, Equal equal) {
  return a == nullptr || b == nullptr ? a == b : equal(*a, *b);
}

bool Same(const Step& a, const Step& b) {
  return a.op == b.op && Same(a.type, b.type) && a.scope == b.scope && a.sign == b.sign && a.test == b.test &&
         a.entity == b.entity && a.slot == b.slot && a.args == b.args && a.constant == b.constant &&
         a.interval == b.interval && a.period == b.period &&
         SameOrNone(a.related, b.related,
                    [](const expr::RelatedRecords& x, const expr::RelatedRecords& y) {
                      return x.type == y.type && x.reference == y.reference && x.parent == y.parent &&
                             x.value == y.value && x.condition == y.condition && x.moment == y.moment &&
                             x.has_moment == y.has_moment;
                    }) &&
         SameOrNone(a.rank, b.rank,
                    [](const expr::Rank& x, const expr::Rank& y) {
                      return x.by == y.by && x.per == y.per && x.count == y.count && x.share == y.share;
                    }) &&
         SameOrNone(a.regex, b.regex,
                    [](const re2::RE2& x, const re2::RE2& y) { return x.pattern() == y.pattern(); });
}

}  // namespace

bool SameMeaning(const expr::Program& a, const expr::Program& b) {
  return std::equal(a.steps().begin(), a.steps().end(), b.steps().begin(), b.steps().end(),
                    [](const Step& x, const Step& y) { return Same(x, y); });
}

}  // namespace relata::segment
