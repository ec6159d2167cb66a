// Walks every tree of a store, from rows to index entries and back.
#include "src/store/check.h"

#include <algorithm>
#include <set>
#include <utility>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/coding.h"
#include "src/kv/cursor.h"
#include "src/schema/conversion.h"
#include "src/store/history.h"
#include "src/store/log_entry.h"

namespace relata {

std::string_view FindingKindName(FindingKind kind) {
  switch (kind) {
    case FindingKind::kRow:
      return "row";
    case FindingKind::kValue:
      return "value";
    case FindingKind::kIndex:
      return "index";
    case FindingKind::kReference:
      return "reference";
    case FindingKind::kCounter:
      return "counter";
    case FindingKind::kLog:
      return "log";
    case FindingKind::kHistory:
      return "history";
    case FindingKind::kTree:
      return "tree";
    case FindingKind::kSegment:
      return "segment";
    case FindingKind::kPage:
      return "page";
  }
  return "unknown";
}

}  // namespace relata

namespace relata::store {

namespace {

constexpr std::string_view kRestore = "; restore the record from a backup";
constexpr std::string_view kRebuild = "; drop the index and add it again";

class Checker {
 public:
  Checker(const Snapshot& snapshot, const kv::Environment& environment, const CoreTrees& trees,
          const CheckOptions& options)
      : snapshot_(snapshot), environment_(environment), trees_(trees), options_(options) {}

  StatusOr<CheckReport> Run(const kv::PageReport& pages) {
    if (!pages.clean()) {
      // Walking trees with such pages could end the process.
      for (const std::string& damage : pages.damage) {
        Report(FindingKind::kPage, "", 0, StrCat(damage, "; restore a backup, or export what can be read"));
      }
      report_.total_findings = pages.damaged;
      return std::move(report_);
    }
    CheckTrees();
    for (const TypeRuntime* type : snapshot_.schema().types()) {
      RELATA_RETURN_IF_ERROR(CheckRows(*type));
      for (const IndexRuntime& index : type->indexes) RELATA_RETURN_IF_ERROR(CheckEntries(*type, index));
    }
    RELATA_RETURN_IF_ERROR(CheckSequences());
    RELATA_RETURN_IF_ERROR(CheckLog());
    RELATA_RETURN_IF_ERROR(CheckHistory());
    return std::move(report_);
  }

 private:
  void Report(FindingKind kind, std::string_view entity, RecordId record, std::string what) {
    ++report_.total_findings;
    if (report_.findings.size() >= options_.max_findings) return;
    report_.findings.push_back(
        {.kind = kind, .entity = std::string(entity), .record = record, .what = std::move(what)});
  }

  void CheckTrees() {
    std::set<std::string> known = {std::string(kMetaTree), std::string(kLogTree), std::string(kHistoryTree),
                                   std::string(kSegmentsTree)};
    for (const TypeRuntime* type : snapshot_.schema().types()) {
      known.insert(type->type->tree);
      for (const Index& index : type->type->indexes) known.insert(index.tree);
    }
    for (const std::string& tree : snapshot_.schema().catalogue().dropped_trees()) known.insert(tree);
    for (const std::string& name : environment_.TreeNames()) {
      if (known.contains(name)) continue;
      Report(FindingKind::kTree, "", 0,
             StrCat("tree ", Quoted(name), " belongs to nothing in the catalogue"));
    }
  }

  // Every row: that it decodes, holds what it may, points to what is there, and is in every index.
  Status CheckRows(const TypeRuntime& type) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t total, snapshot_.CountRows(type));
    kv::Cursor at(snapshot_.kv(), type.rows);
    RecordId last = 0;
    uint64_t done = 0;
    for (at.SeekFirst(); at.Valid(); at.Next()) {
      Progress(type.type->name, ++done, total);
      ++report_.records;
      if (at.key().size() != sizeof(RecordId)) {
        Report(FindingKind::kRow, type.type->name, 0,
               StrCat("a row has a key of ", at.key().size(), " bytes", kRestore));
        continue;
      }
      last = kv::IdKey::Decode(at.key());
      const StatusOr<RowView> row = RowView::Open(type.format, at.value(), last, true);
      if (!row.ok()) {
        Report(FindingKind::kRow, type.type->name, last, std::string(ToStd(row.status().message())));
        continue;
      }
      CheckValues(type, last, *row);
      RELATA_RETURN_IF_ERROR(CheckIndexed(type, last, *row));
    }
    RELATA_RETURN_IF_ERROR(at.status());
    const StatusOr<uint64_t> next = ReadCounter(snapshot_.kv(), trees_.meta, NextIdKey(type.type->id));
    if (!next.ok()) {
      Report(FindingKind::kCounter, type.type->name, 0, std::string(ToStd(next.status().message())));
    } else if (*next <= last) {
      Report(FindingKind::kCounter, type.type->name, last,
             StrCat("the next id would be ", *next, ", which is taken; restore a backup"));
    }
    return absl::OkStatus();
  }

