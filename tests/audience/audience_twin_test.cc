// Tests audiences against a naive reading of what audience.h says: the same records as structs in memory,
// every list walked whole for every question. Over random companies, with each purpose, channel, rule and
// unit; who is written to, at which address, by which consent, and why and by which evidence each other is
// not.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "relata/audience/audience.h"
#include "relata/base/strings.h"
#include "relata/crm/crm.h"
#include "tests/audience/fixture.h"

namespace relata::audience {
namespace {

using namespace crm;  // NOLINT: the test is about its types

const Timestamp kNow = At("2026-06-30T10:00:00Z");  // the fixture's; 12:00 in Amsterdam
constexpr int64_t kHour = 3'600'000'000;

struct World {
  std::vector<Relation> relations;
  std::vector<Person> persons;
  std::vector<Consent> consents;
  std::vector<Preference> preferences;
  std::vector<Campaign> campaigns;
  std::vector<CampaignTouch> touches;
};

// The types of what can be evidence.
struct Types {
  EntityTypeId consent, preference, touch, asked;
};

std::string Normal(std::string text) {
  std::erase(text, ' ');
  for (char& c : text) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

class Naive {
 public:
  Naive(const World& world, const Types& types, bool persons, const AudienceSpec& spec)
      : world_(world), types_(types), persons_(persons), spec_(spec) {}

  Audience Of(const std::vector<RecordId>& ids) {
    Audience audience{.entity = persons_ ? "person" : "relation"};
    std::vector<Member> members;
    for (const RecordId id : ids) {
      if (IsThere(id)) members.push_back(Look(id));
    }
    for (const RecordId id : ids) {
      const auto member =
          std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.id == id; });
      if (member == members.end()) {
        audience.left_out.push_back({id, Reason::kGone, {}});
      } else if (member->out) {
        audience.left_out.push_back(*member->out);
      } else if (const auto second = OutBesides(*member, members)) {
        audience.left_out.push_back(*second);
      } else {
        audience.recipients.push_back({id, member->address, member->consent});
      }
    }
    for (const LeftOut& one : audience.left_out) ++audience.counts[static_cast<size_t>(one.reason)];
    return audience;
  }

 private:
  struct Happened {
    RecordRef record;
    Timestamp at{INT64_MIN};
  };
  struct Member {
    RecordId id = 0;
    std::string address;
    std::string unit;  // empty: alone
    RecordId consent = 0;
    std::optional<LeftOut> out;
  };

  static void Latest(Happened* kept, const Happened& other) {
    if (other.at > kept->at) *kept = other;
  }

  bool IsThere(RecordId id) const {
    if (!persons_) return id <= world_.relations.size();
    if (id > world_.persons.size()) return false;
    const std::optional<Date> left = world_.persons[id - 1].left_on;
    return !left || *left > Date::FromCivil(2026, 6, 30).value();
  }

