// Measures questions to a company's records side by side: relata, DuckDB, SQLite, plain arrays and a
// Boost.MultiIndex container, on the same rows in one run.
//
//   query_benchmark --scale 1000000 --folder build/data/1000000 --json results.jsonl [--only WORKLOAD]
//
// Each peer is loaded once, in a process of its own, and its file kept in the folder for later runs; the time
// and the peak memory of that load are kept beside it. Answers are compared before anything is timed. Reads
// are warm, peers take turns, one thread each or two each. `--versions` prints those of the peers, and the
// flags.
#include <algorithm>
#include <boost/version.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "benchmarks/harness.h"
#include "benchmarks/loading.h"
#include "benchmarks/opening.h"
#include "benchmarks/query_peer.h"
#include "benchmarks/settings.h"
#include "benchmarks/type_ahead.h"

namespace benchmarks {
namespace {

double SizeOnDisk(const std::string& path) {
  double bytes = 0;
  for (const std::string_view suffix : {"", "-wal", ".wal"}) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path + std::string(suffix), none);
    if (!none) bytes += static_cast<double>(size);
  }
  return bytes;
}

void ReportFiles(const Settings& settings, const std::vector<std::string>& peers, Report* report) {
  std::vector<Figure> loads, memory, sizes;
  for (const std::string& peer : peers) {
    double seconds = 0, megabytes = 0;
    std::ifstream(PathOf(settings.folder, peer) + ".load") >> seconds >> megabytes;
    loads.push_back(Summarise(peer, {seconds}));
    memory.push_back(Summarise(peer, {megabytes}));
    sizes.push_back(Summarise(peer, {SizeOnDisk(PathOf(settings.folder, peer)) / (1 << 20)}));
  }
  if (report->Wants("load the company")) report->Add("load the company", "s", loads);
  if (report->Wants("peak memory of the company's load")) {
    report->Add("peak memory of the company's load", "MiB", memory);
  }
  if (report->Wants("file of the company")) report->Add("file of the company", "MiB", sizes);
}

// One question: who answers it, the same answers from all, then the times.
template <class Ask>
void Measure(std::string_view workload, std::string_view unit, Question question,
             const std::vector<QueryPeer*>& peers, const Patience& patience, Report* report, Ask ask) {
  if (!report->Wants(workload)) return;
  std::vector<Contender> contenders;
  decltype(ask(*peers.front())) expected;
  for (QueryPeer* peer : peers) {
    if (!peer->Answers(question)) continue;
    auto answer = ask(*peer);
    if (question != Question::kPage) std::sort(answer.begin(), answer.end());
    if (contenders.empty()) expected = answer;
    Require(answer == expected, std::string(workload) + ": the answers of " + std::string(peer->name()) +
                                    " and " + (contenders.empty() ? "" : contenders[0].peer) + " differ");
    contenders.push_back({std::string(peer->name()), [peer, ask] { ask(*peer); }});
  }
  if (contenders.empty()) return;
  Require(!expected.empty(), std::string(workload) + ": an answer that is empty measures nothing");
  std::vector<Figure> figures = Interleave(contenders, patience);
  report->Add(workload, unit, std::move(figures));
}

void MeasureQuestions(const std::vector<QueryPeer*>& peers, const Patience& patience, Report* report) {
  const auto measure = [&](std::string_view workload, std::string_view unit, Question question, auto ask) {
    Measure(workload, unit, question, peers, patience, report, ask);
  };
  measure("four-condition scan", "ms", Question::kScan, [](QueryPeer& p) { return p.Scan(); });
  measure("window aggregate", "ms", Question::kWindow, [](QueryPeer& p) { return p.Window(); });
  measure("group by two keys", "ms", Question::kGroup, [](QueryPeer& p) { return p.Group(); });
  measure("customer pyramid", "ms", Question::kPyramid, [](QueryPeer& p) { return p.Pyramid(); });
  measure("page of 50, first", "us", Question::kPage, [](QueryPeer& p) { return p.Page(false); });
  measure("page of 50, deep", "us", Question::kPage, [](QueryPeer& p) { return p.Page(true); });
}

