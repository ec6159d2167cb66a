// Tests membership of segments and consent: what they compile to, and what rows answer where the reader knows
// members.
#include "src/store/membership.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "tests/expr/evaluate_fixture.h"
#include "tests/expr/model.h"

namespace relata::expr::test {
namespace {

using testing::HasSubstr;

// Members as a test says.
class ToldMembers : public store::Membership {
 public:
  StatusOr<bool> Contains(uint32_t segment, RecordId id) override {
    const auto found = members.find(segment);
    if (found == members.end()) return absl::NotFoundError("no such segment");
    return found->second.contains(id);
  }
  StatusOr<std::shared_ptr<const store::MemberIds>> All(uint32_t /*segment*/) override {
    return absl::UnimplementedError("one at a time");
  }
  std::map<uint32_t, std::set<RecordId>> members;
};

class MembershipTest : public EvaluateTest {
 protected:
  void Define(std::string_view name, std::string_view entity) {
    const Status status = store_->ChangeSchema(
        [&](schema::Catalogue& catalogue) { return catalogue.DefineSegment(entity, name, "true", ""); });
    ASSERT_TRUE(status.ok()) << status;
  }
  std::string With(ToldMembers* members, std::string_view type, RecordId id, std::string_view text) {
    store::Snapshot now = store_->Read().value();
    now.set_membership(members);
    return Of(now, type, id, text);
  }
};

TEST_F(MembershipTest, RowsAskTheReader) {
  Define("good", "party");
  Define("sales of note", "sale");
  const RecordId a = Party();
  const RecordId b = Party({{"parent", Value(Reference{a})}});
  const RecordId sale = Sale(b);
  const RecordId stray = Insert("sale", {});
  const RecordId of_party = Insert("remark", {{"about", Value(RecordRef{TypeId("party"), b})}});
  const RecordId of_sale = Insert("remark", {{"about", Value(RecordRef{TypeId("sale"), b})}});
  ToldMembers members;
  members.members = {{1, {b}}, {2, {sale}}};
  EXPECT_EQ(With(&members, "party", a, "in segment 'good'"), "false");
  EXPECT_EQ(With(&members, "party", b, "in segment 'good'"), "true");
  EXPECT_EQ(With(&members, "party", b, "not in segment 'good'"), "false");
  EXPECT_EQ(With(&members, "party", b, "parent in segment 'good'"), "false");
  EXPECT_EQ(With(&members, "party", a, "parent in segment 'good'"), "null");
  EXPECT_EQ(With(&members, "sale", sale, "party in segment 'good' and in segment 'sales of note'"), "true");
  EXPECT_EQ(With(&members, "sale", stray, "party in segment 'good'"), "null");
  EXPECT_EQ(With(&members, "party", a, "count(children where in segment 'good')"), "1");
  EXPECT_EQ(With(&members, "party", b, "exists(sales where in segment 'sales of note')"), "true");
  // A reference to several types: members are of one.
  EXPECT_EQ(With(&members, "remark", of_party, "about in segment 'good'"), "true");
  EXPECT_EQ(With(&members, "remark", of_sale, "about in segment 'good'"), "false");
  EXPECT_THAT(Of("party", a, "in segment 'good'"), HasSubstr("knows of no members"));
}

TEST_F(MembershipTest, ProgramsSayWhichSegmentsTheyAsk) {
  Define("one", "party");
  Define("two", "party");
  Define("three", "sale");
  const store::Snapshot now = store_->Read().value();
  const std::string text =
      "in segment 'two' or exists(sales where in segment 'three') or parent in segment 'two'";
  const Program program =
      Compile(Parse(text).value(), *now.schema().Find("party"), now.shared_schema(), text).value();
  EXPECT_THAT(program.segments(), testing::ElementsAre(2, 3));
  EXPECT_EQ(program.segment_names().size(), 3U);
  EXPECT_EQ(
      DebugString(program),
      "(or (in_segment 'two') (exists sale.party where (in_segment 'three')) (in_segment 'two' parent))");
  const auto wrong = [&](std::string_view condition) {
    return std::string(
        ToStd(Compile(Parse(condition).value(), *now.schema().Find("party"), now.shared_schema(), condition)
                  .status()
                  .message()));
  };
  EXPECT_THAT(wrong("in segment 'tow'"), HasSubstr("unknown segment 'tow'; did you mean 'two'?"));
  EXPECT_THAT(wrong("in segment 'three'"), HasSubstr("holds records of sale, not of party"));
  EXPECT_THAT(wrong("parent in segment 'three'"),
              HasSubstr("holds records of sale; found a record of party"));
  EXPECT_THAT(wrong("name in segment 'two'"), HasSubstr("a segment holds records; found text"));
}

TEST(ConsentTest, IsAQuestionAboutConsents) {
  const std::string steps = Steps("consent('newsletter', 'email')");
  EXPECT_EQ(steps,
            "(exists consent.party where (and (= purpose 'newsletter') "
            "(or (is_null channel) (= channel email)) (<= given_at (now)) "
            "(or (is_null withdrawn_at) (> withdrawn_at (now)))))");
  EXPECT_EQ(Steps("consent('newsletter', 'email')", "person"), steps);
  EXPECT_EQ(Steps("exists(contacts where consent('newsletter', 'email'))").substr(0, 25),
            "(exists person.relations ");
  EXPECT_EQ(Wrong("consent('newsletter', 'emial')"),
            "line 1, column 1: unknown channel 'emial'; did you mean 'email'?");
  EXPECT_EQ(Wrong("consent('newsletter', 'email')", "order"),
            "line 1, column 1: consent(…) asks a person or relation; order has no consents");
}

}  // namespace
}  // namespace relata::expr::test
