// This file checks what a mapping says against itself: names that stand for something, keys that fit.
#include "src/exchange/mapping.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/exchange/json_reader.h"
#include "src/exchange/mapping_json.h"

namespace relata::exchange {
namespace {

std::vector<std::string_view> RecordNames(const Mapping& mapping) {
  std::vector<std::string_view> names;
  for (const FileSpec& file : mapping.files) {
    for (const RecordSpec& record : file.records) names.push_back(record.name);
  }
  return names;
}

// Whatever speaks of other records, found wherever it stands in a value.
class ReferenceCheck {
 public:
  ReferenceCheck(const Mapping& mapping, JsonReader* reader) : mapping_(mapping), reader_(reader) {}

  void Check(const FileSpec& file, size_t record) {
    file_ = &file;
    record_ = record;
    for (const ValueSpec& part : file.records[record].key) CheckLookup(part);
    for (const auto& [name, value] : file.records[record].fields) CheckValue(value);
    if (file.records[record].same_as) CheckValue(*file.records[record].same_as);
  }

 private:
  void CheckValue(const ValueSpec& value) {
    CheckLookup(value);
    if (value.kind == ValueSpec::Kind::kReference) {
      for (const ValueSpec& part : value.parts) CheckReference(part);
    }
    if (value.kind == ValueSpec::Kind::kPosition && !MadeEarlier(value.target)) {
      reader_->Fail(value.place,
                    StrCat("no record ", Quoted(value.target), " is made by this row before this"));
    }
    if (value.kind == ValueSpec::Kind::kCopy) CheckCopy(value);
    if (value.kind != ValueSpec::Kind::kReference) {
      for (const ValueSpec& part : value.parts) CheckValue(part);
    }
  }

  void CheckLookup(const ValueSpec& value) {
    if (value.lookup.empty()) return;
    std::vector<std::string_view> names;
    for (const FileSpec& file : mapping_.files) {
      if (file.table) names.push_back(file.table->name);
    }
    if (std::find(names.begin(), names.end(), value.lookup) != names.end()) return;
    reader_->FailUnknown(value.place, "table", value.lookup, names);
  }

  void CheckReference(const ValueSpec& part) {
    for (const ValueSpec& key : part.key) CheckLookup(key);
    const RecordSpec* target = FindRecord(mapping_, part.target).record;
    if (target == nullptr) {
      reader_->FailUnknown(part.place, "record", part.target, RecordNames(mapping_));
    } else if (part.key.empty()) {
      if (!MadeEarlier(part.target)) {
        reader_->Fail(part.place,
                      StrCat("the record ", Quoted(part.target),
                             " is not made by this row before this one; give the key of another"));
      }
    } else if (target->repeats == Repeats::kNumber) {
      reader_->Fail(part.place,
                    StrCat("records ", Quoted(part.target),
                           " are numbered where their key repeats; nothing can refer to them by it"));
    } else if (part.key.size() != target->key.size()) {
      reader_->Fail(part.place, StrCat("the key of ", Quoted(part.target), " has ", target->key.size(),
                                       " parts, this has ", part.key.size()));
    }
  }

  void CheckCopy(const ValueSpec& value) {
    for (const auto& [name, field] : file_->records[record_].fields) {
      if (name != value.target || field.kind != ValueSpec::Kind::kReference) continue;
      if (!field.parts.front().key.empty()) return;
      reader_->Fail(value.place, "the record is made by this same row: take the column that fed its field");
      return;
    }
    reader_->Fail(value.place, StrCat("no field ", Quoted(value.target), " of this record is a reference"));
  }

  bool MadeEarlier(std::string_view name) const {
    for (size_t i = 0; i < record_; ++i) {
      if (file_->records[i].name == name) return true;
    }
    return false;
  }

  const Mapping& mapping_;
  JsonReader* reader_;
  const FileSpec* file_ = nullptr;
  size_t record_ = 0;
};

void CheckRecord(const Mapping& mapping, const RecordSpec& record, JsonReader* reader) {
  const RecordPlace first = FindRecord(mapping, record.name);
  if (record.inserts() && first.record != &record) {
    reader->Fail(record.place,
                 StrCat("the name ", Quoted(record.name), " is taken by ", first.record->place,
                        "; give this one another \"name\", or \"mode\": \"update\" if it adds to those"));
  }
  if (first.record->entity != record.entity) {
    reader->Fail(record.place, StrCat(Quoted(record.name), " is the entity ", Quoted(first.record->entity),
                                      " in ", first.record->place, " and ", Quoted(record.entity), " here"));
  }
  if (record.aggregates() && record.repeats != Repeats::kFirst) {
    reader->Fail(record.place, "fields made from several rows need \"repeats\": \"first\"");
  }
  if (record.repeats == Repeats::kNumber && !record.inserts()) {
    reader->Fail(record.place, "a record that is numbered cannot be only updated");
  }
}

}  // namespace

RecordPlace FindRecord(const Mapping& mapping, std::string_view name) {
  RecordPlace found;
  for (const FileSpec& file : mapping.files) {
    for (const RecordSpec& record : file.records) {
      if (record.name != name) continue;
      if (record.inserts()) return {&file, &record};
      if (found.record == nullptr) found = {&file, &record};
    }
  }
  return found;
}

StatusOr<Mapping> ParseMapping(std::string_view json, std::string_view name) {
  RELATA_ASSIGN_OR_RETURN(const Json document, JsonReader::Read(json, name));
  JsonReader reader(name);
  Mapping mapping = ReadMapping(document, &reader);
  mapping.name = name;
  RELATA_RETURN_IF_ERROR(reader.status());

  std::vector<std::string_view> codes;
  for (const SourceSpec& source : mapping.sources) codes.push_back(source.code);
  ReferenceCheck references(mapping, &reader);
  for (const FileSpec& file : mapping.files) {
    if (std::find(codes.begin(), codes.end(), file.source) == codes.end()) {
      reader.FailUnknown(file.place + ".source", "source", file.source, codes);
    }
    for (size_t i = 0; i < file.records.size(); ++i) {
      CheckRecord(mapping, file.records[i], &reader);
      references.Check(file, i);
    }
  }
  RELATA_RETURN_IF_ERROR(reader.status());
  return mapping;
}

}  // namespace relata::exchange
