// This file implements Random and Picker in integer arithmetic only.
#include "examples/sample_company/random.h"

#include <algorithm>

namespace sample_company {
namespace {

// 2^(2^-k) in Q30 for k = 1..16: the factors of 2^fraction, one per bit of a Q16 fraction.
constexpr int64_t kRootsOfTwo[16] = {1518500250, 1276901417, 1170923762, 1121280436, 1097253708, 1085434106,
                                     1079572136, 1076653033, 1075196443, 1074468888, 1074105294, 1073923544,
                                     1073832680, 1073787251, 1073764537, 1073753181};

// value * 2^(exponent_q16 / 65536).
int64_t ScaleByPowerOfTwo(int64_t value, int64_t exponent_q16) {
  const int64_t whole = exponent_q16 >> 16;
  int64_t factor = int64_t{1} << 30;
  for (int bit = 0; bit < 16; ++bit) {
    if ((exponent_q16 >> (15 - bit)) & 1) factor = (factor * kRootsOfTwo[bit]) >> 30;
  }
  // value < 2^32, factor < 2^31: the product fits.
  const int64_t scaled = value * factor;
  const int64_t shift = 30 - whole;
  if (shift <= 0) return scaled << std::min<int64_t>(-shift, 16);
  return shift >= 63 ? 0 : scaled >> shift;
}

}  // namespace

int64_t Random::Gauss() {
  int64_t sum = 0;  // of twelve uniforms on [0, 1): mean 6, variance 1
  for (int i = 0; i < 3; ++i) {
    const uint64_t bits = Next();
    for (int shift = 0; shift < 64; shift += 16) sum += static_cast<int64_t>((bits >> shift) & 0xffff);
  }
  return sum - 6 * 65536;
}

int64_t Random::LogNormal(int64_t median, int sigma_per_mille) {
  constexpr int64_t kLog2OfE = 94548;  // Q16
  const int64_t natural = Gauss() * sigma_per_mille / 1000;
  return std::max<int64_t>(1, ScaleByPowerOfTwo(median, (natural * kLog2OfE) >> 16));
}

Picker::Picker(const std::vector<uint32_t>& weights) {
  uint64_t sum = 0;
  for (uint32_t weight : weights) cumulative_.push_back(sum += weight);
}

Picker Picker::ByRank(size_t count) {
  std::vector<uint32_t> weights;
  for (size_t rank = 0; rank < count; ++rank) weights.push_back(static_cast<uint32_t>(100'000 / (rank + 2)));
  return Picker(weights);
}

size_t Picker::Pick(Random& random) const {
  const uint64_t at = random.Below(cumulative_.back());
  return static_cast<size_t>(std::upper_bound(cumulative_.begin(), cumulative_.end(), at) -
                             cumulative_.begin());
}

}  // namespace sample_company
