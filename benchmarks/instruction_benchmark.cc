// Runs one hot loop of one peer for benchmarks/instructions.py, which counts its instructions with callgrind:
// unlike times, they come out the same on every machine with the same compiler, however busy it is.
//
//   valgrind --tool=callgrind --instr-atstart=no instruction_benchmark "read by id, one field" relata FOLDER
//   10000
//
// Everything is made and asked once before the counting begins. Prints by how many the count is to be
// divided, and nothing where the peer has no such loop. Without valgrind it just runs. Loops, over this many
// relations of the sample company: read by id, read by unique key, four-condition scan, commit with 0 or 100
// live segments.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "benchmarks/company_clock.h"
#include "benchmarks/harness.h"
#include "benchmarks/loading.h"
#include "benchmarks/peer.h"
#include "benchmarks/segment_definitions.h"
#include "benchmarks/writes.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

namespace benchmarks {
namespace {

constexpr uint64_t kRoom = uint64_t{4} << 30;  // valgrind refuses relata's usual 64 GiB

// Counts `work`, which does `times` of something.
template <class Work>
int Count(size_t times, Work work) {
  work();
  CALLGRIND_START_INSTRUMENTATION;
  work();
  CALLGRIND_STOP_INSTRUMENTATION;
  std::printf("%zu\n", times);
  return 0;
}

int CountReads(bool by_number, std::string_view name, const std::string& folder, int64_t scale) {
  const std::vector<Row> rows = MakeRows(scale);
  const std::string path = folder + "/instructions." + std::string(name);
  for (const std::string_view suffix : {"", "-wal", "-shm", "-lock"}) {
    std::filesystem::remove(path + std::string(suffix));
  }
  std::unique_ptr<Peer> peer;
  if (name == "relata") peer = MakeRelata(path, kRoom);
  if (name == "lmdb") peer = MakeLmdb(path);
  if (name == "sqlite") peer = MakeSqlite(path);
  if (name == "memory") peer = MakeMemory();
  if (peer == nullptr) return 0;
  peer->Load(rows);
  constexpr size_t kReads = 2'000;
  std::mt19937_64 random(11);
  std::vector<uint64_t> ids(kReads);
  std::vector<int64_t> numbers(kReads);
  for (size_t i = 0; i < kReads; ++i) {
    ids[i] = random() % rows.size() + 1;
    numbers[i] = rows[random() % rows.size()].number;
  }
  return Count(kReads, [&] { by_number ? peer->ReadByNumber(numbers) : peer->ReadById(ids); });
}

int CountScan(std::string_view name, const std::string& folder, int64_t scale) {
  const Company company(folder, scale);
  std::unique_ptr<QueryPeer> peer;
  if (name == "arrays") {
    peer = MakeQueryArrays(company);
  } else if (name == "relata") {
    peer = MakeQueryRelata(PathOf(folder, name), kRoom);
  } else if (name == "sqlite" || (name == "duckdb" && !DuckdbVersion().empty())) {
    peer = MakePeer(folder, name);
  } else {
    return 0;
  }
  peer->PrepareScans();
  return Count(1, [&] { peer->Scan(); });
}

int CountCommits(int64_t segments, std::string_view name, const std::string& folder, int64_t scale) {
  if (name != "relata") return 0;
  const Company company(folder, scale);
  const std::string copy = folder + "/instructions.company";
  std::filesystem::remove(copy + "-lock");
  std::filesystem::copy_file(PathOf(folder, "relata"), copy,
                             std::filesystem::copy_options::overwrite_existing);
  const std::shared_ptr<relata::ManualClock> clock = CompanyClock();
  relata::Options options;
  options.clock = clock;
  options.durability = relata::Durability::kUnsafe;
  options.map_size = kRoom;
  relata::StatusOr<relata::Database> db = relata::Database::Open(copy, options);
  Require(db.ok(), "open");
  std::vector<relata::SegmentSpec> specs;
  for (const Definition& definition : MakeDefinitions(company, segments)) {
    specs.push_back({.name = definition.name, .entity = "relation", .expression = definition.text});
  }
  Require(relata::DefineSegments(&*db, specs).ok(), "define");
  Writer writer(&*db, company, clock);
  constexpr size_t kCommits = 100;
  return Count(kCommits, [&] {
    for (size_t i = 0; i < kCommits; ++i) writer.Write();
  });
}

int Run(std::string_view workload, std::string_view peer, const std::string& folder, int64_t scale) {
  std::filesystem::create_directories(folder);
  if (workload == "load") {  // what the scan and the commits need, without counting
    const Company company(folder, scale);
    for (const std::string_view name : {"relata", "sqlite", "duckdb"}) {
      if (name != "duckdb" || !DuckdbVersion().empty()) LoadOnce(folder, company, name);
    }
    return 0;
  }
  if (workload == "read by id, one field") return CountReads(false, peer, folder, scale);
  if (workload == "read by unique key, one field") return CountReads(true, peer, folder, scale);
  if (workload == "four-condition scan") return CountScan(peer, folder, scale);
  if (workload == "update, 0 segments") return CountCommits(0, peer, folder, scale);
  if (workload == "update, 100 segments") return CountCommits(100, peer, folder, scale);
  std::fprintf(stderr, "no such loop: %.*s\n", static_cast<int>(workload.size()), workload.data());
  return 2;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: instruction_benchmark WORKLOAD PEER FOLDER RELATIONS\n");
    return 2;
  }
  return benchmarks::Run(argv[1], argv[2], argv[3], std::atoll(argv[4]));
}
