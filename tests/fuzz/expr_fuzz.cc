// This program lets libFuzzer look for texts that upset the parser of expressions.
//
// Besides not crashing, it must hold that what parses prints as a text that parses to the same tree, and that
// the printed text prints as itself.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "relata/base/check.h"
#include "relata/expr/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const relata::StatusOr<relata::expr::Expr> tree = relata::expr::Parse(text);
  if (!tree.ok()) return 0;
  const std::string printed = relata::expr::Print(*tree);
  // Spelled out, brackets and units may take a long text past the limit.
  if (printed.size() > relata::expr::kMaxTextBytes) return 0;
  const relata::StatusOr<relata::expr::Expr> again = relata::expr::Parse(printed);
  RELATA_CHECK(again.ok());
  RELATA_CHECK(*again == *tree);
  RELATA_CHECK(relata::expr::Print(*again) == printed);
  return 0;
}
