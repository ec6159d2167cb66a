// This file reads the command lines of the benchmark programs.
#include "benchmarks/settings.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace benchmarks {

bool Settings::Has(std::string_view peer) const {
  return ("," + peers + ",").find("," + std::string(peer) + ",") != std::string::npos;
}

Settings SettingsOf(int argc, char** argv, Settings settings) {
  const std::map<std::string_view, std::string*> texts = {{"--folder", &settings.folder},
                                                          {"--json", &settings.json},
                                                          {"--only", &settings.only},
                                                          {"--peers", &settings.peers}};
  const std::map<std::string_view, int64_t*> numbers = {{"--scale", &settings.scale},
                                                        {"--segments", &settings.segments}};
  for (int i = 1; i < argc; i += 2) {
    const auto text = texts.find(argv[i]);
    const auto number = numbers.find(argv[i]);
    if (i + 1 < argc && text != texts.end()) {
      *text->second = argv[i + 1];
    } else if (i + 1 < argc && number != numbers.end()) {
      *number->second = std::atoll(argv[i + 1]);
    } else if (i + 1 < argc && std::string_view(argv[i]) == "--seconds") {
      settings.seconds = std::atof(argv[i + 1]);
    } else {
      std::fprintf(stderr,
                   "usage: %s [--scale RELATIONS] [--segments MOST] [--seconds PER_WORKLOAD] [--folder DIR]\n"
                   "          [--json FILE] [--only WORKLOAD] [--peers LIST]\n",
                   argv[0]);
      std::exit(2);
    }
  }
  settings.scale = (std::max<int64_t>(settings.scale, 1000) + 99) / 100 * 100;
  return settings;
}

}  // namespace benchmarks
