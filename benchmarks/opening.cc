// Forks a process per repetition.
#include "benchmarks/opening.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "benchmarks/loading.h"

namespace benchmarks {
namespace {

// Drops the file from the page cache; false if more than one page in a hundred stayed, as on a file system
// that lives in memory. Nobody may have it mapped.
bool DropFromMemory(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY);
  Require(file >= 0, path);
  struct stat status {};
  Require(fstat(file, &status) == 0 && fdatasync(file) == 0, path);
  Require(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0, "posix_fadvise");
  const auto size = static_cast<size_t>(status.st_size);
  void* at = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  Require(at != MAP_FAILED, "mmap");
  std::vector<unsigned char> resident(size / static_cast<size_t>(sysconf(_SC_PAGESIZE)) + 1);
  Require(mincore(at, size, resident.data()) == 0, "mincore");
  munmap(at, size);
  close(file);
  const auto stayed =
      std::count_if(resident.begin(), resident.end(), [](unsigned char page) { return page & 1; });
  return static_cast<size_t>(stayed) * 100 <= resident.size();
}

// Wall seconds from opening to the end of `ask`.
template <class Ask>
double SecondsToAnswer(const Settings& settings, const std::string& name, Ask ask) {
  return Apart([&] {
    const double start = WallSeconds();
    const std::unique_ptr<QueryPeer> peer = MakePeer(settings.folder, name);
    ask(*peer);
    return WallSeconds() - start;
  });
}

template <class Ask>
void Measure(std::string_view workload, bool cold, int most, const Settings& settings,
             const std::vector<std::string>& peers, Report* report, Ask ask) {
  if (!report->Wants(workload)) return;
  std::vector<std::vector<double>> samples(peers.size());
  const double began = WallSeconds();
  for (int repetition = 0; repetition < most; ++repetition) {
    if (repetition >= 3 && WallSeconds() - began > settings.seconds) break;
    for (size_t i = 0; i < peers.size(); ++i) {
      if (cold && !DropFromMemory(PathOf(settings.folder, peers[i]))) {
        report->Note(std::string(workload) + ": left out, the file system keeps " + peers[i] + " in memory");
        return;
      }
      samples[i].push_back(
          SecondsToAnswer(settings, peers[i], [&](QueryPeer& peer) { ask(peer, repetition); }));
    }
  }
  std::vector<Figure> figures;
  for (size_t i = 0; i < peers.size(); ++i) {
    figures.push_back(Summarise(peers[i], samples[i]));
    figures.back().wall = figures.back().median;
  }
  report->Add(workload, "ms", figures);
}

// In MiB, of this process.
double StatusLine(std::string_view name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) return std::stod(line.substr(name.size() + 1)) / 1024;
  }
  return 0;
}

void AskEverything(QueryPeer& peer, int64_t depth) {
  peer.Prepare(depth);
  peer.Scan();
  peer.Window();
  peer.Group();
  peer.Pyramid();
  peer.Page(false);
  peer.Page(true);
  if (peer.Answers(Question::kTypeAhead)) peer.TypeAhead("bakkerij", "j");
  if (peer.Answers(Question::kRankedAhead)) peer.RankedAhead("ja");
}

}  // namespace

void MeasureOpening(const Settings& settings, const std::vector<std::string>& peers, Report* report) {
  const auto read_one = [&](QueryPeer& peer, int repetition) {
    Require(peer.ReadOne(settings.scale / 2 + repetition) > 0, "the record is there");
  };
  const auto scan = [&](QueryPeer& peer, int) {
    peer.PrepareScans();
    Require(!peer.Scan().empty(), "the scan finds");
  };
  const auto window = [&](QueryPeer& peer, int) {
    peer.PrepareScans();
    Require(!peer.Window().empty(), "the window finds");
  };
  Measure("open and read one record", false, 9, settings, peers, report, read_one);
  Measure("open and first scan", false, 5, settings, peers, report, scan);
  Measure("open and first window aggregate", false, 3, settings, peers, report, window);
  Measure("open and read one record, cold", true, 9, settings, peers, report, read_one);
  Measure("open and first scan, cold", true, 3, settings, peers, report, scan);
}

void MeasureMemory(const Settings& settings, const std::vector<std::string>& peers, Report* report) {
  for (const auto& [workload, line] : {std::pair{"memory of the questions, at its peak", "VmHWM:"},
                                       {"memory of the questions, own", "RssAnon:"}}) {
    if (!report->Wants(workload)) continue;
    std::vector<Figure> figures;
    for (const std::string& name : peers) {
      figures.push_back(Summarise(name, {Apart([&, line = line] {
                                    const std::unique_ptr<QueryPeer> peer = MakePeer(settings.folder, name);
                                    AskEverything(*peer, settings.scale / 10);
                                    return StatusLine(line);
                                  })}));
    }
    report->Add(workload, "MiB", figures);
  }
}

}  // namespace benchmarks
