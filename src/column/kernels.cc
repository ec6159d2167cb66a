// The loops of kernels.h. Highway includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/column/kernels.cc"
#include "src/column/kernels.h"

#include <hwy/foreach_target.h>
// After foreach_target.h:
#include <hwy/highway.h>

#include <bit>

#include "src/base/coding.h"

HWY_BEFORE_NAMESPACE();
namespace relata::column {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The bits of a mask of at most 64 lanes.
template <class D, class M>
HWY_INLINE HWY_ATTR uint64_t BitsOf(D d, M lanes) {
  uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, lanes, bytes);
  const size_t count = hn::Lanes(d);
  const uint64_t bits = LoadLE64(bytes);
  return count == 64 ? bits : bits & ((uint64_t{1} << count) - 1);
}

template <typename T>
HWY_ATTR void RangeOf(const T* HWY_RESTRICT numbers, T from, T span, bool inside, uint64_t* words) {
  const hn::CappedTag<T, 64> d;
  const auto low = hn::Set(d, from);
  const auto width = hn::Set(d, span);
  const uint64_t flip = inside ? 0 : ~uint64_t{0};
  for (size_t i = 0; i < kMaskWords; ++i) {
    if (words[i] == 0) continue;
    const T* const at = numbers + i * 64;
    uint64_t word = 0;
    for (size_t lane = 0; lane < 64; lane += hn::Lanes(d)) {
      const auto distance = hn::Sub(hn::LoadU(d, at + lane), low);
      // Unsigned: a number below `from` wraps to a great distance.
      word |= BitsOf(d, hn::Eq(hn::Min(distance, width), distance)) << lane;
    }
    words[i] &= word ^ flip;
  }
}

HWY_ATTR void Range(const void* numbers, int width, uint64_t from, uint64_t span, bool inside,
                    uint64_t* words) {
  switch (width) {
    case 1:
      return RangeOf(static_cast<const uint8_t*>(numbers), static_cast<uint8_t>(from),
                     static_cast<uint8_t>(span), inside, words);
    case 2:
      return RangeOf(static_cast<const uint16_t*>(numbers), static_cast<uint16_t>(from),
                     static_cast<uint16_t>(span), inside, words);
    case 4:
      return RangeOf(static_cast<const uint32_t*>(numbers), static_cast<uint32_t>(from),
                     static_cast<uint32_t>(span), inside, words);
    default:
      return RangeOf(static_cast<const uint64_t*>(numbers), from, span, inside, words);
  }
}

template <bool kLess, typename T>
HWY_INLINE HWY_ATTR void Compare(const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, size_t words,
                                 uint64_t* bits) {
  const hn::CappedTag<T, 64> d;
  for (size_t i = 0; i < words; ++i) {
    uint64_t word = 0;
    for (size_t lane = 0; lane < 64; lane += hn::Lanes(d)) {
      const auto left = hn::LoadU(d, a + i * 64 + lane);
      const auto right = hn::LoadU(d, b + i * 64 + lane);
      if constexpr (kLess) {
        word |= BitsOf(d, hn::Lt(left, right)) << lane;
      } else {
        word |= BitsOf(d, hn::Eq(left, right)) << lane;
      }
    }
    bits[i] = word;
  }
}

HWY_ATTR void EqualI(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits) {
  Compare<false>(a, b, words, bits);
}
HWY_ATTR void LessI(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits) {
  Compare<true>(a, b, words, bits);
}
#if HWY_HAVE_FLOAT64
HWY_ATTR void EqualD(const double* a, const double* b, size_t words, uint64_t* bits) {
  Compare<false>(a, b, words, bits);
}
HWY_ATTR void LessD(const double* a, const double* b, size_t words, uint64_t* bits) {
  Compare<true>(a, b, words, bits);
}
#else
// Targets whose vectors hold no doubles.
template <class Test>
void EachBit(size_t words, uint64_t* bits, const Test& test) {
  for (size_t i = 0; i < words; ++i) {
    bits[i] = 0;
    for (size_t bit = 0; bit < 64; ++bit) bits[i] |= uint64_t{test(i * 64 + bit)} << bit;
  }
}
void EqualD(const double* a, const double* b, size_t words, uint64_t* bits) {
  EachBit(words, bits, [=](size_t i) { return a[i] == b[i]; });
}
void LessD(const double* a, const double* b, size_t words, uint64_t* bits) {
  EachBit(words, bits, [=](size_t i) { return a[i] < b[i]; });
}
#endif

// Plain, but compiled with the instruction for it where there is one.
HWY_ATTR uint64_t Count(const uint64_t* words, size_t count) {
  uint64_t bits = 0;
  for (size_t i = 0; i < count; ++i) bits += static_cast<uint64_t>(__builtin_popcountll(words[i]));
  return bits;
}

}  // namespace HWY_NAMESPACE
}  // namespace relata::column
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace relata::column {

HWY_EXPORT(Range);
HWY_EXPORT(EqualI);
HWY_EXPORT(LessI);
HWY_EXPORT(EqualD);
HWY_EXPORT(LessD);
HWY_EXPORT(Count);

void FilterRange(const void* numbers, int width, uint64_t from, uint64_t span, bool inside, Mask* mask) {
  HWY_DYNAMIC_DISPATCH(Range)(numbers, width, from, span, inside, mask->words.data());
}
void EqualInts(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(EqualI)(a, b, words, bits);
}
void LessInts(const int64_t* a, const int64_t* b, size_t words, uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(LessI)(a, b, words, bits);
}
void EqualDoubles(const double* a, const double* b, size_t words, uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(EqualD)(a, b, words, bits);
}
void LessDoubles(const double* a, const double* b, size_t words, uint64_t* bits) {
  HWY_DYNAMIC_DISPATCH(LessD)(a, b, words, bits);
}

uint64_t CountBits(std::span<const uint64_t> words) {
  return HWY_DYNAMIC_DISPATCH(Count)(words.data(), words.size());
}

void AppendIds(std::span<const uint64_t> words, RecordId first, uint64_t limit, std::vector<RecordId>* ids) {
  const uint64_t count = CountBits(words);
  const size_t before = ids->size();
  ids->resize(before + count);
  RecordId* out = ids->data() + before;
  for (size_t i = 0; i < words.size(); ++i) {
    const RecordId base = first + i * 64;
    for (uint64_t word = words[i]; word != 0; word &= word - 1) {
      *out++ = base + static_cast<uint64_t>(std::countr_zero(word));
    }
  }
  if (count > limit) ids->resize(before + limit);
}

}  // namespace relata::column
#endif  // HWY_ONCE
