// The commands about who enters and leaves segments: events, watch.
#include <algorithm>
#include <deque>

#include "relata/base/strings.h"
#include "relata/engine/change_log.h"
#include "relata/engine/segment_events.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/segment_arguments.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {
namespace {

constexpr size_t kAtOnce = 10'000;

Json AsJson(const SegmentEvent& event) {
  return {{"commit", event.position.sequence},
          {"at", event.at.ToString()},
          {"segment", event.segment},
          {"id", event.record},
          {"event", event.entered ? "entered" : "left"},
          {"cause", SegmentCauseName(event.cause)},
          {"principal", event.principal}};
}

Status CheckName(const Reader& reader, const std::string& name) {
  if (name.empty()) return absl::OkStatus();
  return reader.store_reader().schema().catalogue().GetSegment(name).status();
}

// One event a line, for a pipe: tables need to know all rows.
void PrintLine(const SegmentEvent& event, bool json) {
  if (json) {
    Print(StrCat(AsJson(event).dump(), "\n"));
  } else {
    Print(StrCat(event.at.ToString(), "  #", event.record, event.entered ? "  entered  " : "  left     ",
                 event.segment, "  (", SegmentCauseName(event.cause), ")\n"));
  }
  FlushOutput();
}

}  // namespace

StatusOr<int> RunSegmentEvents(const SegmentEventsArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_RETURN_IF_ERROR(CheckName(now, arguments.name));
  std::deque<SegmentEvent> latest;
  uint64_t total = 0;
  RELATA_ASSIGN_OR_RETURN(LogPosition after, FirstSegmentEvents(now));
  after.sequence = std::max(after.sequence, arguments.after);
  for (;;) {
    RELATA_ASSIGN_OR_RETURN(std::vector<SegmentEvent> events,
                            ReadSegmentEvents(now, after, kAtOnce, arguments.name));
    if (events.empty()) break;
    after = events.back().position;
    total += events.size();
    for (SegmentEvent& event : events) {
      latest.push_back(std::move(event));
      if (arguments.limit != 0 && latest.size() > arguments.limit) latest.pop_front();
    }
  }
  if (arguments.json) {
    Json list = Json::array();
    for (const SegmentEvent& event : latest) list.push_back(AsJson(event));
    PrintJson({{"last", now.position().sequence}, {"total", total}, {"events", std::move(list)}});
    return kDone;
  }
  Table table(
      {{"commit", Align::kRight}, {"at"}, {"id", Align::kRight}, {""}, {"segment"}, {"cause"}, {"by"}});
  for (const SegmentEvent& event : latest) {
    table.Add({Grouped(event.position.sequence), event.at.ToString(), StrCat("#", event.record),
               event.entered ? "entered" : "left", event.segment, std::string(SegmentCauseName(event.cause)),
               event.principal});
  }
  if (!table.empty()) Print(table.ToString());
  Print(latest.size() == total
            ? StrCat(Grouped(total), total == 1 ? " event\n" : " events\n")
            : StrCat("the latest ", Grouped(latest.size()), " of ", Grouped(total), " events\n"));
  return kDone;
}

StatusOr<int> RunSegmentWatch(const SegmentEventsArguments& arguments) {
  const bool writes = arguments.advance || !arguments.consumer.empty();
  RELATA_ASSIGN_OR_RETURN(Database database,
                          writes ? OpenToWrite(arguments.store) : OpenToRead(arguments.store));
  const std::atomic<bool>* cancelled = CancelOnSignal();
  LogPosition after;
  {
    RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
    RELATA_RETURN_IF_ERROR(CheckName(now, arguments.name));
    after = now.position();
  }
  if (!arguments.consumer.empty()) {
    const Status registered = RegisterConsumer(&database, arguments.consumer);
    if (!registered.ok() && !absl::IsAlreadyExists(registered)) return registered;
    RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
    RELATA_ASSIGN_OR_RETURN(const Consumer consumer, FindConsumer(now, arguments.consumer));
    if (consumer.lost) {
      return absl::FailedPreconditionError(StrCat("the consumer ", Quoted(arguments.consumer),
                                                  " has missed commits that are no longer kept; read ",
                                                  "the members as they are, drop it, and begin anew"));
    }
    after = consumer.position;
  }
  for (uint64_t look = 0; !cancelled->load() && SomebodyReads();) {
    if (arguments.advance) RELATA_RETURN_IF_ERROR(database.Advance(SystemClock()->Now()));
    {
      RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
      while (after < now.position() && !cancelled->load()) {
        RELATA_ASSIGN_OR_RETURN(const std::vector<SegmentEvent> events,
                                ReadSegmentEvents(now, after, kAtOnce, arguments.name));
        for (const SegmentEvent& event : events) PrintLine(event, arguments.json);
        after = events.empty() ? now.position() : events.back().position;
      }
    }
    if (!SomebodyReads()) break;  // what was not read will be told again
    if (!arguments.consumer.empty())
      RELATA_RETURN_IF_ERROR(Acknowledge(&database, arguments.consumer, after));
    if (++look == arguments.looks) return kDone;
    WaitForSignal(arguments.interval);
  }
  return cancelled->load() ? kInterrupted : kDone;
}

}  // namespace relata::cli
