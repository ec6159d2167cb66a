// Measures loading, point reads and commits side by side: relata, raw LMDB, SQLite and a Boost.MultiIndex
// container in memory, on the same rows in one run.
//
//   store_benchmark --scale 1000000 --folder build/data/store --json results.jsonl [--only WORKLOAD]
//
// Each load runs in a process of its own, so that its peak memory is its own. Reads are warm, peers take
// turns, one thread, in processor time; two threads, in wall time. Loads and commits count wall time, syncs
// included. Every peer's answers are compared before a figure counts.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "benchmarks/harness.h"
#include "benchmarks/peer.h"
#include "benchmarks/settings.h"

namespace benchmarks {
namespace {

constexpr std::string_view kPeers[] = {"relata", "lmdb", "sqlite", "memory"};
using Peers = std::vector<Peer*>;

std::string PathOf(std::string_view name, const std::string& folder) {
  return folder + "/" + std::string(name) + ".db";
}

std::unique_ptr<Peer> MakePeer(std::string_view name, const std::string& folder) {
  const std::string path = PathOf(name, folder);
  if (name == "relata") return MakeRelata(path);
  if (name == "memory") return MakeMemory();
  if (name == "record") return MakeRelataDynamic(PathOf("relata", folder));
  return name == "lmdb" ? MakeLmdb(path) : MakeSqlite(path);
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
    const double start = WallSeconds();
    {
      const std::unique_ptr<Peer> peer = MakePeer(name, settings.folder);
      peer->Load(rows);
    }
    rusage after{};
    getrusage(RUSAGE_SELF, &after);
    const double figures[2] = {WallSeconds() - start,
                               static_cast<double>(after.ru_maxrss - before.ru_maxrss) / 1024};
    Require(write(pipe_ends[1], figures, sizeof figures) == sizeof figures, "write");
    _exit(0);
  }
  close(pipe_ends[1]);
  double figures[2] = {};
  Require(read(pipe_ends[0], figures, sizeof figures) == sizeof figures, "the load's process died");
  waitpid(child, nullptr, 0);
  close(pipe_ends[0]);
  return {figures[0], figures[1]};
}

void MeasureLoads(const Settings& settings, std::span<const Row> rows, Report* report) {
  std::map<std::string_view, std::vector<double>> seconds, megabytes, sizes;
  const int repetitions = report->Wants("bulk load, five indexes") ? 3 : 1;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (const std::string_view name : kPeers) {
      const std::string path = PathOf(name, settings.folder);
      for (const std::string_view suffix : {"", "-wal", "-shm", "-lock"}) {
        std::filesystem::remove(path + std::string(suffix));
      }
      const auto [time, memory] = LoadApart(name, settings, rows);
      seconds[name].push_back(time);
      megabytes[name].push_back(memory);
      double bytes = 0;
      for (const std::string_view suffix : {"", "-wal"}) {
        std::error_code none;
        const auto size = std::filesystem::file_size(path + std::string(suffix), none);
        if (!none) bytes += static_cast<double>(size);
      }
      if (bytes > 0) sizes[name].push_back(bytes / (1 << 20));
    }
  }
  const auto add = [&](std::string_view workload, std::string_view unit, auto& samples) {
    std::vector<Figure> figures;
    for (const std::string_view name : kPeers) {
      if (!samples[name].empty()) figures.push_back(Summarise(name, samples[name]));
    }
    if (report->Wants(workload)) report->Add(workload, unit, std::move(figures));
  };
  add("bulk load, five indexes", "s", seconds);
  add("peak memory of the load", "MiB", megabytes);
  add("file, five indexes", "MiB", sizes);
}

// `work` is one batch of `items`; figures are per item.
template <class Work>
void MeasureReads(std::string_view workload, const Peers& peers, size_t items, const Patience& patience,
                  Report* report, Work work) {
  if (!report->Wants(workload)) return;
  const int64_t expected = work(*peers.front());
  std::vector<Contender> contenders;
  for (Peer* peer : peers) {
    Require(work(*peer) == expected, std::string(workload) + ": the peers' answers differ");
    contenders.push_back({std::string(peer->name()), [peer, work] { work(*peer); }});
  }
  std::vector<Figure> figures;
  for (const Figure& figure : Interleave(contenders, patience)) figures.push_back(PerItem(figure, items));
  report->Add(workload, "ns", std::move(figures));
}

