// Walks the sections of the change log.
#include "src/segment/log_walk.h"

#include "relata/base/strings.h"
#include "src/kv/cursor.h"

namespace relata::segment {

namespace {

StatusOr<Section> SectionOf(uint64_t sequence, const store::RawCommit& head) {
  StatusOr<Section> section = Section::Parse(head.segments);
  if (!section.ok()) return Annotate(section.status(), StrCat("change log entry ", sequence));
  return section;
}

}  // namespace

Status VisitSections(const store::Reader& reader, kv::Tree log, uint64_t after, uint64_t upto,
                     SectionVisitor visit) {
  if (after >= upto) return absl::OkStatus();
  kv::Cursor at(reader.kv(), log);
  at.Seek(kv::IdKey(after + 1));
  for (uint64_t expected = after + 1; expected <= upto; ++expected, at.Next()) {
    RELATA_RETURN_IF_ERROR(at.status());
    if (!at.Valid() || at.key() != std::string_view(kv::IdKey(expected))) {
      if (expected == after + 1) {
        return absl::OutOfRangeError(StrCat("the change log has commit ", expected, " no more"));
      }
      return absl::DataLossError(StrCat("change log entry ", expected, " is missing; restore a backup"));
    }
    RELATA_ASSIGN_OR_RETURN(const store::RawCommit head, store::ParseLogHead(at.value(), expected));
    if (head.segments.empty()) continue;
    RELATA_ASSIGN_OR_RETURN(Section section, SectionOf(expected, head));
    RELATA_RETURN_IF_ERROR(visit(expected, head, std::move(section)));
  }
  return absl::OkStatus();
}

Status VisitSectionsBack(const store::Reader& reader, kv::Tree log, BackwardVisitor go_on, bool* reached) {
  *reached = false;
  kv::Cursor at(reader.kv(), log);
  for (at.SeekLast(); at.Valid(); at.Prev()) {
    const uint64_t sequence = kv::IdKey::Decode(at.key());
    RELATA_ASSIGN_OR_RETURN(const store::RawCommit head, store::ParseLogHead(at.value(), sequence));
    RELATA_ASSIGN_OR_RETURN(Section section, SectionOf(sequence, head));
    RELATA_ASSIGN_OR_RETURN(const bool more, go_on(sequence, head, std::move(section)));
    if (!more) {
      *reached = true;
      return absl::OkStatus();
    }
    if (sequence == 1) *reached = true;  // there is nothing before the first commit
  }
  return at.status();
}

}  // namespace relata::segment
