// Defines StructBinding, the meeting of a C++ struct and a stored entity type: which member is which slot.
//
// Made once per struct and catalogue version; all copying between structs and rows runs through it, compiled
// once. Thread safety: immutable.
#ifndef RELATA_RECORD_STRUCT_BINDING_H_
#define RELATA_RECORD_STRUCT_BINDING_H_

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/record/row_view.h"
#include "relata/schema/cell.h"
#include "relata/schema/declaration.h"
#include "relata/schema/entity.h"

namespace relata {

// Cells by slot, with the bytes that no struct or row holds for them.
struct CellBuffer {
  std::vector<Cell> cells;
  std::deque<std::string> owned;  // a deque: what cells point to must not move

  void Reset(size_t slots) {
    cells.assign(slots, Cell::Absent());
    owned.clear();
  }
  std::string* NewBytes() { return &owned.emplace_back(); }
};

class RELATA_EXPORT StructBinding {
 public:
  using TypeOf = std::function<EntityTypeId(std::string_view name)>;

  // FailedPrecondition names the member that the store's type lacks.
  static StatusOr<StructBinding> Make(const EntityDeclaration& declaration, const EntityType& type,
                                      const TypeOf& type_of);

  EntityTypeId type() const { return type_; }
  const EntityDeclaration& declaration() const { return *declaration_; }
  // The slot of the member at this offset; kNoSlot if no field lies there.
  static constexpr FieldId kNoSlot = 0xffff;
  FieldId SlotAt(size_t offset) const { return offset < slot_at_.size() ? slot_at_[offset] : kNoSlot; }

  // Puts the struct's members into their slots and leaves the other slots of `buffer` alone. Cells point into
  // the struct and into the buffer. InvalidArgument: an amount in another currency than its field or record
  // has.
  Status ToCells(const void* object, const EntityType& type, CellBuffer* buffer) const;
  // Fills the struct, its id included. DataLoss names a field whose bytes do not fit the member.
  Status FromRow(const RowView& row, RecordId id, void* object) const;
  RecordId IdOf(const void* object) const;
  void SetId(void* object, RecordId id) const;

  // The store's form of an any-reference (type << 48 | id) and the struct's (position << 48 | id).
  uint64_t ToStored(FieldId slot, uint64_t struct_bits) const;
  uint64_t FromStored(FieldId slot, uint64_t stored_bits) const;

 private:
  struct Slot {
    FieldId field;
    const MemberDeclaration* member;
    std::vector<EntityTypeId> alternatives;  // any-reference: the store's type of each alternative
  };
  const Slot* FindSlot(FieldId field) const;

  EntityTypeId type_ = 0;
  const EntityDeclaration* declaration_ = nullptr;
  std::vector<Slot> slots_;
  std::vector<FieldId> slot_at_;  // by byte offset
};

}  // namespace relata

#endif  // RELATA_RECORD_STRUCT_BINDING_H_
