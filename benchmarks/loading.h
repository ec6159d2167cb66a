// Defines how the benchmarks come by peers that hold the company: each is loaded once, in a process of its
// own, and its file kept in a folder for later runs.
//
//   const Company company(folder, 1'000'000);
//   LoadOnce(folder, company, "sqlite");
//   const std::unique_ptr<QueryPeer> sqlite = MakePeer(folder, "sqlite");
//
// Thread safety: one thread; forks, so no other may run.
#ifndef RELATA_BENCHMARKS_LOADING_H_
#define RELATA_BENCHMARKS_LOADING_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "benchmarks/company.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {

// Where a peer's file is.
std::string PathOf(const std::string& folder, std::string_view peer);
// relata, duckdb or sqlite, over its file.
std::unique_ptr<QueryPeer> MakePeer(const std::string& folder, std::string_view peer, int threads = 1);

// Runs `work` in a process of its own and gives back the number it returns.
double Apart(const std::function<double()>& work);

// Loads a peer unless a load of it is there already; the seconds and the peak memory (MiB) of the load are in
// a file beside it, ".load", written last.
void LoadOnce(const std::string& folder, const Company& company, std::string_view peer);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_LOADING_H_
