// Defines the match of a text against a field's pattern. Compiled patterns are kept for the life of the
// process, shared by all stores, since a pattern costs far more to compile than to match.
//
// RE2 is used here because it matches in time linear in the text whatever the pattern is: a pattern comes
// from whoever may add a field, and must not be able to hold up a writer.
//
// Thread safety: from any thread. Cost of a match: one look-up, then O(length of the text).
#ifndef RELATA_SCHEMA_PATTERN_H_
#define RELATA_SCHEMA_PATTERN_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"

namespace relata::schema {

// InvalidArgument, with what RE2 says, for a pattern that it does not take.
Status CheckPattern(const std::string& pattern);

// Whether the pattern matches the whole text. False for a pattern that CheckPattern refuses.
bool MatchesPattern(const std::string& pattern, std::string_view text);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_PATTERN_H_
