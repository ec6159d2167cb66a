// Forks a process per load, so that its memory is its own.
#include "benchmarks/loading.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "benchmarks/harness.h"

namespace benchmarks {

std::string PathOf(const std::string& folder, std::string_view peer) {
  return folder + "/" + std::string(peer) + "." + std::string(kPeersVersion) + ".db";
}

std::unique_ptr<QueryPeer> MakePeer(const std::string& folder, std::string_view peer, int threads) {
  const std::string path = PathOf(folder, peer);
  if (peer == "relata") return MakeQueryRelata(path);
  return peer == "duckdb" ? MakeQueryDuckdb(path, threads) : MakeQuerySqlite(path);
}

double Apart(const std::function<double()>& work) {
  int ends[2];
  Require(pipe(ends) == 0, "pipe");
  const pid_t child = fork();
  Require(child >= 0, "fork");
  if (child == 0) {
    const double figure = work();
    Require(write(ends[1], &figure, sizeof figure) == sizeof figure, "write");
    _exit(0);
  }
  close(ends[1]);
  double figure = 0;
  const bool came = read(ends[0], &figure, sizeof figure) == sizeof figure;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  Require(came, "a process of the benchmark died");
  return figure;
}

void LoadOnce(const std::string& folder, const Company& company, std::string_view peer) {
  const std::string path = PathOf(folder, peer);
  const std::string figures = path + ".load";
  if (std::filesystem::exists(figures)) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().string().starts_with(path)) std::filesystem::remove(entry.path());
  }
  std::fprintf(stderr, "loading %.*s … ", static_cast<int>(peer.size()), peer.data());
  const double start = WallSeconds();
  const double megabytes = Apart([&] {
    {
      const std::unique_ptr<QueryPeer> loaded = MakePeer(folder, peer, 2);
      loaded->Load(company);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
  });
  const double seconds = WallSeconds() - start;
  std::ofstream(figures) << seconds << ' ' << megabytes << '\n';
  std::fprintf(stderr, "%.1f s\n", seconds);
}

}  // namespace benchmarks