// Two threads read all of `ids` each, at once; wall time through all reads.
void MeasureTwoThreads(const Peers& peers, std::span<const uint64_t> ids, const Patience& patience,
                       Report* report) {
  if (!report->Wants("read by id, one field, 2 threads")) return;
  std::vector<Contender> contenders;
  for (Peer* peer : peers) {
    contenders.push_back({std::string(peer->name()), [ids, first = peer->Reader(), second = peer->Reader()] {
                            std::thread other([&] { second(ids); });
                            first(ids);
                            other.join();
                          }});
  }
  std::vector<Figure> figures;
  for (const Figure& figure : InterleaveWall(contenders, 2, patience)) {
    figures.push_back(PerItem(figure, 2 * ids.size()));
  }
  report->Add("read by id, one field, 2 threads", "ns", std::move(figures));
}

// Ids 1..n by Zipf's law with exponent 0.99, the frequent ones scattered over the range.
std::vector<uint64_t> SkewedIds(uint64_t n, size_t count, std::mt19937_64* random) {
  std::vector<double> cumulative(n);
  double sum = 0;
  for (uint64_t rank = 0; rank < n; ++rank) cumulative[rank] = sum += std::pow(rank + 1, -0.99);
  std::vector<uint64_t> ids(count);
  for (uint64_t& id : ids) {
    const double at = static_cast<double>((*random)() >> 11) * 0x1p-53 * sum;
    const auto rank = std::upper_bound(cumulative.begin(), cumulative.end(), at) - cumulative.begin();
    id = (static_cast<uint64_t>(rank) * 2654435761 + 12345) % n + 1;
  }
  return ids;
}

// A row that no peer has yet; every call makes another.
Row NewRow(std::span<const Row> rows, std::atomic<int64_t>* next) {
  const int64_t number = (*next)++;
  Row row = rows[static_cast<size_t>(number * 7919) % rows.size()];
  row.number = 900'000'000'000 + number;
  return row;
}

// Wall seconds for each of `threads` threads to commit `each` rows, one row a commit.
double CommitSeconds(Peer* peer, std::span<const Row> rows, int threads, int each,
                     std::atomic<int64_t>* next) {
  std::vector<std::function<void(const Row&)>> committers;
  for (int i = 0; i < threads; ++i) committers.push_back(peer->Committer());
  const double start = WallSeconds();
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      for (int k = 0; k < each; ++k) committers[static_cast<size_t>(i)](NewRow(rows, next));
    });
  }
  for (std::thread& thread : running) thread.join();
  return WallSeconds() - start;
}

void MeasureCommits(const Peers& peers, std::span<const Row> rows, std::atomic<int64_t>* next, int threads,
                    const Patience& patience, Report* report) {
  const std::string workload = threads == 1 ? "durable commit, 1 thread" : "durable commit, 8 threads";
  if (!report->Wants(workload)) return;
  constexpr int kCommits = 200;
  std::vector<std::vector<double>> samples(peers.size());
  const double start = WallSeconds();
  for (int repetition = 0; repetition < 11; ++repetition) {
    if (repetition >= 3 && WallSeconds() - start > 2 * patience.seconds) break;
    for (size_t i = 0; i < peers.size(); ++i) {
      samples[i].push_back(CommitSeconds(peers[i], rows, threads, kCommits / threads, next) / kCommits);
    }
  }
  std::vector<Figure> figures;
  for (size_t i = 0; i < peers.size(); ++i) {
    figures.push_back(Summarise(peers[i]->name(), samples[i]));
    figures.back().wall = figures.back().median;
    figures.back().threads = threads;
  }
  report->Add(workload, "us", std::move(figures));
}

