// Prints plans as text and as JSON.
#include "relata/query/plan.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "relata/base/strings.h"

namespace relata::query {

namespace {

constexpr size_t kRowsColumn = 64;  // where the numbers stand

std::string About(double rows) { return StrCat(static_cast<uint64_t>(std::llround(std::max(rows, 0.0)))); }

void Append(const PlanNode& node, bool analyzed, size_t depth, std::string* text) {
  std::string line(2 * depth, ' ');
  StrAppend(&line, NameOf(node.step), node.detail.empty() ? "" : ": ", node.detail);
  line.append(line.size() < kRowsColumn ? kRowsColumn - line.size() : 1, ' ');
  if (analyzed) {
    StrAppend(&line, "rows ", node.actual_rows, " of about ", About(node.estimated_rows));
    if (node.actual_micros > 0) StrAppend(&line, ", ", node.actual_micros, " us");
  } else {
    StrAppend(&line, "about ", About(node.estimated_rows), " rows");
  }
  StrAppend(text, line, "\n");
  for (const PlanNode& input : node.inputs) Append(input, analyzed, depth + 1, text);
}

nlohmann::ordered_json ToJsonNode(const PlanNode& node, bool analyzed) {
  nlohmann::ordered_json json = {{"step", std::string(NameOf(node.step))},
                                 {"detail", node.detail},
                                 {"estimated_rows", std::llround(std::max(node.estimated_rows, 0.0))}};
  if (analyzed) {
    json["actual_rows"] = node.actual_rows;
    json["actual_micros"] = node.actual_micros;
  }
  json["inputs"] = nlohmann::ordered_json::array();
  for (const PlanNode& input : node.inputs) json["inputs"].push_back(ToJsonNode(input, analyzed));
  return json;
}

bool HasStep(const PlanNode& node, Step step) {
  return node.step == step || std::any_of(node.inputs.begin(), node.inputs.end(),
                                          [&](const PlanNode& input) { return HasStep(input, step); });
}

}  // namespace

std::string_view NameOf(Step step) {
  switch (step) {
    case Step::kNothing:
      return "nothing";
    case Step::kRowScan:
      return "row scan";
    case Step::kColumnScan:
      return "column scan";
    case Step::kUnique:
      return "unique index";
    case Step::kIndexRange:
      return "index range";
    case Step::kIndexAnd:
      return "index and";
    case Step::kIndexOr:
      return "index or";
    case Step::kTextIndex:
      return "text index";
    case Step::kSegment:
      return "segment";
    case Step::kSemiJoin:
      return "semi-join";
    case Step::kOrderedWalk:
      return "ordered walk";
    case Step::kGroupedWalk:
      return "grouped walk";
    case Step::kFilter:
      return "filter";
    case Step::kTopK:
      return "top";
    case Step::kSort:
      return "sort";
    case Step::kLimit:
      return "limit";
    case Step::kGroup:
      return "group";
  }
  return "unknown";
}

std::string Plan::ToString() const {
  std::string text;
  Append(root, analyzed, 0, &text);
  if (analyzed) {
    StrAppend(&text, "rows read: ", work.rows_read, ", index entries: ", work.index_entries,
              ", memory: ", work.memory_bytes, " bytes\n");
  }
  return text;
}

std::string Plan::ToJson() const {
  nlohmann::ordered_json json = ToJsonNode(root, analyzed);
  if (analyzed) {
    json["work"] = {{"rows_read", work.rows_read},
                    {"index_entries", work.index_entries},
                    {"memory_bytes", work.memory_bytes}};
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

bool Plan::Has(Step step) const { return HasStep(root, step); }

}  // namespace relata::query
