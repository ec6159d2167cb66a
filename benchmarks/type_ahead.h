// Defines the type-ahead workloads: what people type, and what it costs to answer every key they press.
#ifndef RELATA_BENCHMARKS_TYPE_AHEAD_H_
#define RELATA_BENCHMARKS_TYPE_AHEAD_H_

#include <vector>

#include "benchmarks/company.h"
#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {

// Types the names of some sixty relations, spread over the company: plain, a whole word and then the
// next one letter by letter ('bakkerij j', 'bakkerij ja' …), any ten; ranked, the last word of the name
// letter by letter, up to four, the best ten. Every result is checked against the name itself, and all peers
// must find equally many, up to the ten; which ten, and what is best, is each peer's own. Reports the median
// and the 99th percentile over all that was typed, each the median of some repetitions: at least two, since
// ranked search takes SQLite a minute or more at a million.
void MeasureTypeAhead(const Company& company, const std::vector<QueryPeer*>& peers, const Patience& patience,
                      Report* report);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_TYPE_AHEAD_H_
