// Defines the workloads of a new process: what it costs to open a company's file and answer first, with the
// file in memory and without it, and how much memory the questions take.
#ifndef RELATA_BENCHMARKS_OPENING_H_
#define RELATA_BENCHMARKS_OPENING_H_

#include <string>
#include <vector>

#include "benchmarks/harness.h"
#include "benchmarks/settings.h"

namespace benchmarks {

// For each of these peers: from nothing to one record read by id, to the first four-condition scan and to the
// first window aggregate, in wall time, in a process of its own every time. What a peer builds in memory for
// such a question is in it. Cold: the pages of the file are dropped from the page cache before (sync, then
// posix_fadvise), which mincore confirms; a disk's or a host's own cache stays.
void MeasureOpening(const Settings& settings, const std::vector<std::string>& peers, Report* report);

// The resident memory of a process that has answered every question once: at its peak, the pages of mapped
// files with it, and its own at the end, those left out.
void MeasureMemory(const Settings& settings, const std::vector<std::string>& peers, Report* report);

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_OPENING_H_
