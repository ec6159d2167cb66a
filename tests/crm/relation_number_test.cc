// Relation numbers: the published check digit, every error it promises to catch, and the ways people write
// numbers.
#include "relata/crm/relation_number.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "relata/crm/dossier.h"

namespace relata::crm {
namespace {

TEST(DammDigit, IsThatOfPublishedExamples) {
  EXPECT_EQ(DammDigit(572), 4);  // the worked example that goes round with the algorithm
  EXPECT_EQ(DammDigit(5724), 0);
  EXPECT_EQ(DammDigit(43881234567), 9);
  EXPECT_EQ(DammDigit(0), 0);
}

TEST(RelationNumber, TheFirstOneIsMadeFormattedAndRead) {
  const int64_t number = MakeRelationNumber(kFirstRelationSequence).value();
  EXPECT_EQ(number / 10, 100'000);
  EXPECT_TRUE(IsRelationNumber(number));
  const std::string text = FormatRelationNumber(number);
  EXPECT_EQ(text, "100000-" + std::to_string(number % 10));
  EXPECT_EQ(ParseRelationNumber(text).value(), number);
}

TEST(RelationNumber, IsReadAsPeopleWriteIt) {
  const int64_t number = MakeRelationNumber(572).value();
  EXPECT_EQ(number, 5724);
  for (const char* text : {"5724", "572-4", "572 4", " 5 7 2 . 4 ", "0572-4"}) {
    EXPECT_EQ(ParseRelationNumber(text).value_or(-1), number) << text;
  }
}

TEST(RelationNumber, SaysWhatIsWrongWithAText) {
  const auto message = [](const char* text) {
    return std::string(ParseRelationNumber(text).status().message());
  };
  EXPECT_NE(message("5725").find("check digit"), std::string::npos) << message("5725");
  EXPECT_NE(message("5725").find("'5725'"), std::string::npos) << message("5725");
  EXPECT_NE(message("").find("no digits"), std::string::npos);
  EXPECT_NE(message("-").find("no digits"), std::string::npos);
  EXPECT_NE(message("0").find("too short"), std::string::npos);
  EXPECT_NE(message("57O4").find("something else than digits"), std::string::npos);
  EXPECT_NE(message("99999999999999999999999").find("too long"), std::string::npos);
}

TEST(RelationNumber, HasALastOne) {
  EXPECT_TRUE(MakeRelationNumber(kLastRelationSequence).ok());
  EXPECT_EQ(
      ParseRelationNumber(FormatRelationNumber(MakeRelationNumber(kLastRelationSequence).value())).value(),
      MakeRelationNumber(kLastRelationSequence).value());
  EXPECT_EQ(MakeRelationNumber(kLastRelationSequence + 1).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(MakeRelationNumber(0).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_FALSE(IsRelationNumber(0));
  EXPECT_FALSE(IsRelationNumber(-5724));
  EXPECT_EQ(FormatRelationNumber(5725), "5725");
}

// The thesis promises these for numbers of any length.
void ExpectAllErrorsCaught(int64_t number) {
  const std::string right = std::to_string(number);
  for (size_t i = 0; i < right.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[i] = digit;
      ASSERT_EQ(ParseRelationNumber(wrong).ok(), wrong == right) << right << " as " << wrong;
    }
    if (i + 1 == right.size()) continue;
    std::string swapped = right;
    std::swap(swapped[i], swapped[i + 1]);
    ASSERT_EQ(ParseRelationNumber(swapped).ok(), swapped == right) << right << " as " << swapped;
  }
}

TEST(RelationNumber, EveryWrongDigitAndSwapIsCaughtInTheFirstThousands) {
  for (int64_t sequence = kFirstRelationSequence; sequence < kFirstRelationSequence + 3'000; ++sequence) {
    ExpectAllErrorsCaught(MakeRelationNumber(sequence).value());
  }
}

RC_GTEST_PROP(RelationNumber, EveryWrongDigitAndSwapIsCaughtAtAnyLength, ()) {
  const auto sequence = *rc::gen::inRange<int64_t>(10, kLastRelationSequence);
  ExpectAllErrorsCaught(MakeRelationNumber(sequence).value());
}

TEST(Dossier, LiesByRelationProjectAndKind) {
  const int64_t number = MakeRelationNumber(572).value();
  EXPECT_EQ(DossierPath(number).value(), "relations/0/572-4");
  EXPECT_EQ(DossierPath(MakeRelationNumber(100'000).value()).value().substr(0, 21), "relations/100/100000-");
  EXPECT_EQ(ProjectNumber(number, 3).value(), "572-4-03");
  EXPECT_EQ(ProjectNumber(number, 117).value(), "572-4-117");
  EXPECT_EQ(DossierPath(number, "572-4-03", "contract").value(),
            "relations/0/572-4/projects/572-4-03/contract");
  EXPECT_EQ(DossierPath(number, "", "quotes 2026").value(), "relations/0/572-4/quotes 2026");
}

TEST(Dossier, NoTextLeadsOutOfIt) {
  const int64_t number = MakeRelationNumber(572).value();
  EXPECT_EQ(DossierPath(number, "../..").value(), "relations/0/572-4/projects/%2E.%2F.%2E");
  EXPECT_EQ(DossierPath(number, "a/b\\c:d").value(), "relations/0/572-4/projects/a%2Fb%5Cc%3Ad");
  EXPECT_EQ(DossierPath(number, "..").value(), "relations/0/572-4/projects/%2E%2E");
  EXPECT_EQ(DossierPath(number, "", " naïef. ").value(), "relations/0/572-4/%20naïef.%20");
}

TEST(Dossier, IsRefusedForAnotherNumber) {
  EXPECT_EQ(DossierPath(5725).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ProjectNumber(10001, 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ProjectNumber(5724, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace relata::crm
