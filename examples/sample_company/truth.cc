// This file prints Truth as JSON, one line a file, debtor and pair.
#include "examples/sample_company/truth.h"

#include "examples/sample_company/calendar.h"
#include "examples/sample_company/generator.h"

namespace sample_company {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Number(int64_t value) { return std::to_string(value); }

}  // namespace

std::string Truth::ToJson() const {
  std::string json = "{\n  \"seed\": " + std::to_string(seed) + ",\n  \"relations\": " + Number(relations) +
                     ",\n  \"dirt\": " + (dirt ? "true" : "false") +
                     ",\n  \"reference_date\": " + Quoted(Iso(ReferenceDate())) +
                     ",\n  \"last_12_months\": {\"from\": " + Quoted(Iso(ReferenceDate() + -365)) +
                     ", \"to_exclusive\": " + Quoted(Iso(ReferenceDate())) + "},\n  \"files\": {\n";
  bool first = true;
  for (const FileTruth& file : files) {
    json += first ? "" : ",\n";
    first = false;
    json += "    " + Quoted(file.name) + ": {\"rows\": " + Number(file.rows) +
            ", \"must_reject\": " + Number(static_cast<int64_t>(file.rejects.size())) +
            ", \"repeated_keys\": " + Number(file.repeated_keys) + ", \"rejects\": [";
    for (size_t i = 0; i < file.rejects.size(); ++i) {
      json += (i == 0 ? "" : ", ") + std::string("{\"row\": ") + Number(file.rejects[i].row) +
              ", \"column\": " + Quoted(file.rejects[i].column) +
              ", \"reason\": " + Quoted(file.rejects[i].reason) + "}";
    }
    json += "]}";
  }
  json +=
      "\n  },\n  \"revenue_rule\": \"net amount (bedrag excl. btw, cents) of orders whose status is not "
      "cancelled, "
      "by order_date and by debtor_number as written in erp_orders.csv; rejected rows left out\",\n"
      "  \"revenue_per_debtor\": {\n";
  first = true;
  for (const auto& [debtor, revenue] : revenue) {
    json += first ? "" : ",\n";
    first = false;
    json += "    " + Quoted(debtor) + ": {";
    for (const auto& [year, cents] : revenue.by_year)
      json += Quoted(Number(year)) + ": " + Number(cents) + ", ";
    json += "\"last_12_months\": " + Number(revenue.last_12_months) +
            ", \"orders\": " + Number(revenue.orders) + "}";
  }
  json += "\n  },\n  \"duplicates\": [\n";
  first = true;
  for (const DuplicatePair& pair : duplicates) {
    json += first ? "" : ",\n";
    first = false;
    json += "    {\"kind\": " + Quoted(pair.kind) + ", \"file\": " + Quoted(pair.file) +
            ", \"code\": " + Quoted(pair.code) + ", \"original_file\": " + Quoted(pair.original_file) +
            ", \"original_code\": " + Quoted(pair.original_code) + "}";
  }
  return json + "\n  ]\n}\n";
}

}  // namespace sample_company
