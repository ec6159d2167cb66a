// This file implements measuring in turns, medians and spreads, and the report.
#include "benchmarks/harness.h"

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace benchmarks {
namespace {

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double Quantile(const std::vector<double>& sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<size_t>(at);
  const size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - static_cast<double>(low));
}

// Takes each repetition's seconds per run from Google Benchmark, by the contender's place, which is its name.
class Gatherer : public benchmark::BenchmarkReporter {
 public:
  explicit Gatherer(size_t contenders) : processor(contenders), wall(contenders) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const size_t contender = std::stoul(run.run_name.function_name);
      const auto times = static_cast<double>(run.iterations);
      processor[contender].push_back(run.cpu_accumulated_time / times);
      wall[contender].push_back(run.real_accumulated_time / times);
    }
  }

  std::vector<std::vector<double>> processor, wall;
};

double FactorOf(std::string_view unit) {
  if (unit == "ms") return 1e3;
  if (unit == "us") return 1e6;
  return unit == "ns" ? 1e9 : 1;
}

}  // namespace

void Require(bool ok, std::string_view what) {
  if (ok) return;
  std::fprintf(stderr, "benchmark failed: %.*s\n", static_cast<int>(what.size()), what.data());
  std::_Exit(1);  // a forked child must not run its parent's destructors
}

double WallSeconds() { return Seconds(CLOCK_MONOTONIC); }
double ThreadSeconds() { return Seconds(CLOCK_THREAD_CPUTIME_ID); }

Figure Summarise(std::string_view peer, std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  Figure figure;
  figure.peer = peer;
  figure.median = Quantile(samples, 0.5);
  figure.least = samples.front();
  figure.greatest = samples.back();
  if (figure.median > 0) {
    figure.spread = (Quantile(samples, 0.75) - Quantile(samples, 0.25)) / 2 / figure.median;
  }
  figure.repetitions = static_cast<int>(samples.size());
  return figure;
}

Figure PerItem(Figure figure, size_t items) {
  for (double* value : {&figure.median, &figure.least, &figure.greatest, &figure.wall}) {
    *value /= static_cast<double>(items);
  }
  return figure;
}

