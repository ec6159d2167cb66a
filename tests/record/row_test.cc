// Tests the row format: what goes in comes out, for any type and any set of fields; old rows stay readable;
// damage is reported and never read past.
#include "src/record/row.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <deque>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "relata/record/row_view.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/record/row_cells.h"

namespace relata::record {
namespace {

const std::vector<ValueType> kAllTypes = {
    ValueType::kBool,         ValueType::kInt64,        ValueType::kDouble,   ValueType::kMoney,
    ValueType::kDate,         ValueType::kTimestamp,    ValueType::kDuration, ValueType::kDecimal,
    ValueType::kPoint,        ValueType::kCurrency,     ValueType::kEnum,     ValueType::kLabelSet,
    ValueType::kReference,    ValueType::kAnyReference, ValueType::kText,     ValueType::kTextSet,
    ValueType::kReferenceSet, ValueType::kObject};

Field MakeField(FieldId id, ValueType type) {
  Field field;
  field.id = id;
  field.name = "f" + std::to_string(id);
  field.type = type;
  return field;
}

EntityType MakeType(const std::vector<ValueType>& types) {
  EntityType type;
  type.id = 1;
  type.name = "thing";
  type.fields.push_back(MakeField(kCreatedAt, ValueType::kTimestamp));
  type.fields.push_back(MakeField(kUpdatedAt, ValueType::kTimestamp));
  for (const ValueType t : types)
    type.fields.push_back(MakeField(static_cast<FieldId>(type.fields.size()), t));
  return type;
}

// A value such as the type can hold, small and large ones alike.
Cell DrawCell(const Field& field, std::deque<std::string>* owned) {
  if (!*rc::gen::arbitrary<bool>()) return Cell::Absent();
  if (field.is_variable()) {
    owned->push_back(*rc::gen::arbitrary<std::string>());
    return Cell::OfBytes(owned->back());
  }
  switch (field.type) {
    case ValueType::kBool:
      return Cell::OfBits(1);
    case ValueType::kDate:
      return Cell::OfInt(*rc::gen::arbitrary<int32_t>());
    case ValueType::kCurrency:
    case ValueType::kEnum:
      return Cell::OfBits(*rc::gen::arbitrary<uint16_t>());
    case ValueType::kDouble:
      return Cell::OfDouble(*rc::gen::arbitrary<double>());
    default:
      return *rc::gen::arbitrary<bool>() ? Cell::OfInt(*rc::gen::arbitrary<int32_t>())
                                         : Cell::OfInt(*rc::gen::arbitrary<int64_t>());
  }
}

std::vector<Cell> DrawCells(const EntityType& type, std::deque<std::string>* owned) {
  std::vector<Cell> cells;
  for (const Field& field : type.fields) cells.push_back(DrawCell(field, owned));
  cells[kCreatedAt] = Cell::OfInt(*rc::gen::arbitrary<int64_t>());
  if (!cells[kUpdatedAt].present) cells[kUpdatedAt] = cells[kCreatedAt];
  return cells;
}

std::vector<Cell> AllCellsOf(const RowView& row) {
  std::vector<Cell> cells(row.format().type().fields.size());
  ReadCells(row, cells);
  return cells;
}

RC_GTEST_PROP(Row, GivesBackEveryCell, ()) {
  const auto types = *rc::gen::container<std::vector<ValueType>>(rc::gen::elementOf(kAllTypes));
  const EntityType type = MakeType(types);
  const RowFormat format(type);
  std::deque<std::string> owned;
  const std::vector<Cell> cells = DrawCells(type, &owned);
  std::string row;
  RC_ASSERT(EncodeRow(format, cells, 7, &row).ok());
  const StatusOr<RowView> view = RowView::Open(format, row, 7, true);
  RC_ASSERT(view.ok());
  for (const Field& field : type.fields) RC_ASSERT(view->Get(field.id) == cells[field.id]);
  RC_ASSERT(AllCellsOf(*view) == cells);
}

RC_GTEST_PROP(Row, ReadsOldRowsAfterAnySchemaChange, ()) {
  const auto before = *rc::gen::container<std::vector<ValueType>>(rc::gen::elementOf(kAllTypes));
  const auto added = *rc::gen::container<std::vector<ValueType>>(rc::gen::elementOf(kAllTypes));
  EntityType type = MakeType(before);
  std::deque<std::string> owned;
  const std::vector<Cell> cells = DrawCells(type, &owned);
  std::string old_row;
  RC_ASSERT(EncodeRow(RowFormat(type), cells, 3, &old_row).ok());

  type.version = 2;
  for (const ValueType t : added) {
    Field field = MakeField(static_cast<FieldId>(type.fields.size()), t);
    field.added_in = 2;
    const Cell frozen = DrawCell(field, &owned);
    field.frozen_present = frozen.present;
    field.frozen_bits = frozen.bits;
    field.frozen_bytes = std::string(frozen.bytes);
    type.fields.push_back(field);
  }
  const RowFormat format(type);
  const StatusOr<RowView> view = RowView::Open(format, old_row, 3, true);
  RC_ASSERT(view.ok());
  for (const Field& field : type.fields) {
    if (field.added_in == 1) {
      RC_ASSERT(view->Get(field.id) == cells[field.id]);
    } else {
      RC_ASSERT(view->Get(field.id).present == field.frozen_present);
      RC_ASSERT(view->Get(field.id).bits == field.frozen_bits);
      RC_ASSERT(view->Get(field.id).bytes == field.frozen_bytes);
    }
  }
  const std::vector<Cell> all = AllCellsOf(*view);
  for (const Field& field : type.fields) RC_ASSERT(all[field.id] == view->Get(field.id));
}

// Any change of any byte is seen with the checksum on; with it off, reading stays inside the row. (The
// sanitizers of the development preset watch the second half.)
RC_GTEST_PROP(Row, ReportsDamage, ()) {
  const auto types = *rc::gen::container<std::vector<ValueType>>(rc::gen::elementOf(kAllTypes));
  const EntityType type = MakeType(types);
  const RowFormat format(type);
  std::deque<std::string> owned;
  const std::vector<Cell> cells = DrawCells(type, &owned);
  std::string row;
  RC_ASSERT(EncodeRow(format, cells, 7, &row).ok());
  const size_t at = *rc::gen::inRange<size_t>(0, row.size());
  row[at] = static_cast<char>(row[at] ^ *rc::gen::inRange(1, 256));
  RC_ASSERT(absl::IsDataLoss(RowView::Open(format, row, 7, true).status()));
  const std::string cut = row.substr(0, *rc::gen::inRange<size_t>(0, row.size()));
  for (const std::string& bytes : {row, cut}) {
    const StatusOr<RowView> unchecked = RowView::Open(format, bytes, 7, false);
    if (!unchecked.ok()) continue;
    const char* const end = bytes.data() + bytes.size();
    const auto inside = [&](const Cell& cell) {
      return cell.bytes.empty() || (cell.bytes.data() >= bytes.data() && cell.bytes.end() <= end);
    };
    for (const Field& field : type.fields) RC_ASSERT(inside(unchecked->Get(field.id)));
    for (const Cell& cell : AllCellsOf(*unchecked)) RC_ASSERT(inside(cell));
  }
}

TEST(Row, ARowUnderAnotherIdIsDamage) {
  const EntityType type = MakeType({ValueType::kText});
  const RowFormat format(type);
  const Cell cells[] = {Cell::OfInt(1), Cell::OfInt(1), Cell::OfBytes("Utrecht")};
  std::string row;
  ASSERT_TRUE(EncodeRow(format, cells, 7, &row).ok());
  EXPECT_TRUE(RowView::Open(format, row, 7, true).ok());
  EXPECT_TRUE(absl::IsDataLoss(RowView::Open(format, row, 8, true).status()));
}

// The layout is the file format: these bytes are counted by hand from row.h.
TEST(Row, TakesNoBytesForWhatIsAbsent) {
  const EntityType type = MakeType({ValueType::kInt64, ValueType::kText, ValueType::kDouble});
  const RowFormat format(type);
  std::string row;
  const Cell absent[] = {Cell::OfInt(1), Cell::OfInt(1), Cell::Absent(), Cell::Absent(), Cell::Absent()};
  ASSERT_TRUE(EncodeRow(format, absent, 7, &row).ok());
  // header 4, presence 1, wide 1, created_at narrow 4, checksum 4; updated_at equals created_at
  EXPECT_EQ(row.size(), 14u);
  const Cell full[] = {Cell::OfInt(1), Cell::OfInt(2), Cell::OfInt(int64_t{1} << 40), Cell::OfBytes("abc"),
                       Cell::OfDouble(0.5)};
  ASSERT_TRUE(EncodeRow(format, full, 7, &row).ok());
  // + updated_at narrow 4, int64 wide 8, double narrow 4, offset 2, text 3
  EXPECT_EQ(row.size(), 14u + 4 + 8 + 4 + 2 + 3);
  EXPECT_EQ(LoadLE16(row.data() + 2), 1);
  EXPECT_EQ(LoadLE32(row.data() + row.size() - 4),
            Checksum32(std::string_view(row).substr(0, row.size() - 4), 7));
}

TEST(Row, LongTextsTakeLongOffsets) {
  const EntityType type = MakeType({ValueType::kText, ValueType::kText});
  const RowFormat format(type);
  const std::string lengthy(70'000, 'x');
  const Cell cells[] = {Cell::OfInt(1), Cell::OfInt(1), Cell::OfBytes(lengthy), Cell::OfBytes("end")};
  std::string row;
  ASSERT_TRUE(EncodeRow(format, cells, 7, &row).ok());
  const StatusOr<RowView> view = RowView::Open(format, row, 7, true);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->Get(2).bytes, lengthy);
  EXPECT_EQ(view->Get(3).bytes, "end");
  EXPECT_EQ(AllCellsOf(*view), std::vector<Cell>(std::begin(cells), std::end(cells)));
}

TEST(Row, DroppedFieldsAreLeftOut) {
  EntityType type = MakeType({ValueType::kText, ValueType::kText});
  std::string row;
  const Cell cells[] = {Cell::OfInt(1), Cell::OfInt(1), Cell::OfBytes("gone"), Cell::OfBytes("kept")};
  ASSERT_TRUE(EncodeRow(RowFormat(type), cells, 7, &row).ok());
  type.version = 2;
  type.fields[2].dropped = true;
  type.fields[2].dropped_in = 2;
  const RowFormat format(type);
  EXPECT_EQ(RowView::Open(format, row, 7, true)->Get(3).bytes, "kept");
  std::string rewritten;
  ASSERT_TRUE(EncodeRow(format, cells, 7, &rewritten).ok());
  EXPECT_EQ(rewritten.find("gone"), std::string::npos);
  EXPECT_FALSE(RowView::Open(format, rewritten, 7, true)->Get(2).present);
  EXPECT_EQ(AllCellsOf(RowView::Open(format, row, 7, true).value())[3].bytes, "kept");
  EXPECT_FALSE(AllCellsOf(RowView::Open(format, rewritten, 7, true).value())[2].present);
}

TEST(Row, UnknownFormatsAndVersionsAreRefused) {
  const EntityType type = MakeType({ValueType::kText});
  const RowFormat format(type);
  const Cell cells[] = {Cell::OfInt(1), Cell::OfInt(1), Cell::Absent()};
  std::string row;
  ASSERT_TRUE(EncodeRow(format, cells, 7, &row).ok());
  std::string newer = row;
  newer[0] = 2;
  EXPECT_TRUE(absl::IsDataLoss(RowView::Open(format, newer, 7, false).status()));
  newer = row;
  StoreLE16(newer.data() + 2, 9);
  EXPECT_TRUE(absl::IsDataLoss(RowView::Open(format, newer, 7, false).status()));
}

}  // namespace
}  // namespace relata::record
