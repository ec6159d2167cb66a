// Stands in for query_duckdb.cc where DuckDB's library was not found at configure time.
#include "benchmarks/query_peer.h"

namespace benchmarks {

std::unique_ptr<QueryPeer> MakeQueryDuckdb(const std::string&, int) { return nullptr; }

std::string DuckdbVersion() { return {}; }

}  // namespace benchmarks