  Status CheckSequences() {
    const std::string prefix = SequenceKey("");
    kv::Cursor at(snapshot_.kv(), trees_.meta);
    for (at.Seek(prefix); at.Valid() && at.key().starts_with(prefix); at.Next()) {
      const Status readable = ReadCounter(snapshot_.kv(), trees_.meta, at.key()).status();
      if (!readable.ok()) Report(FindingKind::kCounter, "", 0, std::string(ToStd(readable.message())));
    }
    return at.status();
  }

  void CheckValues(const TypeRuntime& type, RecordId id, const RowView& row) {
    for (const Field& field : type.type->fields) {
      if (field.dropped) continue;
      const Cell cell = row.Get(field.id);
      const Status valid = schema::ValidateCell(*type.type, field, cell);
      if (!valid.ok()) Report(FindingKind::kValue, type.type->name, id, std::string(ToStd(valid.message())));
      if (valid.ok() && field.is_reference() && cell.present) CheckReference(type, id, field, cell);
    }
  }

  void CheckReference(const TypeRuntime& type, RecordId id, const Field& field, const Cell& cell) {
    EntityTypeId target = field.targets.front();
    std::vector<RecordId> ids;
    if (field.type == ValueType::kReferenceSet) {
      if (!DecodeReferenceSet(cell.bytes, &ids)) return;  // told as a value
    } else if (field.type == ValueType::kAnyReference) {
      target = static_cast<EntityTypeId>(cell.bits >> 48);
      ids.push_back(cell.bits & kMaxRecordId);
    } else {
      ids.push_back(cell.bits);
    }
    const TypeRuntime* to = snapshot_.schema().Find(target);
    for (const RecordId referred : ids) {
      ++report_.references;
      std::string_view bytes;
      if (to != nullptr && snapshot_.kv().Find(to->rows, kv::IdKey(referred), &bytes)) continue;
      Report(FindingKind::kReference, type.type->name, id,
             StrCat(field.name, " refers to ", to == nullptr ? "a dropped type's record" : to->type->name,
                    " ", referred, ", which is not there; set it anew"));
    }
  }

  Status CheckIndexed(const TypeRuntime& type, RecordId id, const RowView& row) {
    for (const IndexRuntime& index : type.indexes) {
      if (!index.ready()) continue;
      index.coder.Keys([&](FieldId slot) { return row.Get(slot); }, id, &keys_);
      for (const std::string& key : keys_) {
        bool there = false;
        if (index.index->unique) {
          RELATA_ASSIGN_OR_RETURN(const std::optional<RecordId> holder,
                                  index.tree.FindUnique(snapshot_.kv(), key));
          there = holder == id;
        } else {
          there = Contains(index, key, id);
        }
        if (there) continue;
        Report(FindingKind::kIndex, type.type->name, id,
               StrCat("is not in index ", Quoted(index.index->name), " under its value", kRebuild));
      }
    }
    return absl::OkStatus();
  }

  bool Contains(const IndexRuntime& index, const std::string& key, RecordId id) {
    KeyRange range{.low = key, .high = KeyAfter(key)};
    IndexCursor at(snapshot_.kv(), index.tree, std::move(range));
    if (id > 1) at.SeekAfter(key, id - 1);
    return at.Valid() && at.id() == id && at.values() == key;
  }

