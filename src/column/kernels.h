// Defines the inner loops of scans, compiled for each instruction set that the processor may have and chosen
// when first called (Highway's dynamic dispatch). All of them give the same answers.
//
// Thread safety: functions of their arguments. Cost: O(records), several at a time.
#ifndef RELATA_COLUMN_KERNELS_H_
#define RELATA_COLUMN_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "relata/schema/ids.h"
#include "src/column/mask.h"

namespace relata::column {

// Keeps of the mask the records whose number n has n - from <= span, or, unless `inside`, those without.
// `numbers` are kChunkRecords unsigned integers of `width` bytes (1, 2, 4 or 8); `from` and `span` fit that
// width. Words of the mask that are empty already are passed over.
void FilterRange(const void* numbers, int width, uint64_t from, uint64_t span, bool inside, Mask* mask);

// Sets bit i of `bits` where a[i] == b[i], or a[i] < b[i], for words * 64 values.
void EqualInts(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits);
void LessInts(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits);
void EqualDoubles(const double* a, const double* b, size_t words, uint64_t* bits);
void LessDoubles(const double* a, const double* b, size_t words, uint64_t* bits);

// How many bits are set.
uint64_t CountBits(std::span<const uint64_t> words);

// Appends first + i for each bit i that is set, at most `limit` of them.
void AppendIds(std::span<const uint64_t> words, RecordId first, uint64_t limit, std::vector<RecordId>* ids);

}  // namespace relata::column

#endif  // RELATA_COLUMN_KERNELS_H_
