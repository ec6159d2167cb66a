// Defines Cell, one field's value as a row holds it: without a type of its own, without a copy.
//
// A Cell is what moves between rows, structs, indexes and expressions; the field's definition says how to
// read it. `present` false means null or, for a field that cannot be null, the zero of its type (0, "", the
// empty set), which takes no bytes in a row either. Lifetime: `bytes` points into the row, struct or scratch
// buffer it was taken from.
#ifndef RELATA_SCHEMA_CELL_H_
#define RELATA_SCHEMA_CELL_H_

#include <bit>
#include <cstdint>
#include <string_view>

namespace relata {

struct Cell {
  bool present = false;
  uint64_t bits = 0;       // fixed types: sign-extended integer, IEEE double, or code
  std::string_view bytes;  // variable types: text, text set, reference set, object

  static Cell Absent() { return {}; }
  static Cell OfBits(uint64_t bits) { return {true, bits, {}}; }
  static Cell OfInt(int64_t value) { return {true, static_cast<uint64_t>(value), {}}; }
  static Cell OfDouble(double value) { return {true, std::bit_cast<uint64_t>(value), {}}; }
  static Cell OfBytes(std::string_view bytes) { return {true, 0, bytes}; }

  int64_t AsInt() const { return static_cast<int64_t>(bits); }
  double AsDouble() const { return std::bit_cast<double>(bits); }

  friend bool operator==(const Cell& a, const Cell& b) {
    return a.present == b.present && a.bits == b.bits && a.bytes == b.bytes;
  }
};

}  // namespace relata

#endif  // RELATA_SCHEMA_CELL_H_
