// Defines how every benchmark here measures and reports.
//
//   Report report("results.jsonl", 1'000'000);
//   report.Add("read by id", "ns", Interleave({{"relata", [&] { … }}, {"sqlite", [&] { … }}}, {}));
//
// Google Benchmark runs and times them, the repetitions of all peers in one random order, so that what slows
// the machine for a while slows all of them. A figure is the median of the repetitions; its spread is half
// the distance between the quartiles, as a part of the median. Processor time is that of the calling thread,
// which is all there is where a peer is told to use one thread. Thread safety: one thread.
#ifndef RELATA_BENCHMARKS_HARNESS_H_
#define RELATA_BENCHMARKS_HARNESS_H_

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace benchmarks {

// Ends the program with this message unless `ok`: there is nothing to measure then.
void Require(bool ok, std::string_view what);

double WallSeconds();
double ThreadSeconds();

// What was measured of one peer: a median in the unit of the workload.
struct Figure {
  std::string peer;
  double median = 0;
  double least = 0;
  double greatest = 0;
  double spread = 0;
  double wall = 0;  // the median of wall time, in the same unit; 0 where the figure is no time
  int threads = 1;
  int repetitions = 1;
};

// The same figure per item, of `items` in a repetition.
Figure PerItem(Figure figure, size_t items);

Figure Summarise(std::string_view peer, std::vector<double> samples);

struct Contender {
  std::string peer;
  std::function<void()> run;
};

struct Patience {
  int least = 5;  // repetitions of each peer
  int most = 25;
  double seconds = 15;  // about as many repetitions as take this long, within least and most
  // A repetition runs a peer's work as often as takes this long, so that a clock's grain does not matter.
  double at_least = 0.01;
};

// Processor seconds per run of each contender, its wall seconds beside.
std::vector<Figure> Interleave(const std::vector<Contender>& contenders, const Patience& patience);

// Wall seconds per run where each contender's work runs on threads of its own making.
std::vector<Figure> InterleaveWall(const std::vector<Contender>& contenders, int threads,
                                   const Patience& patience);

// Prints a line per figure and appends a JSON line to the file, both at once: a run that is cut short keeps
// what it had.
class Report {
 public:
  // Appends to the file; an empty path writes none. `only`: a part of a workload's name; others are not
  // wanted.
  Report(const std::string& path, int64_t scale, std::string only = "");
  ~Report();
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  bool Wants(std::string_view workload) const;
  // Figures in seconds are multiplied to fit the unit: "s", "ms", "us" or "ns"; "MiB" and others stay. A
  // peer's ratio is its median through relata's: how many times as fast (or small) relata is.
  void Add(std::string_view workload, std::string_view unit, std::vector<Figure> figures);
  // A line in the table that is no figure.
  void Note(std::string_view text);

 private:
  std::FILE* json_ = nullptr;
  int64_t scale_;
  std::string only_;
};

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_HARNESS_H_
