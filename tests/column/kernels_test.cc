// Tests the kernels against plain loops, on every instruction set that this machine and compiler have.
#include "src/column/kernels.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <bit>
#include <limits>
#include <random>

namespace relata::column {
namespace {

// Runs a test once for each target.
template <typename Test>
void OnEachTarget(Test test) {
  const std::vector<int64_t> targets = hwy::SupportedAndGeneratedTargets();
  ASSERT_FALSE(targets.empty());
  for (const int64_t target : targets) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    test();
  }
  hwy::SetSupportedTargetsForTest(0);
}

template <typename T>
void CheckRange(std::mt19937_64* random) {
  std::vector<T> numbers(kChunkRecords);
  const T most = std::numeric_limits<T>::max();
  for (T& n : numbers) {
    n = static_cast<T>((*random)());
    if ((*random)() % 4 == 0) n = (*random)() % 2 == 0 ? T{0} : most;
  }
  for (int round = 0; round < 8; ++round) {
    T from = static_cast<T>((*random)());
    T span = static_cast<T>((*random)());
    if (round == 0) from = 0, span = most;
    if (round == 1) from = 0, span = 0;
    if (round == 2) from = most, span = 0;
    for (const bool inside : {true, false}) {
      Mask mask;
      for (uint64_t& word : mask.words) word = (*random)() % 3 == 0 ? 0 : (*random)() | (*random)();
      Mask expected = mask;
      for (size_t i = 0; i < kChunkRecords; ++i) {
        const bool in = static_cast<T>(numbers[i] - from) <= span;
        if (in != inside) expected.Clear(i);
      }
      FilterRange(numbers.data(), sizeof(T), from, span, inside, &mask);
      ASSERT_TRUE(mask == expected) << sizeof(T) << " bytes, from " << +from << " span " << +span;
    }
  }
}

TEST(KernelsTest, FilterRangeKeepsWhatAPlainLoopKeeps) {
  OnEachTarget([] {
    std::mt19937_64 random(7);
    CheckRange<uint8_t>(&random);
    CheckRange<uint16_t>(&random);
    CheckRange<uint32_t>(&random);
    CheckRange<uint64_t>(&random);
  });
}

TEST(KernelsTest, ComparisonsSetTheBitsThatAPlainLoopSets) {
  OnEachTarget([] {
    std::mt19937_64 random(8);
    constexpr size_t kWords = 3;
    std::vector<int64_t> a(kWords * 64), b(kWords * 64);
    std::vector<double> x(kWords * 64), y(kWords * 64);
    for (size_t i = 0; i < a.size(); ++i) {
      a[i] = random() % 3 == 0 ? INT64_MIN : static_cast<int64_t>(random());
      b[i] = random() % 3 == 0 ? a[i] : random() % 2 == 0 ? INT64_MAX : static_cast<int64_t>(random());
      x[i] = static_cast<double>(random() % 5) - 2;
      y[i] = random() % 5 == 0 ? -x[i] : static_cast<double>(random() % 5) - 2;  // -0.0 among them
    }
    uint64_t equal[kWords], less[kWords], equal_doubles[kWords], less_doubles[kWords];
    EqualInts(a.data(), b.data(), kWords, equal);
    LessInts(a.data(), b.data(), kWords, less);
    EqualDoubles(x.data(), y.data(), kWords, equal_doubles);
    LessDoubles(x.data(), y.data(), kWords, less_doubles);
    for (size_t i = 0; i < a.size(); ++i) {
      const auto bit = [&](const uint64_t* bits) { return (bits[i / 64] >> (i % 64) & 1) != 0; };
      EXPECT_EQ(bit(equal), a[i] == b[i]);
      EXPECT_EQ(bit(less), a[i] < b[i]);
      EXPECT_EQ(bit(equal_doubles), x[i] == y[i]);
      EXPECT_EQ(bit(less_doubles), x[i] < y[i]);
    }
  });
}

TEST(KernelsTest, CountBitsCountsAsAPlainLoop) {
  OnEachTarget([] {
    std::mt19937_64 random(9);
    std::vector<uint64_t> words(37);
    uint64_t expected = 0;
    for (uint64_t& word : words) {
      word = random();
      for (uint64_t rest = word; rest != 0; rest >>= 1) expected += rest & 1;
    }
    EXPECT_EQ(CountBits(words), expected);
  });
}

TEST(KernelsTest, AppendIdsGivesEachBitOnce) {
  Mask mask;
  for (const size_t at : {size_t{0}, size_t{63}, size_t{64}, size_t{5000}, kChunkRecords - 1}) mask.Set(at);
  std::vector<RecordId> ids{1};
  AppendIds(mask.words, 100, 4, &ids);
  EXPECT_EQ(ids, (std::vector<RecordId>{1, 100, 163, 164, 5100}));
}

}  // namespace
}  // namespace relata::column
