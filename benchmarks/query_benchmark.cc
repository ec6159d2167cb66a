// Measures questions to a company's records side by side: relata, DuckDB, SQLite and plain arrays, on the
// same rows in one run.
//
//   query_benchmark --scale 1000000 --folder build/data/1000000 --json results.jsonl [--only WORKLOAD]
//
// Each peer is loaded once, in a process of its own, and its file kept in the folder for later runs; the time
// and the peak memory of that load are kept beside it. Answers are compared before anything is timed. Reads
// are warm, peers take turns, one thread each.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "benchmarks/harness.h"
#include "benchmarks/loading.h"
#include "benchmarks/query_peer.h"
#include "benchmarks/type_ahead.h"

namespace benchmarks {
namespace {

struct Settings {
  int64_t scale = 1'000'000;
  std::string folder = "/tmp/relata-query-benchmark";
  std::string json;
  std::string only;
  std::string peers = "relata,duckdb,sqlite,arrays";
};

bool Has(const std::string& list, std::string_view name) {
  return ("," + list + ",").find("," + std::string(name) + ",") != std::string::npos;
}

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
  std::vector<Figure> loads, sizes;
  for (const std::string& peer : peers) {
    double seconds = 0, megabytes = 0;
    std::ifstream(PathOf(settings.folder, peer) + ".load") >> seconds >> megabytes;
    loads.push_back(Summarise(peer, {seconds}));
    sizes.push_back(Summarise(peer, {SizeOnDisk(PathOf(settings.folder, peer)) / (1 << 20)}));
  }
  if (report->Wants("load the company")) report->Add("load the company", "s", loads);
  if (report->Wants("file of the company")) report->Add("file of the company", "MiB", sizes);
}

// From nothing to the first answer, in a fresh process; the file is in the page cache.
void MeasureOpening(const Settings& settings, const std::vector<std::string>& peers, Report* report) {
  if (!report->Wants("open and read one record")) return;
  std::vector<std::vector<double>> samples(peers.size());
  for (int64_t repetition = 0; repetition < 9; ++repetition) {
    for (size_t i = 0; i < peers.size(); ++i) {
      samples[i].push_back(Apart([&] {
        const double start = WallSeconds();
        const std::unique_ptr<QueryPeer> peer = MakePeer(settings.folder, peers[i]);
        Require(peer->ReadOne(settings.scale / 2 + repetition) > 0, "the record is there");
        return WallSeconds() - start;
      }));
    }
  }
  std::vector<Figure> figures;
  for (size_t i = 0; i < peers.size(); ++i) {
    figures.push_back(Summarise(peers[i], samples[i]));
    figures.back().wall = figures.back().median;
  }
  report->Add("open and read one record", "ms", figures);
}

// One question: who answers it, the same answers from all, then the times.
template <class Ask>
void Measure(std::string_view workload, std::string_view unit, Question question,
             const std::vector<QueryPeer*>& peers, Report* report, Ask ask) {
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
  std::vector<Figure> figures = Interleave(contenders, {});
  report->Add(workload, unit, std::move(figures));
}

void MeasureQuestions(const std::vector<QueryPeer*>& peers, Report* report) {
  Measure("four-condition scan", "ms", Question::kScan, peers, report, [](QueryPeer& p) { return p.Scan(); });
  Measure("window aggregate", "ms", Question::kWindow, peers, report,
          [](QueryPeer& p) { return p.Window(); });
  Measure("group by two keys", "ms", Question::kGroup, peers, report, [](QueryPeer& p) { return p.Group(); });
  Measure("customer pyramid", "ms", Question::kPyramid, peers, report,
          [](QueryPeer& p) { return p.Pyramid(); });
  Measure("page of 50, first", "us", Question::kPage, peers, report,
          [](QueryPeer& p) { return p.Page(false); });
  Measure("page of 50, deep", "us", Question::kPage, peers, report,
          [](QueryPeer& p) { return p.Page(true); });
}

int Run(const Settings& settings) {
  std::filesystem::create_directories(settings.folder);
  const Company company(settings.folder, settings.scale);
  std::vector<std::string> on_disk;
  for (const char* peer : {"relata", "duckdb", "sqlite"}) {
    if (!Has(settings.peers, peer) || (std::strcmp(peer, "duckdb") == 0 && DuckdbVersion().empty())) continue;
    on_disk.emplace_back(peer);
    LoadOnce(settings.folder, company, peer);
  }
  Report report(settings.json, settings.scale, settings.only);
  ReportFiles(settings, on_disk, &report);
  MeasureOpening(settings, on_disk, &report);

  std::vector<std::unique_ptr<QueryPeer>> owned;
  for (const std::string& peer : on_disk) owned.push_back(MakePeer(settings.folder, peer));
  if (Has(settings.peers, "arrays")) owned.push_back(MakeQueryArrays(company));
  std::vector<QueryPeer*> peers;
  for (const std::unique_ptr<QueryPeer>& peer : owned) {
    peer->Prepare(settings.scale / 10);
    peers.push_back(peer.get());
  }
  MeasureQuestions(peers, &report);
  MeasureTypeAhead(company, peers, &report);
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  benchmarks::Settings settings;
  const std::map<std::string_view, std::string*> texts = {{"--folder", &settings.folder},
                                                          {"--json", &settings.json},
                                                          {"--only", &settings.only},
                                                          {"--peers", &settings.peers}};
  for (int i = 1; i < argc; i += 2) {
    const auto text = texts.find(argv[i]);
    if (i + 1 < argc && text != texts.end()) {
      *text->second = argv[i + 1];
    } else if (i + 1 < argc && std::strcmp(argv[i], "--scale") == 0) {
      settings.scale = std::atoll(argv[i + 1]);
    } else if (std::strcmp(argv[i], "--versions") == 0) {
      std::printf("SQLite %s%s%s\n", benchmarks::SqliteVersion().c_str(),
                  benchmarks::DuckdbVersion().empty() ? "" : ", DuckDB ",
                  benchmarks::DuckdbVersion().c_str());
      return 0;
    } else {
      std::fprintf(
          stderr,
          "usage: query_benchmark [--scale RELATIONS] [--folder DIR] [--json FILE] [--only WORKLOAD] "
          "[--peers LIST]\n");
      return 2;
    }
  }
  settings.scale = (std::max<int64_t>(settings.scale, 1000) + 99) / 100 * 100;
  return benchmarks::Run(settings);
}