  // Every entry: that its row is there and has the values.
  Status CheckEntries(const TypeRuntime& type, const IndexRuntime& index) {
    if (!index.ready()) return absl::OkStatus();
    RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, snapshot_.kv().StatTree(index.tree.tree()));
    uint64_t done = 0;
    IndexCursor at(snapshot_.kv(), index.tree, KeyRange{});
    for (; at.Valid(); at.Next()) {
      Progress(StrCat(type.type->name, ".", index.index->name), ++done, std::max(done, stats.entries));
      ++report_.index_entries;
      std::string_view bytes;
      if (!snapshot_.kv().Find(type.rows, kv::IdKey(at.id()), &bytes)) {
        Report(FindingKind::kIndex, type.type->name, at.id(),
               StrCat("index ", Quoted(index.index->name), " has an entry, but there is no such record",
                      kRebuild));
        continue;
      }
      const StatusOr<RowView> row = RowView::Open(type.format, bytes, at.id(), false);
      if (!row.ok()) continue;  // told as a row
      index.coder.Keys([&](FieldId slot) { return row->Get(slot); }, at.id(), &keys_);
      if (std::binary_search(keys_.begin(), keys_.end(), at.values())) continue;
      Report(FindingKind::kIndex, type.type->name, at.id(),
             StrCat("index ", Quoted(index.index->name),
                    " has an entry under a value that the record has not", kRebuild));
    }
    if (!at.status().ok()) {
      Report(FindingKind::kIndex, type.type->name, 0,
             StrCat("index ", Quoted(index.index->name), ": ", ToStd(at.status().message()), kRebuild));
    }
    return absl::OkStatus();
  }

  Status CheckLog() {
    const TypeLookup type_of = [&](EntityTypeId id) { return snapshot_.schema().catalogue().Find(id); };
    uint64_t previous = 0;
    kv::Cursor at(snapshot_.kv(), trees_.log);
    for (at.SeekFirst(); at.Valid(); at.Next()) {
      ++report_.log_entries;
      if (at.key().size() != sizeof(uint64_t)) {
        Report(FindingKind::kLog, "", 0,
               "a change log entry has a key that is no sequence; restore a backup");
        continue;
      }
      const uint64_t sequence = kv::IdKey::Decode(at.key());
      Progress("change log", sequence, snapshot_.position().sequence);
      if (previous != 0 && sequence != previous + 1) {
        Report(FindingKind::kLog, "", 0,
               StrCat("change log entries ", previous + 1, " to ", sequence - 1,
                      " are missing; restore a backup"));
      }
      previous = sequence;
      const StatusOr<RawCommit> commit = ParseLogEntry(at.value(), sequence, type_of);
      if (!commit.ok()) Report(FindingKind::kLog, "", 0, std::string(ToStd(commit.status().message())));
    }
    RELATA_RETURN_IF_ERROR(at.status());
    if (previous != snapshot_.position().sequence) {
      Report(FindingKind::kLog, "", 0,
             StrCat("the change log ends at ", previous, ", the last commit is ",
                    snapshot_.position().sequence, "; restore a backup"));
    }
    return absl::OkStatus();
  }

  Status CheckHistory() {
    kv::Cursor at(snapshot_.kv(), trees_.history);
    for (at.SeekFirst(); at.Valid(); at.Next()) {
      const std::string_view key = at.key();
      const EntityType* type =
          key.size() == 20 ? snapshot_.schema().catalogue().Find(LoadBE16(key.data())) : nullptr;
      const size_t slot = key.size() == 20 ? LoadBE16(key.data() + 10) : 0;
      HistoryEntry entry;
      if (type == nullptr || slot >= type->fields.size() ||
          !ParseHistory(key, at.value(), type->fields[slot], &entry)) {
        Report(FindingKind::kHistory, "", 0, "an entry of the history tree cannot be read; restore a backup");
      }
    }
    return at.status();
  }

  void Progress(std::string_view what, uint64_t done, uint64_t total) {
    if (options_.progress != nullptr && done % 10'000 == 0) options_.progress(what, done, total);
  }

  const Snapshot& snapshot_;
  const kv::Environment& environment_;
  const CoreTrees& trees_;
  const CheckOptions& options_;
  CheckReport report_;
  std::vector<std::string> keys_;
};

}  // namespace

StatusOr<CheckReport> CheckStore(Store* store, const CheckOptions& options) {
  const kv::PageWalkOptions walk{.progress = [&](uint64_t done, uint64_t total) {
    if (options.progress) options.progress("pages", done, total);
  }};
  for (int tries = 1;; ++tries) {
    RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, store->Read());
    const StatusOr<kv::PageReport> pages = store->environment()->CheckPages(snapshot.kv_read(), walk);
    // Writers that commit twice before the head is read make it begin again.
    if (absl::IsAborted(pages.status()) && tries < 1'000) continue;
    RELATA_RETURN_IF_ERROR(pages.status());
    return Checker(snapshot, *store->environment(), store->trees(), options).Run(*pages);
  }
}

}  // namespace relata::store