  std::vector<RecordId> RelationsOf(RecordId id) const {
    std::vector<RecordId> ids;
    if (!persons_) return ids;
    for (const Id<Relation> relation : world_.persons[id - 1].relations) ids.push_back(relation.value);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  template <class Reference>
  static bool Names(const Reference& party, bool person, RecordId id) {
    return party.value() == id && party.which() == (person ? 1 : 2);
  }

  std::vector<const Consent*> ConsentsOf(bool person, RecordId id) const {
    std::vector<const Consent*> found;
    for (const Consent& consent : world_.consents) {
      if (!Names(consent.party, person, id) || consent.purpose != spec_.purpose) continue;
      if (consent.channel.value_or(spec_.channel) != spec_.channel || consent.given_at > kNow) continue;
      found.push_back(&consent);
    }
    return found;
  }
  Happened InForce(const std::vector<const Consent*>& consents) const {
    Happened latest;
    for (const Consent* consent : consents) {
      if (consent->withdrawn_at && *consent->withdrawn_at <= kNow) continue;
      Latest(&latest, {{types_.consent, consent->id.value}, consent->given_at});
    }
    return latest;
  }
  Happened Withdrawn(const std::vector<const Consent*>& consents) const {
    Happened latest;
    for (const Consent* consent : consents) {
      if (!consent->withdrawn_at || *consent->withdrawn_at > kNow) continue;
      Latest(&latest, {{types_.consent, consent->id.value}, *consent->withdrawn_at});
    }
    return latest;
  }

  // One that the party made, and that no later consent of its own took back.
  Happened Objection(bool person, RecordId id) const {
    Happened latest;
    const std::string channel = spec_.channel == Channel::kEmail   ? "email"
                                : spec_.channel == Channel::kPhone ? "phone"
                                                                   : "letter";
    const std::set<std::string> meant = {"all", spec_.purpose, channel, StrCat(spec_.purpose, "/", channel)};
    for (const Preference& preference : world_.preferences) {
      if (!Names(preference.party, person, id) || preference.topic != kObjectionTopic) continue;
      if (!meant.contains(preference.value) || preference.set_at > kNow) continue;
      Latest(&latest, {{types_.preference, preference.id.value}, preference.set_at});
    }
    for (const CampaignTouch& touch : world_.touches) {
      if (!IsTouched(touch, person, id) || touch.event != TouchEvent::kUnsubscribed || touch.at > kNow)
        continue;
      const Campaign& campaign = world_.campaigns[touch.campaign.value - 1];
      if (campaign.purpose != spec_.purpose) continue;
      if (campaign.channel.value_or(spec_.channel) != spec_.channel) continue;
      Latest(&latest, {{types_.touch, touch.id.value}, touch.at});
    }
    const bool taken_back = InForce(ConsentsOf(person, id)).at > latest.at;
    return taken_back ? Happened() : latest;
  }
  static bool IsTouched(const CampaignTouch& touch, bool person, RecordId id) {
    return person ? touch.person == Id<Person>(id) : touch.relation == Id<Relation>(id);
  }

  Member Look(RecordId id) const {
    Member member{.id = id};
    const std::vector<RecordId> relations = RelationsOf(id);
    const RecordId home = !persons_ ? id : relations.empty() ? 0 : relations.front();
    std::string lines, household;
    if (home != 0) Post(world_.relations[home - 1], &lines, &household);
    const std::string& email = persons_ ? world_.persons[id - 1].email : world_.relations[id - 1].email;
    std::string phone = persons_ ? world_.persons[id - 1].phone : world_.relations[id - 1].phone;
    if (persons_ && phone.empty()) phone = world_.persons[id - 1].mobile;
    if (spec_.channel == Channel::kEmail && email.find('@') != std::string::npos) member.address = email;
    if (spec_.channel == Channel::kPhone) member.address = phone;
    if (spec_.channel == Channel::kLetter) member.address = lines;

    if (spec_.one_per == OnePer::kHousehold) member.unit = household;
    if (spec_.one_per == OnePer::kRelation) member.unit = home == 0 ? "" : StrCat(home);
    if (spec_.one_per == OnePer::kPerson && spec_.channel == Channel::kEmail)
      member.unit = Normal(member.address);
    if (spec_.one_per == OnePer::kPerson && spec_.channel == Channel::kPhone) {
      for (const char c : phone) member.unit += '0' <= c && c <= '9' ? std::string(1, c) : "";
    }

    std::vector<const Consent*> deciding = ConsentsOf(persons_, id);
    Happened objection = Objection(persons_, id);
    for (const RecordId relation : relations) {
      if (deciding.empty()) deciding = ConsentsOf(false, relation);
    }
    const Happened consent = InForce(deciding);
    const Happened withdrawn = Withdrawn(deciding);
    if (objection.record.id == 0) objection = ObjectionOfRelations(id);
    member.consent = consent.record.id;
    const auto leave_out = [&](Reason reason, const RecordRef& evidence) {
      member.out = LeftOut{id, reason, evidence};
    };
    if (member.address.empty()) {
      leave_out(Reason::kUnreachable, {});
    } else if (consent.record.id == 0 && withdrawn.record.id != 0) {
      leave_out(Reason::kWithdrawn, withdrawn.record);
    } else if (objection.record.id != 0) {
      leave_out(Reason::kObjected, objection.record);
    } else if (consent.record.id == 0 && spec_.rule == ConsentRule::kOptIn) {
      leave_out(Reason::kNoConsent, {});
    }
    return member;
  }

  // The first that the person's own consent did not take back.
  Happened ObjectionOfRelations(RecordId id) const {
    const Timestamp given = InForce(ConsentsOf(persons_, id)).at;
    for (const RecordId relation : RelationsOf(id)) {
      const Happened objection = Objection(false, relation);
      if (objection.record.id != 0 && given <= objection.at) return objection;
    }
    return {};
  }

  void Post(const Relation& relation, std::string* lines, std::string* household) const {
    for (const Address* at : {&relation.postal, &relation.visiting}) {
      const bool coded = !at->postcode.empty() && !at->house_number.empty();
      if (at->street.empty() && !coded) continue;
      const auto both = [](const std::string& a, const std::string& b) {
        return a.empty() || b.empty() ? a + b : a + " " + b;
      };
      for (const std::string& line :
           {both(at->street, at->house_number), both(at->postcode, at->city), at->region, at->country}) {
        if (!line.empty()) *lines += (lines->empty() ? "" : ", ") + line;
      }
      *household = coded ? Normal(at->postcode) + "|" + Normal(at->house_number)
                         : Normal(at->street) + "|" + Normal(at->house_number) + "|" + Normal(at->city);
      return;
    }
  }

  // Why one that may be written to is not, for the sake of those who count as the same.
  std::optional<LeftOut> OutBesides(const Member& member, const std::vector<Member>& members) const {
    std::vector<const Member*> same;
    for (const Member& other : members) {
      if (other.id == member.id || (!member.unit.empty() && other.unit == member.unit))
        same.push_back(&other);
    }
    if (spec_.limit) {
      const Timestamp since{At("2026-06-29T22:00:00Z").micros - (spec_.limit->days - 1) * 24 * kHour};
      Happened last;
      size_t sent = 0;
      for (const CampaignTouch& touch : world_.touches) {
        const bool theirs = std::any_of(same.begin(), same.end(), [&](const Member* one) {
          const std::vector<RecordId> relations = RelationsOf(one->id);
          return IsTouched(touch, persons_, one->id) ||
                 (spec_.one_per == OnePer::kRelation && !relations.empty() &&
                  IsTouched(touch, false, relations.front()));
        });
        if (!theirs || touch.event != TouchEvent::kSent || touch.at > kNow || touch.at < since) continue;
        ++sent;
        Latest(&last, {{types_.touch, touch.id.value}, touch.at});
      }
      if (sent >= spec_.limit->at_most) return LeftOut{member.id, Reason::kTooOften, last.record};
    }
    for (const Member* other : same) {
      if (other->out) continue;
      if (other->id == member.id) break;
      return LeftOut{member.id, Reason::kSecond, {types_.asked, other->id}};
    }
    return std::nullopt;
  }

  const World& world_;
  const Types types_;
  const bool persons_;
  const AudienceSpec& spec_;
};

class AudienceTwinTest : public AudienceStoreTest {
 protected:
  uint32_t Pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  template <class T>
  T OneOf(std::vector<T> choices) {
    return choices[Pick(static_cast<uint32_t>(choices.size()))];
  }
  // From ten weeks ago to four days from now; each once, so that the latest of several is one.
  Timestamp Moment() {
    while (true) {
      Timestamp at{kNow.micros - 70 * 24 * kHour + int64_t{Pick(74 * 24 * 60)} * kHour / 60};
      if (Pick(8) == 0) at.micros = At("2026-06-29T22:00:00Z").micros - Pick(40) * 24 * kHour - Pick(2);
      if (Pick(20) == 0) at = Timestamp{kNow.micros + Pick(2)};
      if (moments_.insert(at.micros).second) return at;
    }
  }
  std::optional<Channel> AnyChannel() {
    if (Pick(3) == 0) return std::nullopt;
    return OneOf<Channel>({Channel::kEmail, Channel::kPhone, Channel::kLetter});
  }
  std::string Purpose() { return OneOf<std::string>({"newsletter", "newsletter", "invitations"}); }
  Address Place() {
    return OneOf<Address>({{},
                           {"Kerkstraat", "5 A", "3511 AB", "Utrecht", "", ""},
                           {"Kerkstr.", "5a", "3511ab", "UTRECHT", "Utrecht", "NL"},
                           {"Dam", "1", "", "Amsterdam", "", ""},
                           {"dam", "1", "", "Am sterdam", "", "NL"},
                           {"", "7", "1000 AA", "", "", ""},
                           {"", "", "1000 AA", "Goes", "", ""}});
  }
  std::string Email() {
    return OneOf<std::string>(
        {"anna@x.nl", "Anna@X.nl", "bert@x.nl", StrCat("p", Pick(50), "@x.nl"), "none", ""});
  }
  std::string Phone() {
    return OneOf<std::string>({"06-123", "06 12 3", "020 9", StrCat("010 ", Pick(50)), ""});
  }
  AnyRef<Person, Relation> Party() {
    if (Pick(2) == 0) return Id<Relation>(Pick(static_cast<uint32_t>(world_.relations.size())) + 1);
    return Id<Person>(Pick(static_cast<uint32_t>(world_.persons.size())) + 1);
  }

