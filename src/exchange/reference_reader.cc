// This file makes the cells of fields that name other records, and of those copied from them.
#include <algorithm>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/hash.h"
#include "src/exchange/field_reader.h"

namespace relata::exchange {

Status FieldReader::BindReference(const BindContext& context) {
  for (const ValueSpec& part : spec_->parts) {
    Target target;
    target.spec = &part;
    RELATA_ASSIGN_OR_RETURN(target.space, context.space_of(part.target));
    const auto& types = field_->targets;
    if (std::find(types.begin(), types.end(), target.space->type) == types.end()) {
      return absl::InvalidArgumentError(
          StrCat(part.place, ": ", entity_, ".", field_->name, " cannot refer to a ", target.space->entity));
    }
    target.same_row = part.key.empty();
    late_ |= target.same_row;
    if (target.same_row) {
      for (size_t i = 0; i < context.file->records.size(); ++i) {
        if (context.file->records[i].name == part.target) target.made = i;
      }
    } else {
      RELATA_ASSIGN_OR_RETURN(target.key, KeyReader::Bind(part.key, *context.columns));
      target.codes = context.codes_of(part.target);
    }
    targets_.push_back(std::move(target));
  }
  if (spec_->split) {
    const bool fits = field_->type == ValueType::kReferenceSet && targets_.size() == 1 && !late_ &&
                      targets_[0].key.parts() == 1;
    if (!fits) {
      return absl::InvalidArgumentError(
          StrCat(spec_->place, ": only the one key of a set of references is split"));
    }
  }
  return absl::OkStatus();
}

Status FieldReader::BindCopy(const store::TypeRuntime& type, const BindContext& context) {
  const Field* through = type.type->FindField(spec_->target);
  if (through == nullptr || through->type != ValueType::kReference) {
    return absl::InvalidArgumentError(
        StrCat(spec_->place, ": ", entity_, ".", spec_->target, " is no reference to one record"));
  }
  copied_through_ = through->id;
  copied_type_ = context.schema->Find(through->targets.front());
  copied_field_ = copied_type_->type->FindField(spec_->text);
  const bool fits = copied_field_ != nullptr && copied_field_->type == field_->type &&
                    copied_field_->scale == field_->scale && !field_->is_reference() && !field_->is_set() &&
                    field_->type != ValueType::kEnum;
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(spec_->place, ": ", copied_type_->type->name, " has no field ",
                                           Quoted(spec_->text), " that ", entity_, ".", field_->name,
                                           " could be a copy of"));
}

bool FieldReader::ReadCopy(ReadContext* context, Cell* cell) {
  const Cell& reference = context->cells->cells[copied_through_];
  if (!reference.present) return Empty(context, cell);
  const StatusOr<RowView> row = context->tx->Get(*copied_type_, reference.bits);
  if (!row.ok()) {
    context->failure = row.status();
    return false;
  }
  *cell = row->Get(copied_field_->id);
  if (!cell->present && copied_field_->nullable) return Empty(context, cell);
  if (cell->present && field_->is_variable()) {
    std::string* kept = context->cells->NewBytes();
    kept->assign(cell->bytes);
    *cell = Cell::OfBytes(*kept);
  }
  return true;
}

bool FieldReader::Resolve(Target* target, std::string_view code, ReadContext* context, RecordId* id) {
  const StatusOr<RecordId> found = context->keys->Find(*context->tx, target->space, code);
  if (!found.ok()) {
    context->failure = found.status();
    return false;
  }
  *id = *found;
  if (*id != 0 || !spec_->reject_unknown) return true;
  // It may stand further down in this file.
  if (target->codes != nullptr && field_->nullable && field_->type == ValueType::kReference &&
      target->codes->contains(Hash64(code))) {
    context->later->push_back({.slot = field_->id, .space = target->space, .code = std::string(code)});
    return true;
  }
  context->problem->column = target->key.column();
  context->problem->value = ShownCode(code);
  context->problem->reason = StrCat("no ", target->space->name, " is known by this key");
  return false;
}

bool FieldReader::ReadReferences(const RowChunk::Row& row, ReadContext* context, Cell* cell) {
  const bool set = field_->type == ValueType::kReferenceSet;
  std::vector<RecordId> ids;
  EntityTypeId type = 0;
  bool pending = false;  // until writing
  bool given = false;
  for (Target& target : targets_) {
    RecordId id = 0;
    if (target.same_row) {
      pending |= !context->writing;
      id = context->writing ? (*context->made)[target.made] : 0;
    } else {
      bool empty = false;
      if (!target.key.Read(row, target.space->prefix, &scratch_, &empty, context->problem)) return false;
      if (empty) continue;
      given = true;
      if (spec_->split) {
        std::string_view rest = scratch_;
        std::string code;
        if (!target.space->prefix.empty()) rest.remove_prefix(target.space->prefix.size() + 1);
        while (!rest.empty()) {
          const size_t end = rest.find(*spec_->split);
          code = target.space->prefix;
          if (!code.empty()) code.push_back(kCodeSeparator);
          code.append(Trim(rest.substr(0, end)));
          if (!Resolve(&target, code, context, &id)) return false;
          if (id != 0) ids.push_back(id);
          rest = end == rest.npos ? std::string_view() : rest.substr(end + spec_->split->size());
        }
        continue;
      }
      if (!Resolve(&target, scratch_, context, &id)) return false;
    }
    if (id == 0) continue;
    ids.push_back(id);
    type = target.space->type;
    if (!set) break;
  }
  *cell = Cell::Absent();
  if (pending && ids.empty()) return true;
  if (ids.empty()) {
    if (given && !field_->nullable && !set) {
      context->problem->column = targets_.front().key.column();
      context->problem->value = ShownCode(scratch_);
      context->problem->reason = StrCat("no ", targets_.front().space->name, " is known by this key");
      return false;
    }
    return Empty(context, cell);
  }
  if (field_->type == ValueType::kReference) *cell = Cell::OfBits(ids.front());
  if (field_->type == ValueType::kAnyReference) *cell = Cell::OfBits(uint64_t{type} << 48 | ids.front());
  if (!set) return true;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::string* bytes = context->cells->NewBytes();
  EncodeReferenceSet(ids, bytes);
  *cell = Cell::OfBytes(*bytes);
  return true;
}

}  // namespace relata::exchange
