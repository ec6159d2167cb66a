// Compares what is kept of segments with what their conditions say.
#include "src/segment/check.h"

#include <optional>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "src/kv/environment.h"
#include "src/segment/checkpoint.h"
#include "src/segment/members.h"

namespace relata::segment {

namespace {

class Checker {
 public:
  Checker(const store::Snapshot& snapshot, Resolver* resolver, const CheckOptions& options,
          CheckReport* report)
      : snapshot_(snapshot), resolver_(*resolver), options_(options), report_(*report) {}

  Status Run(const Compiled& compiled) {
    RELATA_ASSIGN_OR_RETURN(
        const std::optional<uint64_t> checkpoint,
        store::ReadSegmentsCheckpoint(snapshot_.kv(), resolver_.upkeep().store().trees().meta));
    if (checkpoint) {
      for (const CompiledSegment& segment : compiled.segments()) RELATA_RETURN_IF_ERROR(CheckKept(segment));
    }
    uint64_t done = 0;
    for (const CompiledSegment& segment : compiled.segments()) {
      const Status compared = Compare(segment);
      // A damaged row that the condition meets was told as a row.
      if (!compared.ok() && !absl::IsDataLoss(compared)) return compared;
      if (options_.progress != nullptr) options_.progress("segments", ++done, compiled.segments().size());
    }
    return absl::OkStatus();
  }

 private:
  void Report(const CompiledSegment& segment, RecordId record, const std::string& what) {
    ++report_.total_findings;
    if (report_.findings.size() >= options_.max_findings) return;
    const schema::Catalogue& catalogue = snapshot_.schema().catalogue();
    report_.findings.push_back(
        {.kind = FindingKind::kSegment,
         .entity = catalogue.Find(segment.entity)->name,
         .record = record,
         .what = StrCat("segment ", Quoted(catalogue.FindSegment(segment.id)->name), ": ", what)});
  }

  Status CheckKept(const CompiledSegment& segment) {
    SegmentState state;
    const Status read =
        ReadState(snapshot_.kv(), resolver_.upkeep().store().trees().segments, segment.id, &state);
    if (!absl::IsDataLoss(read)) return read;
    Report(segment, 0,
           "what the file keeps of its members is damaged; write something, or advance the store, and they "
           "are computed anew");
    return absl::OkStatus();
  }

  Status Compare(const CompiledSegment& segment) {
    RELATA_ASSIGN_OR_RETURN(const bool ready, resolver_.IsReady(segment.id));
    if (!ready) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const MemberSet kept, resolver_.MembersOf(segment.id));
    RELATA_ASSIGN_OR_RETURN(const MemberSet found, resolver_.Query(segment));
    ++report_.segments;
    constexpr std::string_view kRemedy = "; drop it and define it again";
    if (const MemberSet missing = found.AndNot(kept); !missing.empty()) {
      Report(segment, missing.Page(0, 1).front(),
             StrCat(missing.size(), " records that meet its condition are not among its members", kRemedy));
    }
    if (const MemberSet wrong = kept.AndNot(found); !wrong.empty()) {
      Report(segment, wrong.Page(0, 1).front(),
             StrCat(wrong.size(), " of its members do not meet its condition", kRemedy));
    }
    return absl::OkStatus();
  }

  const store::Snapshot& snapshot_;
  Resolver& resolver_;
  const CheckOptions& options_;
  CheckReport& report_;
};

}  // namespace

Status CheckSegments(Upkeep* upkeep, column::ColumnCache* columns, const CheckOptions& options,
                     CheckReport* report) {
  RELATA_ASSIGN_OR_RETURN(store::Snapshot snapshot, upkeep->store().Read());
  Resolver resolver(upkeep, {.reader = &snapshot, .snapshot = &snapshot, .columns = columns});
  snapshot.set_membership(&resolver);
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const Compiled> compiled, resolver.compiled());
  return Checker(snapshot, &resolver, options, report).Run(*compiled);
}

}  // namespace relata::segment
