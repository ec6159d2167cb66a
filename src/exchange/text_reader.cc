// This file gathers the text of a value from its columns and prepares it for reading.
#include "src/exchange/text_reader.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "relata/crm/name.h"
#include "src/base/nearest.h"

namespace relata::exchange {
namespace {

std::string Part(NamePart part, crm::PersonName name) {
  switch (part) {
    case NamePart::kSalutation:
      return std::move(name.salutation);
    case NamePart::kInitials:
      return std::move(name.initials);
    case NamePart::kFirst:
      return std::move(name.first_name);
    case NamePart::kParticle:
      return std::move(name.particle);
    case NamePart::kLast:
    case NamePart::kNone:
      return std::move(name.last_name);
  }
  return {};
}

}  // namespace

StatusOr<size_t> Columns::Find(std::string_view name, bool optional, std::string_view place) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at != names_.end()) return static_cast<size_t>(at - names_.begin());
  if (optional) return kNone;
  const std::vector<std::string_view> known(names_.begin(), names_.end());
  std::string hint = DidYouMean(name, known);
  if (hint.empty()) {
    for (std::string_view each : known) StrAppend(&hint, hint.empty() ? "; it has: " : ", ", each);
  }
  return absl::InvalidArgumentError(
      StrCat(file_, ": has no column ", Quoted(name), ", which the mapping wants at ", place, hint));
}

StatusOr<const Table*> Columns::FindTable(std::string_view name, std::string_view place) const {
  const auto table = tables_->find(ToAbsl(name));
  if (table != tables_->end()) return &table->second;
  return absl::InvalidArgumentError(StrCat(file_, ": the mapping looks up ", Quoted(name), " at ", place,
                                           "; give the file of that table too"));
}

StatusOr<TextReader> TextReader::Bind(const ValueSpec& spec, const Columns& columns) {
  TextReader reader;
  reader.spec_ = &spec;
  std::vector<std::string> names = spec.columns;
  for (const TemplatePiece& piece : spec.pieces) {
    if (!piece.column.empty()) names.push_back(piece.column);
  }
  for (const std::string& name : names) {
    RELATA_ASSIGN_OR_RETURN(const size_t column, columns.Find(name, spec.optional, spec.place));
    reader.columns_.push_back(column);
    StrAppend(&reader.column_, reader.column_.empty() ? "" : "+", name);
  }
  if (!spec.lookup.empty()) {
    RELATA_ASSIGN_OR_RETURN(reader.table_, columns.FindTable(spec.lookup, spec.place));
  }
  reader.plain_ = spec.kind == ValueSpec::Kind::kColumn && !spec.map && spec.lookup.empty() && !spec.id &&
                  !spec.escapes && !spec.fallback && spec.empties.empty() &&
                  spec.name_part == NamePart::kNone;
  return reader;
}

std::string_view TextReader::Gather(const RowChunk::Row& row, std::string* scratch) const {
  if (spec_->kind == ValueSpec::Kind::kColumn) return row[columns_[0]];
  if (spec_->kind == ValueSpec::Kind::kConstant) return spec_->text;
  scratch->clear();
  if (spec_->kind == ValueSpec::Kind::kJoin) {
    for (const size_t column : columns_) {
      const std::string_view text = Trim(row[column]);
      if (text.empty()) continue;
      if (!scratch->empty()) scratch->append(spec_->text);
      scratch->append(text);
    }
    return *scratch;
  }
  bool filled = columns_.empty();
  size_t next = 0;
  for (const TemplatePiece& piece : spec_->pieces) {
    scratch->append(piece.text);
    if (piece.column.empty()) continue;
    std::string_view text = Trim(row[columns_[next++]]);
    if (spec_->id) {
      if (const StatusOr<std::string_view> id = ReadId(text); id.ok()) text = *id;
    }
    filled |= !text.empty();
    scratch->append(text);
  }
  return filled ? std::string_view(*scratch) : std::string_view();
}

bool TextReader::Read(const RowChunk::Row& row, std::string* scratch, std::string_view* text,
                      RowProblem* problem) const {
  std::string_view found = Gather(row, scratch);
  if (spec_->trim) found = Trim(found);
  *text = found;
  if (plain_) return true;
  if (std::find(spec_->empties.begin(), spec_->empties.end(), found) != spec_->empties.end()) found = {};
  if (found.empty()) {
    *text = spec_->fallback ? std::string_view(*spec_->fallback) : std::string_view();
    return true;
  }
  if (spec_->id && spec_->kind != ValueSpec::Kind::kTemplate) {
    const StatusOr<std::string_view> id = ReadId(found);
    if (!id.ok()) return Fault(found, id.status(), problem);
    found = *id;
  }
  if (spec_->name_part != NamePart::kNone) {
    *scratch = Part(spec_->name_part, crm::SplitName(found));
    found = *scratch;
  }
  if (spec_->escapes && found.find('\\') != found.npos) {
    *scratch = NewlinesFromEscapes(found);
    found = *scratch;
  }
  if (spec_->map) {
    const StatusOr<std::string_view> meaning = spec_->map->Read(found);
    if (!meaning.ok()) return Fault(found, meaning.status(), problem);
    found = *meaning;
  }
  if (table_ != nullptr) {
    const auto entry = table_->find(ToAbsl(found));
    if (entry == table_->end()) {
      return Fault(found, StrCat(Quoted(found), " is not in the table ", Quoted(spec_->lookup)), problem);
    }
    found = entry->second;
  }
  *text = found;
  return true;
}

bool TextReader::Fault(std::string_view text, std::string_view reason, RowProblem* problem) const {
  problem->column = column_;
  problem->value = text;
  problem->reason = reason;
  return false;
}

bool TextReader::Fault(std::string_view text, const Status& status, RowProblem* problem) const {
  return Fault(text, ToStd(status.message()), problem);
}

StatusOr<ConditionReader> ConditionReader::Bind(const Condition& condition, const Columns& columns) {
  ConditionReader reader;
  reader.condition_ = &condition;
  RELATA_ASSIGN_OR_RETURN(reader.column_, columns.Find(condition.column, false, condition.place));
  return reader;
}

bool ConditionReader::Holds(const RowChunk::Row& row) const {
  const std::string_view text = Trim(row[column_]);
  const auto listed = [&] {
    return std::find(condition_->texts.begin(), condition_->texts.end(), text) != condition_->texts.end();
  };
  switch (condition_->kind) {
    case Condition::Kind::kFilled:
      return !text.empty();
    case Condition::Kind::kEmpty:
      return text.empty();
    case Condition::Kind::kIs:
      return listed();
    case Condition::Kind::kIsNot:
      return !listed();
  }
  return false;
}

}  // namespace relata::exchange
