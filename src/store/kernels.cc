// The loop of kernels.h: which of eight bytes end their gap says how to part them, by a table. Highway
// includes this file once for each instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/store/kernels.cc"
#include "src/store/kernels.h"

#include <hwy/foreach_target.h>
// After foreach_target.h:
#include <hwy/highway.h>

#include <array>
#include <cstdint>

#include "src/base/coding.h"

#ifndef RELATA_STORE_KERNELS_TABLE_
#define RELATA_STORE_KERNELS_TABLE_
namespace relata::store {

// Which bytes do not end their gap: bit i is that of byte i.
struct GapPatterns {
  // The low and the high byte of each gap; what is no byte is read as zero.
  alignas(16) std::array<std::array<uint8_t, 16>, 256> bytes;
  // Of the gaps that are whole and short, up to the first that is not: how many, and how many bytes.
  std::array<uint8_t, 256> count;
  std::array<uint8_t, 256> size;
};

constexpr GapPatterns MakeGapPatterns() {
  GapPatterns patterns{};
  for (size_t more = 0; more < 256; ++more) {
    auto& bytes = patterns.bytes[more];
    bytes.fill(0x80);
    uint8_t at = 0;
    uint8_t count = 0;
    while (at < 8) {
      const bool second = (more >> at & 1) != 0;
      if (second && (at == 7 || (more >> (at + 1) & 1) != 0)) break;
      bytes[2 * count] = at++;
      if (second) bytes[2 * count + 1] = at++;
      ++count;
    }
    patterns.count[more] = count;
    patterns.size[more] = at;
  }
  return patterns;
}

inline constexpr GapPatterns kGapPatterns = MakeGapPatterns();
inline constexpr uint64_t kTops = 0x8080808080808080u;

}  // namespace relata::store
#endif  // RELATA_STORE_KERNELS_TABLE_

HWY_BEFORE_NAMESPACE();
namespace relata::store {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

// Leaves all gaps to be read one by one.
bool ShortGaps(const char*, const RecordId*, BlockReading*) { return true; }

#else

HWY_ATTR bool ShortGaps(const char* end, const RecordId* stop, BlockReading* reading) {
  const hn::FixedTag<uint8_t, 16> bytes;
  const hn::FixedTag<uint16_t, 8> pairs;
  const hn::FixedTag<uint32_t, 4> sums;
  const hn::FixedTag<uint16_t, 4> half;
  const hn::CappedTag<uint64_t, 4> ids;
  const hn::Rebind<uint32_t, decltype(ids)> short_ids;
  const auto low_bits = hn::Set(pairs, uint16_t{0x7f});
  const auto high_bits = hn::Set(pairs, uint16_t{0x3f80});
  const auto one = hn::Set(pairs, uint16_t{1});
  const char* at = reading->at;
  RecordId* out = reading->out;
  uint64_t last = reading->last;
  uint64_t odd = 0;  // zeros that end a gap of two bytes
  const char* const begin = at;
  while (at < end && out < stop) {
    const auto left = static_cast<size_t>(end - at);
    uint64_t word = 0;
    if (left >= 8) {
      word = LoadLE64(at);
    } else if (end - begin >= 8) {
      word = LoadLE64(end - 8) >> (64 - 8 * left) | ~uint64_t{0} << (8 * left);  // what follows ends no gap
    } else {
      break;
    }
    const uint64_t more = word & kTops;
    const size_t pattern = (more >> 7) * 0x0102040810204080u >> 56;
    const size_t count = kGapPatterns.count[pattern];
    if (count == 0) break;
    odd |= ~(((word & ~kTops) + ~kTops) | word) & (more << 8);
    const auto gaps = hn::BitCast(
        pairs, hn::TableLookupBytesOr0(hn::BitCast(bytes, hn::Set(hn::FixedTag<uint64_t, 2>(), word)),
                                       hn::Load(bytes, kGapPatterns.bytes[pattern].data())));
    // Running sums of two, of four, and of all eight; four gaps may be more than 16 bits.
    const auto steps =
        hn::Add(one, hn::Or(hn::And(gaps, low_bits), hn::And(hn::ShiftRight<1>(gaps), high_bits)));
    const auto twos = hn::Add(steps, hn::ShiftLeftLanes<1>(pairs, steps));
    auto low = hn::PromoteTo(sums, hn::LowerHalf(twos));
    auto high = hn::PromoteTo(sums, hn::UpperHalf(half, twos));
    low = hn::Add(low, hn::ShiftLeftLanes<2>(sums, low));
    high = hn::Add(high, hn::ShiftLeftLanes<2>(sums, high));
    high = hn::Add(high, hn::ConcatUpperUpper(sums, low, low));
    alignas(16) uint32_t all[kIdsAtOnce];
    hn::Store(low, sums, all);
    hn::Store(high, sums, all + 4);
    const auto before = hn::Set(ids, last);
    for (size_t i = 0; i < kIdsAtOnce; i += hn::Lanes(ids)) {
      hn::StoreU(hn::Add(before, hn::PromoteTo(ids, hn::LoadU(short_ids, all + i))), ids, out + i);
    }
    out += count;
    last = out[-1];
    at += kGapPatterns.size[pattern];
  }
  *reading = {at, last, out};
  return (odd & kTops) == 0;
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace relata::store
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace relata::store {

HWY_EXPORT(ShortGaps);

bool ReadShortGaps(const char* end, const RecordId* stop, BlockReading* reading) {
  return HWY_DYNAMIC_DISPATCH(ShortGaps)(end, stop, reading);
}

}  // namespace relata::store
#endif  // HWY_ONCE
