// The compiled part of the typed form: literals as Parse makes them, and the names of members.
#include "relata/expr/typed.h"

#include <charconv>
#include <cmath>

#include "relata/base/check.h"

namespace relata::expr::internal {

Literal LiteralOf(double value) {
  RELATA_CHECK(std::isfinite(value));
  char digits[512];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::fixed);
  const std::string_view shown(digits, static_cast<size_t>(end.ptr - digits));
  // The shortest digits that read back as the same number; not all of them fit.
  if (const StatusOr<Decimal> decimal = Decimal::Parse(shown); decimal.ok()) return LiteralOf(*decimal);
  return value;
}

Literal LiteralOf(const Decimal& value) {
  if (value.scale == 0) return value.units;
  return value;
}

Literal LiteralOf(const Money& value) {
  if (value.currency.is_none()) return value.minor;
  return value;
}

Path PathOf(std::string_view dotted_name) {
  Path path;
  for (size_t at = 0;;) {
    const size_t dot = dotted_name.find('.', at);
    path.names.emplace_back(dotted_name.substr(at, dot == dotted_name.npos ? dot : dot - at));
    if (dot == dotted_name.npos) return path;
    at = dot + 1;
  }
}

std::string NameOfMember(const EntityDeclaration& declaration, size_t offset) {
  if (const MemberDeclaration* member = declaration.At(offset)) return member->name;
  RELATA_CHECK(offset == declaration.id_offset);
  return "id";
}

std::string NameOfInverse(const EntityDeclaration& declaration, size_t offset) {
  const MemberDeclaration* member = declaration.At(offset);
  RELATA_CHECK(member != nullptr && !member->inverse.empty());
  return member->inverse;
}

}  // namespace relata::expr::internal
