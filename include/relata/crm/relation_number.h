// Defines the arithmetic of relation numbers: a sequence of our own with a check digit behind it, so that a
// number that was mistyped finds nobody instead of somebody else.
//
//   int64_t number = MakeRelationNumber(100'000).value();   // 1000007 or the like: the sequence, then its
//   check digit FormatRelationNumber(number)                            // "100000-7"
//   ParseRelationNumber("100 000-7")                        // the same number
//
// The check digit is Damm's (H. Michael Damm, Total anti-symmetrische Quasigruppen, thesis,
// Philipps-Universität Marburg, 2004). It catches every single wrong digit and every swap of two neighbours;
// Luhn's misses 09 for 90. Thread safety: pure functions. Cost: O(digits).
#ifndef RELATA_CRM_RELATION_NUMBER_H_
#define RELATA_CRM_RELATION_NUMBER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata::crm {

// Where a store's sequence begins, so that all its numbers are equally long for a long time, and where it
// must end. The n-th number drawn, from 1, is MakeRelationNumber(kFirstRelationSequence + n - 1).
inline constexpr int64_t kFirstRelationSequence = 100'000;
inline constexpr int64_t kLastRelationSequence = 999'999'999'999;

// The check digit of a number, 0 to 9; zeros in front change nothing. REQUIRES: number >= 0.
RELATA_EXPORT int DammDigit(int64_t number);

// The relation number of this place in the sequence. OutOfRange outside 1 to kLastRelationSequence.
RELATA_EXPORT StatusOr<int64_t> MakeRelationNumber(int64_t sequence);

// Whether this is a number that MakeRelationNumber makes.
RELATA_EXPORT bool IsRelationNumber(int64_t number);

// As people write it, with a hyphen before the check digit. Any other number than a relation number is
// printed plain.
RELATA_EXPORT std::string FormatRelationNumber(int64_t number);

// Reads a relation number, with or without hyphens, spaces and dots. InvalidArgument for anything else, and
// where the check digit does not fit the rest.
RELATA_EXPORT StatusOr<int64_t> ParseRelationNumber(std::string_view text);

}  // namespace relata::crm

#endif  // RELATA_CRM_RELATION_NUMBER_H_
