// Turns the sample company's relations into the rows that every peer loads.
#include "benchmarks/relations.h"

#include "examples/sample_company/generator.h"

namespace benchmarks {

std::vector<Row> MakeRows(int64_t count) {
  const sample_company::Generator company({.relations = count});
  std::vector<Row> rows;
  rows.reserve(static_cast<size_t>(count));
  company.ForEachRelation([&](const sample_company::Relation& from) {
    Row& row = rows.emplace_back();
    row.number = 1'000'000 + from.index * 7;
    row.name = from.name;
    row.street = from.visiting.street + " " + from.visiting.number;
    row.postcode = from.visiting.postcode;
    row.city = std::string(from.visiting.city);
    row.phone = from.phone;
    row.email = from.email;
    row.kvk_number = from.kvk_number;
    row.industry = std::string(from.sbi_code);
    row.credit_limit = relata::Money::Minor(from.credit_limit, relata::Currency::Eur());
    row.acquired_on = relata::Date{from.acquired_on.days};
  });
  return rows;
}

}  // namespace benchmarks