// Two threads put the same question at once, each to a peer of its own over one database; wall time through
// both answers.
template <class Ask>
void MeasureTwoThreads(std::string_view workload, const std::vector<QueryPeer*>& peers,
                       const std::vector<std::unique_ptr<QueryPeer>>& besides, const Patience& patience,
                       Report* report, Ask ask) {
  if (!report->Wants(workload)) return;
  std::vector<Contender> contenders;
  for (size_t i = 0; i < peers.size(); ++i) {
    if (besides[i] == nullptr) continue;
    contenders.push_back({std::string(peers[i]->name()), [ask, one = peers[i], two = besides[i].get()] {
                            std::thread other([&] { ask(*two); });
                            ask(*one);
                            other.join();
                          }});
  }
  std::vector<Figure> figures;
  for (const Figure& figure : InterleaveWall(contenders, 2, patience)) figures.push_back(PerItem(figure, 2));
  report->Add(workload, "ms", std::move(figures));
}

void MeasureTwoThreads(const std::vector<QueryPeer*>& peers, const Patience& patience, Report* report) {
  if (!report->Wants("four-condition scan, 2 threads") && !report->Wants("window aggregate, 2 threads"))
    return;
  std::vector<std::unique_ptr<QueryPeer>> besides;
  for (QueryPeer* peer : peers) {
    besides.push_back(peer->Answers(Question::kScan) ? peer->Beside() : nullptr);
    if (besides.back() != nullptr) besides.back()->PrepareScans();
  }
  MeasureTwoThreads("four-condition scan, 2 threads", peers, besides, patience, report,
                    [](QueryPeer& p) { p.Scan(); });
  MeasureTwoThreads("window aggregate, 2 threads", peers, besides, patience, report,
                    [](QueryPeer& p) { p.Window(); });
}

int Run(const Settings& settings) {
  std::filesystem::create_directories(settings.folder);
  const Company company(settings.folder, settings.scale);
  std::vector<std::string> on_disk;
  for (const std::string peer : {"relata", "duckdb", "sqlite"}) {
    if (!settings.Has(peer) || (peer == "duckdb" && DuckdbVersion().empty())) continue;
    on_disk.push_back(peer);
    LoadOnce(settings.folder, company, peer);
  }
  Report report(settings.json, settings.scale, settings.only);
  ReportFiles(settings, on_disk, &report);
  MeasureOpening(settings, on_disk, &report);
  MeasureMemory(settings, on_disk, &report);

  std::vector<std::unique_ptr<QueryPeer>> owned;
  for (const std::string& peer : on_disk) owned.push_back(MakePeer(settings.folder, peer));
  if (settings.Has("arrays")) owned.push_back(MakeQueryArrays(company));
  if (settings.Has("memory")) owned.push_back(MakeQueryMemory(company));
  std::vector<QueryPeer*> peers;
  for (const std::unique_ptr<QueryPeer>& peer : owned) {
    peer->Prepare(settings.scale / 10);
    peers.push_back(peer.get());
  }
  const Patience patience{.seconds = settings.seconds};
  MeasureQuestions(peers, patience, &report);
  MeasureTypeAhead(company, peers, patience, &report);
  MeasureTwoThreads(peers, patience, &report);
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--versions") {
    const std::string duckdb = benchmarks::DuckdbVersion();
    std::printf("relata built with %s, SQLite %s%s%s, Boost %d.%d\n", RELATA_BENCHMARK_FLAGS,
                benchmarks::SqliteVersion().c_str(), duckdb.empty() ? "" : ", DuckDB ", duckdb.c_str(),
                BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000);
    return 0;
  }
  return benchmarks::Run(benchmarks::SettingsOf(
      argc, argv, {.folder = "/tmp/relata-query-benchmark", .peers = "relata,duckdb,sqlite,arrays,memory"}));
}
