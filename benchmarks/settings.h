// Defines Settings, what every benchmark program here is told on its command line.
//
//   const Settings settings = SettingsOf(argc, argv, {.folder = "/tmp/relata-benchmark"});
//
// Thread safety: one thread.
#ifndef RELATA_BENCHMARKS_SETTINGS_H_
#define RELATA_BENCHMARKS_SETTINGS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace benchmarks {

struct Settings {
  int64_t scale = 1'000'000;  // relations, a whole hundred
  int64_t segments = 10'000;  // the most that are defined
  double seconds = 15;        // about how long to repeat one workload
  std::string folder;         // for data and stores
  std::string json;           // empty: no file
  std::string only;           // a part of a workload's name
  std::string peers;          // separated by commas

  // Whether this peer is among those named.
  bool Has(std::string_view peer) const;
};

// Reads "--name value" for each of these; what is not named stays as in `settings`. Anything else prints the
// usage and ends the program with 2.
Settings SettingsOf(int argc, char** argv, Settings settings);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_SETTINGS_H_