  template <class T>
  void Keep(T entity, std::vector<T>* all) {
    entity.id = Add(entity);
    ASSERT_EQ(entity.id.value, all->size() + 1);
    all->push_back(std::move(entity));
  }

  void Grow() {
    if (Pick(3) == 0 || world_.relations.empty()) {
      Keep(Relation{.name = "R",
                    .visiting = Place(),
                    .postal = Pick(3) == 0 ? Place() : Address(),
                    .phone = Phone(),
                    .email = Email()},
           &world_.relations);
    }
    Person person{.first_name = "P", .phone = Phone(), .mobile = Phone(), .email = Email()};
    for (uint32_t n = Pick(4); n > 0; --n) {
      person.relations.insert(Id<Relation>(Pick(static_cast<uint32_t>(world_.relations.size())) + 1));
    }
    if (Pick(6) == 0)
      person.left_on = Date::FromCivil(2026, Pick(2) == 0 ? 6 : 7, Pick(2) == 0 ? 30 : 1).value();
    Keep(std::move(person), &world_.persons);
    if (Pick(4) == 0 || world_.campaigns.empty()) {
      Keep(Campaign{.name = "C", .channel = AnyChannel(), .purpose = Purpose()}, &world_.campaigns);
    }
    for (uint32_t n = Pick(3); n > 0; --n) {
      Consent consent{.party = Party(), .purpose = Purpose(), .channel = AnyChannel(), .given_at = Moment()};
      if (Pick(3) == 0) consent.withdrawn_at = Moment();
      if (consent.withdrawn_at && *consent.withdrawn_at < consent.given_at) {
        std::swap(*consent.withdrawn_at, consent.given_at);
      }
      Keep(std::move(consent), &world_.consents);
    }
    if (Pick(3) == 0) {
      Keep(Preference{.party = Party(),
                      .topic = Pick(5) == 0 ? "colour" : std::string(kObjectionTopic),
                      .value = OneOf<std::string>({"newsletter", "email", "newsletter/email",
                                                   "invitations/phone", "all", "letter", "sms"}),
                      .set_at = Moment()},
           &world_.preferences);
    }
    for (uint32_t n = Pick(3); n > 0; --n) {
      CampaignTouch touch{.campaign = Id<Campaign>(Pick(static_cast<uint32_t>(world_.campaigns.size())) + 1),
                          .event = OneOf<TouchEvent>({TouchEvent::kSent, TouchEvent::kSent,
                                                      TouchEvent::kOpened, TouchEvent::kUnsubscribed}),
                          .at = Moment()};
      const AnyRef<Person, Relation> party = Party();
      touch.person = party.As<Person>();
      touch.relation = party.As<Relation>();
      if (touch.person && Pick(2) == 0) touch.relation = Id<Relation>(1);
      Keep(std::move(touch), &world_.touches);
    }
  }