// Reads by id in wall time, alone and while another thread commits; per read.
void MeasureReadersBesideWriter(const Peers& peers, std::span<const Row> rows, std::span<const uint64_t> ids,
                                std::atomic<int64_t>* next, Report* report) {
  if (!report->Wants("readers while a writer commits")) return;
  std::vector<std::vector<double>> alone(peers.size()), beside(peers.size());
  for (int repetition = 0; repetition < 7; ++repetition) {
    for (size_t i = 0; i < peers.size(); ++i) {
      Peer& peer = *peers[i];
      const auto read = [&] {  // long enough for a writer to commit many times
        const double start = WallSeconds();
        size_t times = 0;
        do {
          peer.ReadById(ids);
          ++times;
        } while (WallSeconds() - start < 0.3);
        return (WallSeconds() - start) / static_cast<double>(times * ids.size());
      };
      alone[i].push_back(read());
      std::atomic<bool> stop = false;
      std::thread writer([&, commit = peer.Committer()] {
        while (!stop) commit(NewRow(rows, next));
      });
      beside[i].push_back(read());
      stop = true;
      writer.join();
    }
  }
  for (const auto& [workload, samples] :
       {std::pair{"readers alone", &alone}, {"readers while a writer commits", &beside}}) {
    std::vector<Figure> figures;
    for (size_t i = 0; i < peers.size(); ++i) {
      figures.push_back(Summarise(peers[i]->name(), (*samples)[i]));
      figures.back().wall = figures.back().median;
    }
    report->Add(workload, "ns", std::move(figures));
  }
}

int Run(const Settings& settings) {
  std::filesystem::remove_all(settings.folder);
  std::filesystem::create_directories(settings.folder);
  Report report(settings.json, settings.scale, settings.only);
  const Patience patience{.seconds = settings.seconds};
  const std::vector<Row> rows = MakeRows(settings.scale);
  MeasureLoads(settings, rows, &report);

  std::vector<std::unique_ptr<Peer>> owned;
  Peers peers, durable;
  for (const std::string_view name : kPeers) {
    owned.push_back(MakePeer(name, settings.folder));
    peers.push_back(owned.back().get());
    if (name != "memory") durable.push_back(peers.back());
  }
  peers.back()->Load(rows);
  std::mt19937_64 random(11);
  const size_t reads = std::min<size_t>(200'000, rows.size());
  std::vector<uint64_t> ids(reads);
  std::vector<int64_t> numbers(reads);
  for (size_t i = 0; i < reads; ++i) {
    ids[i] = random() % rows.size() + 1;
    numbers[i] = rows[random() % rows.size()].number;
  }
  const std::vector<uint64_t> skewed = SkewedIds(rows.size(), reads, &random);
  const auto measure = [&](std::string_view workload, const Peers& of, auto work) {
    MeasureReads(workload, of, reads, patience, &report, work);
  };
  measure("read by id, one field", peers, [&](Peer& p) { return p.ReadById(ids); });
  measure("read by id, whole struct", peers, [&](Peer& p) { return p.ReadWhole(ids); });
  if (report.Wants("a dynamic record")) {
    const std::unique_ptr<Peer> record = MakePeer("record", settings.folder);
    measure("a dynamic record", {peers.front(), record.get()}, [&](Peer& p) { return p.ReadWhole(ids); });
  }
  measure("read by id, skewed, whole struct", peers, [&](Peer& p) { return p.ReadSkewed(skewed); });
  measure("read by unique key, one field", peers, [&](Peer& p) { return p.ReadByNumber(numbers); });
  MeasureTwoThreads(peers, ids, patience, &report);

  if (report.Wants("change log in that file")) {
    report.Add("change log in that file", "MiB",
               {Summarise("relata", {durable.front()->LogBytes() / (1 << 20)})});
  }
  std::atomic<int64_t> next = 1;
  MeasureCommits(durable, rows, &next, 1, patience, &report);
  MeasureCommits(durable, rows, &next, 8, patience, &report);
  MeasureReadersBesideWriter(durable, rows, ids, &next, &report);
  owned.clear();
  std::filesystem::remove_all(settings.folder);
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  return benchmarks::Run(benchmarks::SettingsOf(argc, argv, {.folder = "/tmp/relata-benchmark"}));
}