std::vector<Figure> Interleave(const std::vector<Contender>& contenders, const Patience& patience) {
  static const bool started = [] {
    char program[] = "benchmarks", in_random_order[] = "--benchmark_enable_random_interleaving=true";
    char* arguments[] = {program, in_random_order, nullptr};
    int count = 2;
    benchmark::Initialize(&count, arguments);
    return true;
  }();
  Require(started, "Google Benchmark");
  std::vector<int> runs(contenders.size(), 1);
  double round = 0;                                 // what one repetition of each takes
  for (size_t i = 0; i < contenders.size(); ++i) {  // warms up, and learns how long a run takes
    contenders[i].run();
    const double before = WallSeconds();
    contenders[i].run();
    const double took = std::max(WallSeconds() - before, 1e-7);
    runs[i] = std::clamp(static_cast<int>(std::ceil(patience.at_least / took)), 1, 100'000);
    round += took * runs[i];
  }
  const int repetitions =
      std::clamp(static_cast<int>(std::min(patience.seconds / round, 1e6)), patience.least, patience.most);
  for (size_t i = 0; i < contenders.size(); ++i) {
    benchmark::RegisterBenchmark(std::to_string(i).c_str(),
                                 [&work = contenders[i].run](benchmark::State& state) {
                                   for ([[maybe_unused]] const auto run : state) work();
                                 })
        ->Iterations(runs[i])
        ->Repetitions(repetitions);
  }
  Gatherer gatherer(contenders.size());
  benchmark::RunSpecifiedBenchmarks(&gatherer);
  benchmark::ClearRegisteredBenchmarks();
  std::vector<Figure> figures;
  for (size_t i = 0; i < contenders.size(); ++i) {
    Require(std::ssize(gatherer.processor[i]) == repetitions, "every repetition was measured");
    figures.push_back(Summarise(contenders[i].peer, gatherer.processor[i]));
    figures.back().wall = Summarise(contenders[i].peer, gatherer.wall[i]).median;
  }
  return figures;
}

std::vector<Figure> InterleaveWall(const std::vector<Contender>& contenders, int threads,
                                   const Patience& patience) {
  // The same turns; the samples are those of the wall clock, taken around each run.
  std::vector<std::vector<double>> samples(contenders.size());
  std::vector<Contender> timed;
  for (size_t i = 0; i < contenders.size(); ++i) {
    timed.push_back({contenders[i].peer, [&, i] {
                       const double start = WallSeconds();
                       contenders[i].run();
                       samples[i].push_back(WallSeconds() - start);
                     }});
  }
  Interleave(timed, patience);
  std::vector<Figure> figures;
  for (size_t i = 0; i < contenders.size(); ++i) {
    samples[i].erase(samples[i].begin(), samples[i].begin() + 2);  // those that warmed up
    figures.push_back(Summarise(contenders[i].peer, samples[i]));
    figures.back().wall = figures.back().median;
    figures.back().threads = threads;
  }
  return figures;
}

Report::Report(const std::string& path, int64_t scale, std::string only)
    : scale_(scale), only_(std::move(only)) {
  if (!path.empty()) {
    json_ = std::fopen(path.c_str(), "a");
    Require(json_ != nullptr, path);
  }
  std::printf("%-42s %-8s %3s %12s %12s %12s %7s  %-5s %s\n", "workload", "peer", "thr", "median", "least",
              "greatest", "spread", "unit", "relata is");
  std::fflush(stdout);
}

Report::~Report() {
  if (json_ != nullptr) std::fclose(json_);
}

bool Report::Wants(std::string_view workload) const {
  return only_.empty() || workload.find(only_) != std::string_view::npos;
}

void Report::Note(std::string_view text) {
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
  std::fflush(stdout);
}

void Report::Add(std::string_view workload, std::string_view unit, std::vector<Figure> figures) {
  const double factor = FactorOf(unit);
  const auto relata =
      std::find_if(figures.begin(), figures.end(), [](const Figure& f) { return f.peer == "relata"; });
  for (const Figure& figure : figures) {
    // Without relata's own figure there is no ratio: null in JSON, a blank in the table.
    const bool has_ratio = relata != figures.end() && relata->median > 0;
    const double ratio = has_ratio ? figure.median / relata->median : 0;
    std::printf("%-42.*s %-8s %3d %12.4g %12.4g %12.4g %6.1f%%  %-5.*s", static_cast<int>(workload.size()),
                workload.data(), figure.peer.c_str(), figure.threads, figure.median * factor,
                figure.least * factor, figure.greatest * factor, figure.spread * 100,
                static_cast<int>(unit.size()), unit.data());
    has_ratio&& figure.peer != "relata" ? std::printf(" %.2f x\n", ratio) : std::printf("\n");
    if (json_ == nullptr) continue;
    std::fprintf(json_,
                 "{\"workload\":\"%.*s\",\"scale\":%lld,\"peer\":\"%s\",\"threads\":%d,\"median\":%.6g,"
                 "\"least\":%.6g,\"greatest\":%.6g,\"spread\":%.4g,\"wall\":%.6g,\"unit\":\"%.*s\","
                 "\"repetitions\":%d,",
                 static_cast<int>(workload.size()), workload.data(), static_cast<long long>(scale_),
                 figure.peer.c_str(), figure.threads, figure.median * factor, figure.least * factor,
                 figure.greatest * factor, figure.spread, figure.wall * factor, static_cast<int>(unit.size()),
                 unit.data(), figure.repetitions);
    has_ratio ? std::fprintf(json_, "\"ratio\":%.4g}\n", ratio) : std::fprintf(json_, "\"ratio\":null}\n");
    std::fflush(json_);
  }
  std::fflush(stdout);
}

}  // namespace benchmarks
