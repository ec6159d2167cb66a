// Measures loading, point reads and commits side by side: relata, raw LMDB and SQLite on the same rows in one
// run.
//
//   store_benchmark --scale 1000000 --folder build/data/store --json results.jsonl [--only WORKLOAD]
//
// Each load runs in a process of its own, so that its peak memory is its own. Reads are warm, peers take
// turns, one thread, in processor time. Loads and commits count wall time, syncs included. Every peer's
// answers are compared before a figure counts.
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

namespace benchmarks {
namespace {

struct Settings {
  int64_t scale = 1'000'000;
  std::string folder = "/tmp/relata-benchmark";
  std::string json;
  std::string only;
};

constexpr std::string_view kPeers[] = {"relata", "lmdb", "sqlite"};
using Peers = std::vector<std::unique_ptr<Peer>>;

std::string PathOf(std::string_view name, const std::string& folder) {
  return folder + "/" + std::string(name) + ".db";
}

std::unique_ptr<Peer> MakePeer(std::string_view name, const std::string& folder) {
  const std::string path = PathOf(name, folder);
  if (name == "relata") return MakeRelata(path);
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
      sizes[name].push_back(bytes / (1 << 20));
    }
  }
  const auto add = [&](std::string_view workload, std::string_view unit, auto& samples) {
    std::vector<Figure> figures;
    for (const std::string_view name : kPeers) figures.push_back(Summarise(name, samples[name]));
    if (report->Wants(workload)) report->Add(workload, unit, std::move(figures));
  };
  add("bulk load, five indexes", "s", seconds);
  add("peak memory of the load", "MiB", megabytes);
  add("file, five indexes", "MiB", sizes);
}

// `work` is one batch of `items`; figures are per item.
template <class Work>
void MeasureReads(std::string_view workload, const Peers& peers, size_t items, Report* report, Work work) {
  if (!report->Wants(workload)) return;
  const int64_t expected = work(*peers.front());
  std::vector<Contender> contenders;
  for (const std::unique_ptr<Peer>& peer : peers) {
    Require(work(*peer) == expected, std::string(workload) + ": the peers' answers differ");
    contenders.push_back({std::string(peer->name()), [&peer, work] { work(*peer); }});
  }
  std::vector<Figure> figures = Interleave(contenders, {});
  for (Figure& figure : figures) {
    for (double* value : {&figure.median, &figure.least, &figure.greatest, &figure.wall}) {
      *value /= static_cast<double>(items);
    }
  }
  report->Add(workload, "ns", std::move(figures));
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
                    Report* report) {
  const std::string workload = threads == 1 ? "durable commit, 1 thread" : "durable commit, 8 threads";
  if (!report->Wants(workload)) return;
  constexpr int kCommits = 200;
  constexpr double kPatience = 40;  // seconds: a sync takes a tenth of a millisecond here, ten there
  std::vector<std::vector<double>> samples(peers.size());
  const double start = WallSeconds();
  for (int repetition = 0; repetition < 11; ++repetition) {
    if (repetition >= 3 && WallSeconds() - start > kPatience) break;
    for (size_t i = 0; i < peers.size(); ++i) {
      samples[i].push_back(CommitSeconds(peers[i].get(), rows, threads, kCommits / threads, next) / kCommits);
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
      const auto read = [&] {
        const double start = WallSeconds();
        peer.ReadById(ids);
        return (WallSeconds() - start) / static_cast<double>(ids.size());
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
  const std::vector<Row> rows = MakeRows(settings.scale);
  MeasureLoads(settings, rows, &report);

  Peers peers;
  for (const std::string_view name : kPeers) peers.push_back(MakePeer(name, settings.folder));
  std::mt19937_64 random(11);
  const size_t reads = std::min<size_t>(200'000, rows.size());
  std::vector<uint64_t> ids(reads);
  std::vector<int64_t> numbers(reads);
  for (size_t i = 0; i < reads; ++i) {
    ids[i] = random() % rows.size() + 1;
    numbers[i] = rows[random() % rows.size()].number;
  }
  const std::vector<uint64_t> skewed = SkewedIds(rows.size(), reads, &random);
  MeasureReads("read by id, one field", peers, reads, &report, [&](Peer& p) { return p.ReadById(ids); });
  MeasureReads("read by id, whole struct", peers, reads, &report, [&](Peer& p) { return p.ReadWhole(ids); });
  if (report.Wants("a dynamic record")) {
    Peers both;
    both.push_back(MakePeer("relata", settings.folder));
    both.push_back(MakePeer("record", settings.folder));
    MeasureReads("a dynamic record", both, reads, &report, [&](Peer& p) { return p.ReadWhole(ids); });
  }
  MeasureReads("read by id, skewed, whole struct", peers, reads, &report,
               [&](Peer& p) { return p.ReadSkewed(skewed); });
  MeasureReads("read by unique key, one field", peers, reads, &report,
               [&](Peer& p) { return p.ReadByNumber(numbers); });

  if (report.Wants("change log in that file")) {
    report.Add("change log in that file", "MiB",
               {Summarise(peers[0]->name(), {peers[0]->LogBytes() / (1 << 20)})});
  }
  std::atomic<int64_t> next = 1;
  MeasureCommits(peers, rows, &next, 1, &report);
  MeasureCommits(peers, rows, &next, 8, &report);
  MeasureReadersBesideWriter(peers, rows, ids, &next, &report);
  peers.clear();
  std::filesystem::remove_all(settings.folder);
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  benchmarks::Settings settings;
  const std::map<std::string_view, std::string*> texts = {
      {"--folder", &settings.folder}, {"--json", &settings.json}, {"--only", &settings.only}};
  for (int i = 1; i < argc; i += 2) {
    const auto text = texts.find(argv[i]);
    if (i + 1 < argc && text != texts.end()) {
      *text->second = argv[i + 1];
    } else if (i + 1 < argc && std::string_view(argv[i]) == "--scale") {
      settings.scale = std::atoll(argv[i + 1]);
    } else {
      std::fprintf(stderr,
                   "usage: store_benchmark [--scale ROWS] [--folder DIR] [--json FILE] [--only WORKLOAD]\n");
      return 2;
    }
  }
  return benchmarks::Run(settings);
}
