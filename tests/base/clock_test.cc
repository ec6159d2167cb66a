// Tests of the clocks, with many threads moving one.
#include "relata/base/clock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace relata {
namespace {

TEST(ClockTest, SystemClockIsOneAndValid) {
  const std::shared_ptr<Clock> clock = SystemClock();
  EXPECT_EQ(clock, SystemClock());
  EXPECT_TRUE(clock->Now().IsValid());
  EXPECT_GT(clock->Now(), Timestamp::Parse("2025-01-01T00:00:00Z").value());
}

TEST(ClockTest, ManualClockMovesWhenTold) {
  ManualClock clock(Timestamp::Parse("2026-01-31T12:00:00Z").value());
  EXPECT_EQ(clock.Now(), clock.Now());
  clock.Advance(Duration::Days(1));
  EXPECT_EQ(clock.Now().ToString(), "2026-02-01T12:00:00Z");
  clock.Advance(Duration::Hours(-13));
  EXPECT_EQ(clock.Now().ToString(), "2026-01-31T23:00:00Z");
  clock.Set(Timestamp{});
  EXPECT_EQ(clock.Now(), Timestamp{});
}

TEST(ClockTest, ManualClockStopsAtTheEndsOfTime) {
  ManualClock clock(Timestamp::Max());
  clock.Advance(Duration{INT64_MAX});
  EXPECT_EQ(clock.Now(), Timestamp::Max());
  clock.Advance(Duration{INT64_MIN});
  EXPECT_EQ(clock.Now(), Timestamp::Min());
}

TEST(ClockTest, AdvancesFromManyThreadsAddUp) {
  ManualClock clock;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) clock.Advance(Duration{1});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(clock.Now().micros, 40'000);
}

}  // namespace
}  // namespace relata
