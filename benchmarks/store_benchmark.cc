// Measures loading and point reads side by side: relata, raw LMDB and SQLite on the same rows in one run.
//
//   store_benchmark --rows 1000000 --folder /tmp/b --json results.jsonl
//
// Each load runs in a process of its own, so that its peak memory is its own. Reads are warm, interleaved
// between the peers, one thread; figures are medians of the repetitions with the least and the greatest, in
// processor time of the thread for reads and in wall time for loads (syncs included). Every peer's answers
// are compared before a ratio counts.
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <random>

#include "benchmarks/peer.h"

namespace benchmarks {
namespace {

struct Settings {
  int64_t rows = 1'000'000;
  int repetitions = 7;
  std::string folder = "/tmp/relata-benchmark";
  std::string json;
};

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::unique_ptr<Peer> MakePeer(std::string_view name, const std::string& folder) {
  const std::string path = folder + "/" + std::string(name) + ".db";
  if (name == "relata") return MakeRelata(path);
  return name == "lmdb" ? MakeLmdb(path) : MakeSqlite(path);
}

constexpr std::string_view kPeers[] = {"relata", "lmdb", "sqlite"};

struct Result {
  std::string workload;
  std::string peer;
  double median = 0;
  double least = 0;
  double greatest = 0;
  std::string unit;
};

Result Summarise(std::string_view workload, std::string_view peer, std::vector<double> samples,
                 std::string_view unit) {
  std::sort(samples.begin(), samples.end());
  return {std::string(workload), std::string(peer), samples[samples.size() / 2],
          samples.front(),       samples.back(),    std::string(unit)};
}

// Loads in a child; gives wall seconds and peak resident memory in MiB less what the rows themselves take.
std::pair<double, double> LoadApart(std::string_view name, const Settings& settings,
                                    std::span<const Row> rows) {
  int pipe_ends[2];
  Require(pipe(pipe_ends) == 0, "pipe");
  const pid_t child = fork();
  if (child == 0) {
    rusage before{};
    getrusage(RUSAGE_SELF, &before);
    const double start = Seconds(CLOCK_MONOTONIC);
    {
      const std::unique_ptr<Peer> peer = MakePeer(name, settings.folder);
      peer->Load(rows);
    }
    rusage after{};
    getrusage(RUSAGE_SELF, &after);
    const double figures[2] = {Seconds(CLOCK_MONOTONIC) - start,
                               static_cast<double>(after.ru_maxrss - before.ru_maxrss) / 1024};
    Require(write(pipe_ends[1], figures, sizeof figures) == sizeof figures, "write");
    _exit(0);
  }
  double figures[2] = {};
  Require(read(pipe_ends[0], figures, sizeof figures) == sizeof figures, "the load's process died");
  waitpid(child, nullptr, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  return {figures[0], figures[1]};
}

void Print(const std::vector<Result>& results, const Settings& settings) {
  std::printf("%-28s %-8s %12s %12s %12s %-8s %s\n", "workload", "peer", "median", "least", "greatest",
              "unit", "relata is");
  std::FILE* json = settings.json.empty() ? nullptr : std::fopen(settings.json.c_str(), "w");
  for (const Result& result : results) {
    const auto relata = std::find_if(results.begin(), results.end(), [&](const Result& r) {
      return r.peer == "relata" && r.workload == result.workload;
    });
    const double ratio = result.median / relata->median;
    std::printf("%-28s %-8s %12.3f %12.3f %12.3f %-8s", result.workload.c_str(), result.peer.c_str(),
                result.median, result.least, result.greatest, result.unit.c_str());
    result.peer == "relata" ? std::printf("\n") : std::printf(" %.2f x\n", ratio);
    if (json == nullptr) continue;
    std::fprintf(
        json,
        "{\"workload\":\"%s\",\"scale\":%lld,\"peer\":\"%s\",\"threads\":1,\"median\":%.6g,\"least\":%.6g,"
        "\"greatest\":%.6g,\"unit\":\"%s\",\"ratio\":%.4g}\n",
        result.workload.c_str(), static_cast<long long>(settings.rows), result.peer.c_str(), result.median,
        result.least, result.greatest, result.unit.c_str(), ratio);
  }
  if (json != nullptr) std::fclose(json);
}

int Run(const Settings& settings) {
  std::filesystem::remove_all(settings.folder);
  std::filesystem::create_directories(settings.folder);
  std::vector<Result> results;
  std::vector<int64_t> numbers;
  {
    const std::vector<Row> rows = MakeRows(settings.rows);
    for (const Row& row : rows) numbers.push_back(row.number);
    for (const std::string_view name : kPeers) {
      const auto [seconds, megabytes] = LoadApart(name, settings, rows);
      results.push_back(Summarise("bulk load, five indexes", name, {seconds}, "s"));
      results.push_back(Summarise("peak memory of the load", name, {megabytes}, "MiB"));
      double bytes = 0;
      for (const std::string_view suffix : {"", "-wal"}) {
        const std::string file = settings.folder + "/" + std::string(name) + ".db" + std::string(suffix);
        if (std::filesystem::exists(file)) bytes += static_cast<double>(std::filesystem::file_size(file));
      }
      results.push_back(Summarise("file", name, {bytes / (1 << 20)}, "MiB"));
    }
  }

  std::vector<std::unique_ptr<Peer>> peers;
  for (const std::string_view name : kPeers) peers.push_back(MakePeer(name, settings.folder));
  std::mt19937_64 random(11);
  const size_t reads = std::min<size_t>(500'000, static_cast<size_t>(settings.rows));
  std::vector<uint64_t> ids(reads);
  std::vector<int64_t> keys(reads);
  for (size_t i = 0; i < reads; ++i) {
    ids[i] = random() % static_cast<uint64_t>(settings.rows) + 1;
    keys[i] = numbers[random() % numbers.size()];
  }
  struct Workload {
    std::string name;
    std::function<int64_t(Peer&)> run;
  };
  const Workload workloads[] = {
      {"read by id, one field", [&](Peer& peer) { return peer.ReadById(ids); }},
      {"read by id, whole struct", [&](Peer& peer) { return peer.ReadWhole(ids); }},
      {"read by unique key, one field", [&](Peer& peer) { return peer.ReadByNumber(keys); }},
  };
  for (const Workload& workload : workloads) {
    std::map<std::string_view, std::vector<double>> samples;
    int64_t expected = 0;
    for (int i = -1; i < settings.repetitions; ++i) {  // the first warms up
      for (const std::unique_ptr<Peer>& peer : peers) {
        const double start = Seconds(CLOCK_THREAD_CPUTIME_ID);
        const int64_t answer = workload.run(*peer);
        const double seconds = Seconds(CLOCK_THREAD_CPUTIME_ID) - start;
        if (peer->name() == "relata") expected = answer;
        Require(answer == expected, "the peers' answers differ");
        if (i >= 0) samples[peer->name()].push_back(seconds / static_cast<double>(reads) * 1e9);
      }
    }
    for (const std::string_view name : kPeers) {
      results.push_back(Summarise(workload.name, name, samples[name], "ns"));
    }
  }
  Print(results, settings);
  peers.clear();
  std::filesystem::remove_all(settings.folder);
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  benchmarks::Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    if (flag == "--rows") {
      settings.rows = std::atoll(argv[i + 1]);
    } else if (flag == "--folder") {
      settings.folder = argv[i + 1];
    } else if (flag == "--json") {
      settings.json = argv[i + 1];
    } else if (flag == "--repetitions") {
      settings.repetitions = std::atoi(argv[i + 1]);
    } else {
      std::fprintf(stderr,
                   "usage: store_benchmark [--rows N] [--folder DIR] [--json FILE] [--repetitions N]\n");
      return 2;
    }
  }
  return benchmarks::Run(settings);
}
