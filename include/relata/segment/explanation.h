// Defines Explanation, why a record is a member of a segment or is not.
//
//   17 is not in 'quiet customers'
//     no       and
//     yes        tier = 'top'    [tier: top]
//     no         count(interactions where at >= today() - 60) = 0    [count(interactions where …): 2]
//   will enter on 2026-12-03 unless something is written
//
// Thread safety: plain values.
#ifndef RELATA_SEGMENT_EXPLANATION_H_
#define RELATA_SEGMENT_EXPLANATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relata/base/time.h"
#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata {

// What a condition is for one record: as in SQL, it may be unknown, since something it asks for is null.
enum class ConditionResult : uint8_t { kFalse, kTrue, kUnknown };

struct ExplainedOperand {
  std::string text;  // a part of the condition, such as "sum(orders.total)"; or how many records it found
  Value value;
};

struct ExplainedCondition {
  uint32_t depth = 0;  // 0: the whole; its parts are one deeper, and follow it
  // The condition. Of a whole that has parts: "and", "or", "not", "is true", "is false", "is unknown".
  std::string text;
  bool has_parts = false;
  ConditionResult result = ConditionResult::kUnknown;
  std::vector<ExplainedOperand> operands;  // those that are not written in the condition
};

struct Explanation {
  std::string segment;
  RecordId record = 0;
  bool member = false;
  std::vector<ExplainedCondition> conditions;

  // When membership changes next if nothing is written; none where it does not until `horizon`.
  std::optional<Timestamp> until;
  // How far ahead was looked; none where nobody can tell, as of ranks.
  std::optional<Timestamp> horizon;
};

}  // namespace relata

#endif  // RELATA_SEGMENT_EXPLANATION_H_