  AudienceSpec Spec() {
    AudienceSpec spec{.purpose = Purpose(),
                      .channel = OneOf<Channel>({Channel::kEmail, Channel::kPhone, Channel::kLetter}),
                      .rule = Pick(2) == 0 ? ConsentRule::kOptIn : ConsentRule::kOptOut,
                      .one_per = OneOf<OnePer>({OnePer::kPerson, OnePer::kHousehold, OnePer::kRelation})};
    if (Pick(2) == 0)
      spec.limit = FrequencyLimit{.at_most = Pick(3), .days = static_cast<int32_t>(Pick(40)) + 1};
    return spec;
  }

  std::mt19937 random_{20'260'630};
  World world_;
  std::set<int64_t> moments_;
};

std::string Told(const Audience& audience) {
  std::string told;
  for (const Recipient& one : audience.recipients) {
    StrAppend(&told, one.id, " <", one.address, "> by ", one.consent, "\n");
  }
  for (const LeftOut& one : audience.left_out) {
    StrAppend(&told, one.id, " ", ReasonText(one.reason), " ", one.evidence.type, ":", one.evidence.id, "\n");
  }
  return told;
}

TEST_F(AudienceTwinTest, SaysWhatANaiveReadingSays) {
  const int rounds = store::test::FullRun() ? 300 : 60;
  std::array<uint64_t, kReasonCount> reasons{};
  uint64_t recipients = 0;
  for (int round = 0; round < rounds; ++round) {
    Grow();
    const store::Snapshot now = store_->Read().value();
    const auto type = [&](std::string_view name) { return now.schema().Find(name)->type->id; };
    for (int ask = 0; ask < 20; ++ask) {
      const bool persons = Pick(4) != 0;
      const std::string_view entity = persons ? "person" : "relation";
      const AudienceSpec spec = Spec();
      std::vector<RecordId> ids;
      const size_t most =
          (persons ? world_.persons.size() : world_.relations.size()) + 1;  // one is not there
      for (RecordId id = 1; id <= most; ++id) {
        if (Pick(5) != 0) ids.push_back(id);
      }
      const StatusOr<Audience> audience = AudienceOf(now, entity, ids, spec);
      ASSERT_TRUE(audience.ok()) << audience.status();
      const Types types{type("consent"), type("preference"), type("campaign_touch"), type(entity)};
      const Audience expected = Naive(world_, types, persons, spec).Of(ids);
      ASSERT_EQ(Told(*audience), Told(expected)) << "round " << round << ", question " << ask;
      EXPECT_EQ(audience->counts, expected.counts);
      EXPECT_EQ(audience->entity, entity);
      for (size_t i = 0; i < kReasonCount; ++i) reasons[i] += expected.counts[i];
      recipients += expected.recipients.size();
    }
  }
  EXPECT_GT(recipients, 100U);
  for (size_t i = 0; i < kReasonCount; ++i) {
    EXPECT_GT(reasons[i], 50U) << ReasonText(static_cast<Reason>(i));
  }
}

}  // namespace
}  // namespace relata::audience
