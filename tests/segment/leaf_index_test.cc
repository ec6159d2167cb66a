// Random leaves on fields of every kind: what the index says flips, or is true, is what asking each leaf
// says.
#include "src/segment/leaf_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "src/base/coding.h"
#include "tests/query/generate.h"

namespace relata::segment {
namespace {

using expr::Base;
using twin::Random;

constexpr EntityTypeId kType = 3;

// One field: how it is held, and a few values of it.
struct Subject {
  FieldId slot;
  Base base;
  bool zero_if_absent;
};
constexpr Subject kSubjects[] = {{0, Base::kExact, false},    {1, Base::kExact, true},
                                 {2, Base::kDouble, false},   {3, Base::kText, false},
                                 {4, Base::kText, true},      {5, Base::kTextSet, false},
                                 {6, Base::kLabelSet, true},  {7, Base::kDate, false},
                                 {8, Base::kRecordSet, true}, {9, Base::kRecord, false}};

bool IsSet(Base base) {
  return base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet;
}
std::string SomeText(Random* random) {
  return random->Of(std::vector<std::string>{"", "a", "ab", "b", "ba"});
}
uint64_t SomeBits(const Subject& subject, Random* random) {
  if (subject.base == Base::kDouble) {
    return Cell::OfDouble(static_cast<double>(random->Between(-2, 2)) / 2).bits;
  }
  return static_cast<uint64_t>(subject.base == Base::kExact || subject.base == Base::kDate
                                   ? random->Between(-4, 4)
                                   : random->Between(0, 5));
}

// Its bytes live in `text`.
Cell SomeCell(const Subject& subject, Random* random, std::string* text) {
  text->clear();
  if (random->Chance(25)) return Cell::Absent();
  switch (subject.base) {
    case Base::kText:
      *text = SomeText(random);
      return Cell::OfBytes(*text);
    case Base::kTextSet: {
      std::set<std::string> texts;
      for (size_t i = random->Below(4); i > 0; --i) texts.insert(SomeText(random));
      for (const std::string& one : texts) {
        PutVarint64(text, one.size());
        text->append(one);
      }
      return Cell::OfBytes(*text);
    }
    case Base::kLabelSet:
      return Cell::OfBits(random->Below(64));
    case Base::kRecordSet: {
      std::set<uint64_t> ids;
      for (size_t i = random->Below(4); i > 0; --i) ids.insert(random->Below(6));
      text->resize(ids.size() * sizeof(uint64_t));
      size_t at = 0;
      for (const uint64_t id : ids) StoreLE64(text->data() + 8 * at++, id);
      return Cell::OfBytes(*text);
    }
    default:
      return Cell::OfBits(SomeBits(subject, random));
  }
}

Leaf SomeLeaf(Random* random) {
  const Subject& subject = random->Of(kSubjects);
  Leaf leaf{
      .type = kType, .slot = subject.slot, .base = subject.base, .zero_if_absent = subject.zero_if_absent};
  leaf.negated = random->Chance(30);
  const auto constant = [&] {
    const bool bytes = subject.base == Base::kText || subject.base == Base::kTextSet;
    return bytes ? Constant{.bytes = SomeText(random)} : Constant{.bits = SomeBits(subject, random)};
  };
  const size_t form = random->Below(IsSet(subject.base) ? 3 : 4);
  leaf.form = static_cast<Leaf::Form>(form);
  switch (leaf.form) {
    case Leaf::Form::kPresent:
      break;
    case Leaf::Form::kPoints:
    case Leaf::Form::kOutside:
      for (size_t i = 1 + random->Below(3); i > 0; --i) {
        const Constant point = constant();
        if (std::find(leaf.points.begin(), leaf.points.end(), point) == leaf.points.end()) {
          leaf.points.push_back(point);
        }
      }
      break;
    case Leaf::Form::kRange:
      leaf.has_low = random->Chance(60);
      leaf.has_high = !leaf.has_low || random->Chance(50);
      leaf.low_open = leaf.has_low && random->Chance(50);
      leaf.high_open = leaf.has_high && random->Chance(50);
      if (leaf.has_low) leaf.points.push_back(constant());
      if (leaf.has_high) leaf.points.push_back(constant());
      break;
  }
  return leaf;
}

TEST(LeafIndex, FlipsWhatFlips) {
  size_t flips = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    LeafIndex index;
    for (int i = 0; i < 80; ++i) {
      const Leaf leaf = SomeLeaf(&random);
      const LeafId id = index.Add(leaf);
      EXPECT_EQ(index.leaf(id), leaf);
      EXPECT_EQ(index.Add(leaf), id);
    }
    index.Finish();
    for (int i = 0; i < 200; ++i) {
      const Subject& subject = random.Of(kSubjects);
      std::string old_text;
      std::string new_text;
      const Cell before = SomeCell(subject, &random, &old_text);
      const Cell after = SomeCell(subject, &random, &new_text);
      std::vector<LeafId> expected;
      for (LeafId id = 0; id < index.size(); ++id) {
        const Leaf& leaf = index.leaf(id);
        if (leaf.slot == subject.slot && leaf.IsTrue(before) != leaf.IsTrue(after)) expected.push_back(id);
      }
      std::vector<LeafId> found;
      index.Flipped(kType, subject.slot, before, after, [&](LeafId id) { found.push_back(id); });
      std::sort(found.begin(), found.end());
      ASSERT_EQ(found, expected) << "seed " << seed << ", slot " << subject.slot;
      flips += found.size();
    }
  }
  EXPECT_GT(flips, 1000u);
}

TEST(LeafIndex, TellsWhatIsTrueOfARow) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    LeafIndex index;
    for (int i = 0; i < 80; ++i) index.Add(SomeLeaf(&random));
    index.Finish();
    for (int i = 0; i < 50; ++i) {
      std::vector<std::string> texts(std::size(kSubjects));
      std::vector<Cell> row;
      for (const Subject& subject : kSubjects)
        row.push_back(SomeCell(subject, &random, &texts[subject.slot]));
      std::vector<LeafId> expected;
      for (LeafId id = 0; id < index.size(); ++id) {
        if (index.leaf(id).IsTrue(row[index.leaf(id).slot])) expected.push_back(id);
      }
      std::vector<LeafId> found;
      index.True(
          kType, [&](FieldId slot) { return row[slot]; }, [&](LeafId id) { found.push_back(id); });
      std::sort(found.begin(), found.end());
      ASSERT_EQ(found, expected) << "seed " << seed;
    }
  }
}

TEST(LeafIndex, KnowsNothingOfOtherTypes) {
  LeafIndex index;
  Leaf leaf{.type = kType, .slot = 0, .base = Base::kExact, .form = Leaf::Form::kPoints};
  leaf.points = {{.bits = 7}};
  index.Add(leaf);
  index.Finish();
  const auto none = [](LeafId) { FAIL(); };
  index.Flipped(kType + 1, 0, Cell::OfBits(7), Cell::OfBits(8), none);
  index.Flipped(kType, 1, Cell::OfBits(7), Cell::OfBits(8), none);
  index.Flipped(kType, 0, Cell::OfBits(6), Cell::OfBits(8), none);
  index.True(
      kType + 1, [](FieldId) { return Cell::OfBits(7); }, none);
}

}  // namespace
}  // namespace relata::segment
