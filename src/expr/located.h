// Defines how a message points at its place in a text:
//
//   line 1, column 1: unknown field 'citty' of relation; did you mean 'city'?
//     citty = 'Utrecht'
//     ^
//
// Thread safety: functions of their arguments.
#ifndef RELATA_EXPR_LOCATED_H_
#define RELATA_EXPR_LOCATED_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace relata::expr {

// `message` with the place of byte `position` in `text`. Columns count characters, from 1. Of a long line
// only what surrounds the place is shown.
std::string Located(std::string_view text, uint32_t position, std::string_view message);

}  // namespace relata::expr

#endif  // RELATA_EXPR_LOCATED_H_
