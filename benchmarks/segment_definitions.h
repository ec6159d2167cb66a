// Defines MakeDefinitions, a generator of plausible segments over the sample company: what marketing, sales
// and service would keep, some hundred at a small firm, thousands at a large one.
//
//   for (const Definition& d : MakeDefinitions(company, 1'000)) DefineSegment(&db, d.name, "relation",
//   d.text);
//
// The mix: three in ten ask only for fields of the relation (city, industry, source, manager, terms), five
// for fields and for what it did lately, two for what it did alone. Values are those of relations drawn by
// chance, so that frequent cities and industries are asked for often; windows are of 7 to 730 days. Some are
// the same condition under another name, as people do. Ranks are left out: they are computed when read.
// Deterministic: definition i is the same whatever the count.
#ifndef RELATA_BENCHMARKS_SEGMENT_DEFINITIONS_H_
#define RELATA_BENCHMARKS_SEGMENT_DEFINITIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/company.h"

namespace benchmarks {

struct Definition {
  std::string name;
  std::string text;  // a condition on a relation
};

std::vector<Definition> MakeDefinitions(const Company& company, int64_t count);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_SEGMENT_DEFINITIONS_H_
