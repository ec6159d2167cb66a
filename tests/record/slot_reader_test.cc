// Tests that slots read out of many rows at once are those that each row gives.
#include "src/record/slot_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "relata/record/row_view.h"

namespace relata::record {
namespace {

EntityType Thing() {
  EntityType type;
  type.id = 1;
  type.name = "thing";
  const auto add = [&](ValueType value) {
    Field field;
    field.id = static_cast<FieldId>(type.fields.size());
    field.name = "f" + std::to_string(field.id);
    field.type = value;
    type.fields.push_back(field);
  };
  add(ValueType::kTimestamp);  // created_at
  add(ValueType::kTimestamp);  // updated_at
  for (int i = 0; i < 3; ++i) {
    for (const ValueType value : {ValueType::kInt64, ValueType::kDouble, ValueType::kDate, ValueType::kEnum,
                                  ValueType::kBool, ValueType::kText}) {
      add(value);
    }
  }
  return type;
}

std::vector<Cell> RandomCells(const EntityType& type, std::mt19937_64* random, const std::string& text) {
  std::vector<Cell> cells;
  for (const Field& field : type.fields) {
    const uint64_t bits = (*random)() >> ((*random)() % 64);
    const bool present = (*random)() % 3 != 0 || field.id == kCreatedAt;
    Cell cell = field.type == ValueType::kText   ? Cell::OfBytes(std::string_view(text).substr(0, bits % 20))
                : field.type == ValueType::kDate ? Cell::OfInt(static_cast<int32_t>(bits))
                : field.type == ValueType::kEnum ? Cell::OfBits(bits & 0xffff)
                : field.type == ValueType::kBool ? Cell::OfBits(1)
                                                 : Cell::OfBits(bits);
    cells.push_back(present ? cell : Cell::Absent());
  }
  if (!cells[kUpdatedAt].present) cells[kUpdatedAt] = cells[kCreatedAt];
  return cells;
}

// Rows of two versions with any fields, so that places are met again and pushed out; among them long ones,
// whose offsets are wider.
TEST(SlotReader, GivesWhatEachRowGives) {
  EntityType old_type = Thing();
  EntityType type = old_type;
  type.version = 2;
  Field added;
  added.id = static_cast<FieldId>(type.fields.size());
  added.name = "added";
  added.type = ValueType::kInt64;
  added.added_in = 2;
  type.fields.push_back(added);
  const RowFormat old_format(old_type);
  const RowFormat format(type);
  const std::string text(70'000, 'x');

  std::mt19937_64 random(5);
  for (int round = 0; round < 20; ++round) {
    std::vector<FieldId> slots;
    for (const Field& field : type.fields) {
      if (random() % 4 == 0) slots.push_back(field.id);
    }
    SlotReader reader(format, slots);
    for (RecordId id = 1; id <= 400; ++id) {
      const bool old = random() % 4 == 0;
      std::vector<Cell> cells = RandomCells(old ? old_type : type, &random, text);
      if (random() % 10 == 0) cells[7] = Cell::OfBytes(text);
      std::string row;
      ASSERT_TRUE(EncodeRow(old ? old_format : format, cells, id, &row).ok());
      const StatusOr<RowView> view = RowView::Open(format, row, id, true);
      ASSERT_TRUE(view.ok());
      const std::span<const Cell> read = reader.Read(*view);
      for (size_t i = 0; i < slots.size(); ++i) {
        ASSERT_TRUE(read[i] == view->Get(slots[i])) << "round " << round << ", slot " << slots[i];
        ASSERT_TRUE(slots[i] >= cells.size() || read[i] == cells[slots[i]]) << "slot " << slots[i];
      }
    }
  }
}

}  // namespace
}  // namespace relata::record
