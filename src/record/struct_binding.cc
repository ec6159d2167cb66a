// Moves values between a host's struct and cells, by the declared offsets and types.
#include "relata/record/struct_binding.h"

#include <cstring>
#include <span>

#include "absl/container/inlined_vector.h"
#include "relata/base/strings.h"
#include "relata/schema/ids.h"
#include "src/record/row.h"
#include "src/record/row_cells.h"

namespace relata {

namespace {

const char* MemberAddress(const void* object, const MemberDeclaration& member) {
  return static_cast<const char*>(object) + member.offset;
}

bool IsGenerated(FieldId slot) { return slot == kCreatedAt || slot == kUpdatedAt; }

}  // namespace

StatusOr<StructBinding> StructBinding::Make(const EntityDeclaration& declaration, const EntityType& type,
                                            const TypeOf& type_of) {
  StructBinding binding;
  binding.type_ = type.id;
  binding.declaration_ = &declaration;
  binding.slot_at_.assign(declaration.size, kNoSlot);
  for (const MemberDeclaration& member : declaration.members) {
    const Field* field = type.FindField(member.name);
    if (field == nullptr || field->type != member.type) {
      return absl::FailedPreconditionError(StrCat(
          type.name, ".", member.name, ": the struct has a ", ValueTypeName(member.type), ", the store has ",
          field == nullptr ? "no such field" : StrCat("a ", ValueTypeName(field->type)),
          "; register the struct with the store that this program opened"));
    }
    Slot slot{.field = field->id, .member = &member, .alternatives = {}};
    if (member.type == ValueType::kAnyReference) {
      for (auto* target : member.targets) slot.alternatives.push_back(type_of(target()));
    }
    binding.slot_at_[member.offset] = field->id;
    binding.slots_.push_back(std::move(slot));
  }
  return binding;
}

const StructBinding::Slot* StructBinding::FindSlot(FieldId field) const {
  for (const Slot& slot : slots_) {
    if (slot.field == field) return &slot;
  }
  return nullptr;
}

uint64_t StructBinding::ToStored(FieldId field, uint64_t struct_bits) const {
  const Slot* slot = FindSlot(field);
  const uint64_t which = struct_bits >> 48;
  if (slot == nullptr || which == 0 || which > slot->alternatives.size()) return 0;
  return uint64_t{slot->alternatives[which - 1]} << 48 | (struct_bits & kMaxRecordId);
}

uint64_t StructBinding::FromStored(FieldId field, uint64_t stored_bits) const {
  const Slot* slot = FindSlot(field);
  if (slot == nullptr) return 0;
  for (size_t i = 0; i < slot->alternatives.size(); ++i) {
    if (slot->alternatives[i] == stored_bits >> 48)
      return uint64_t{i + 1} << 48 | (stored_bits & kMaxRecordId);
  }
  return 0;
}

Status StructBinding::ToCells(const void* object, const EntityType& type, CellBuffer* buffer) const {
  std::string scratch;
  for (const Slot& slot : slots_) {
    if (IsGenerated(slot.field)) continue;
    const char* at = MemberAddress(object, *slot.member);
    Cell cell = slot.member->access.load(at, &scratch);
    if (cell.present && cell.bytes.data() == scratch.data() && !cell.bytes.empty()) {
      std::string* owned = buffer->NewBytes();
      owned->swap(scratch);
      cell.bytes = *owned;
    }
    if (slot.member->type == ValueType::kAnyReference && cell.present)
      cell.bits = ToStored(slot.field, cell.bits);
    buffer->cells[slot.field] = cell;
  }
  for (const Slot& slot : slots_) {
    if (slot.member->type != ValueType::kMoney) continue;
    const Currency given = slot.member->access.currency(MemberAddress(object, *slot.member));
    if (given == Currency()) continue;
    const Field& field = type.fields[slot.field];
    Currency expected = field.currency;
    if (expected == Currency()) {
      const Field* of_record = type.FindField("currency");
      const Cell* cell = of_record == nullptr ? nullptr : &buffer->cells[of_record->id];
      if (cell == nullptr || !cell->present)
        continue;  // the store gives the record its base currency, then checks
      expected = Currency::FromPacked(static_cast<uint16_t>(cell->bits)).value_or(Currency());
    }
    if (given != expected) {
      return absl::InvalidArgumentError(
          StrCat(type.name, ".", field.name, ": an amount in ", given.code(), " where ", expected.code(),
                 " is expected; convert it first, or set ", "the record's currency"));
    }
  }
  return absl::OkStatus();
}

Status StructBinding::FromRow(const RowView& row, RecordId id, void* object) const {
  constexpr size_t kUsualSlots = 96;
  absl::InlinedVector<Cell, kUsualSlots> cells(row.format().type().fields.size());
  record::ReadCells(row, std::span(cells.data(), cells.size()));
  for (const Slot& slot : slots_) {
    Cell cell = cells[slot.field];
    if (slot.member->type == ValueType::kAnyReference && cell.present)
      cell.bits = FromStored(slot.field, cell.bits);
    char* at = static_cast<char*>(object) + slot.member->offset;
    if (!slot.member->access.store(cell, at)) {
      return absl::DataLossError(
          StrCat(declaration_->name, " ", id, ".", slot.member->name,
                 ": the stored value does not fit the struct's member; read it by name, or ",
                 "give the struct a wider member"));
    }
    if (slot.member->type == ValueType::kMoney)
      slot.member->access.set_currency(at, row.CurrencyOf(slot.field));
  }
  SetId(object, id);
  return absl::OkStatus();
}

RecordId StructBinding::IdOf(const void* object) const {
  RecordId id = 0;
  std::memcpy(&id, static_cast<const char*>(object) + declaration_->id_offset, sizeof id);
  return id;
}

void StructBinding::SetId(void* object, RecordId id) const {
  std::memcpy(static_cast<char*>(object) + declaration_->id_offset, &id, sizeof id);
}

}  // namespace relata
