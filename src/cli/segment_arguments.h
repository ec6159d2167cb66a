// Defines what the segment commands are told, and the functions that do it; see commands.h.
#ifndef RELATA_CLI_SEGMENT_ARGUMENTS_H_
#define RELATA_CLI_SEGMENT_ARGUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "relata/base/status.h"

namespace relata::cli {

struct SegmentArguments {
  std::string store;
  std::string name;
  bool json = false;
};
StatusOr<int> RunSegmentList(const SegmentArguments& arguments);  // without a name
StatusOr<int> RunSegmentShow(const SegmentArguments& arguments);
StatusOr<int> RunSegmentCount(const SegmentArguments& arguments);
StatusOr<int> RunSegmentDrop(const SegmentArguments& arguments);

struct SegmentDefineArguments {
  std::string store;
  std::string name;
  std::string expression;
  std::string entity = "relation";
  std::string description;
  bool json = false;
};
StatusOr<int> RunSegmentDefine(const SegmentDefineArguments& arguments);

struct SegmentMembersArguments {
  std::string store;
  std::string name;
  std::string order;
  std::string after;
  std::string select;
  uint64_t limit = 50;
  bool pages = false;
  bool json = false;
};
StatusOr<int> RunSegmentMembers(const SegmentMembersArguments& arguments);

struct SegmentWhyArguments {
  std::string store;
  std::string name;
  std::string record;  // an id; of a relation, what relation_lookup.h takes
  bool json = false;
};
StatusOr<int> RunSegmentWhy(const SegmentWhyArguments& arguments);

struct SegmentEventsArguments {
  std::string store;
  std::string name;       // empty: of all segments
  uint64_t after = 0;     // a commit's number: what came later
  size_t limit = 50;      // events at least shown, whole commits; 0 for all
  std::string consumer;   // watch: goes on where this one was, and remembers
  bool advance = false;   // watch: tells what time changes, too
  double interval = 1.0;  // watch: seconds between two looks
  uint64_t looks = 0;     // watch: ends after this many; 0: goes on
  bool json = false;
};
StatusOr<int> RunSegmentEvents(const SegmentEventsArguments& arguments);
StatusOr<int> RunSegmentWatch(const SegmentEventsArguments& arguments);

struct SegmentOverlapArguments {
  std::string store;
  std::vector<std::string> names;  // two or more
  bool json = false;
};
StatusOr<int> RunSegmentOverlap(const SegmentOverlapArguments& arguments);

}  // namespace relata::cli

#endif  // RELATA_CLI_SEGMENT_ARGUMENTS_H_
