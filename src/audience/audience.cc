// Asks each member what keeps it out, and then, of those who count as one, takes the first.
#include "relata/audience/audience.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "src/audience/parties.h"
#include "src/audience/standing.h"
#include "src/store/membership.h"

namespace relata::audience {
namespace {

struct Words {
  std::string_view text;
  std::string_view code;
};
constexpr Words kReasons[kReasonCount] = {{"gone", "gone"},
                                          {"no address", "unreachable"},
                                          {"consent withdrawn", "withdrawn"},
                                          {"objected", "objected"},
                                          {"no consent", "no_consent"},
                                          {"written to too often", "too_often"},
                                          {"another is written to", "second"}};

class Composer {
 public:
  static StatusOr<Composer> Make(const store::Reader& reader, EntityTypeId type, const AudienceSpec& spec) {
    RELATA_ASSIGN_OR_RETURN(Standings standings, Standings::Make(reader, spec));
    RELATA_ASSIGN_OR_RETURN(Parties parties, Parties::Make(reader, spec));
    Composer made(reader, type, spec, std::move(standings), std::move(parties));
    if (spec.limit) {
      RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                              TimeZone::Load(reader.schema().catalogue().settings().time_zone));
      // Today is the last of the days.
      RELATA_ASSIGN_OR_RETURN(const Date first, zone.LocalDate(reader.now()).AddDays(1 - spec.limit->days));
      made.since_ = zone.StartOfDay(first);
    }
    return made;
  }

  StatusOr<Audience> Compose(std::span<const RecordId> ids) {
    for (const RecordId id : ids) RELATA_RETURN_IF_ERROR(Ask(id));
    RELATA_RETURN_IF_ERROR(ChooseOnes());
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::sort(audience_.recipients.begin(), audience_.recipients.end(), by_id);
    std::sort(audience_.left_out.begin(), audience_.left_out.end(), by_id);
    for (const LeftOut& one : audience_.left_out) ++audience_.counts[static_cast<size_t>(one.reason)];
    audience_.entity = reader_.schema().Find(type_)->type->name;
    return std::move(audience_);
  }

 private:
  // Those who count as one.
  struct Unit {
    std::vector<RecordRef> parties;  // whose messages count: members, and the relation of a unit per relation
    std::vector<Recipient> candidates;  // in the order of ids
  };

  Composer(const store::Reader& reader, EntityTypeId type, const AudienceSpec& spec, Standings standings,
           Parties parties)
      : reader_(reader),
        type_(type),
        spec_(spec),
        standings_(std::move(standings)),
        parties_(std::move(parties)) {}

  void LeaveOut(RecordId id, Reason reason, RecordRef evidence = {}) {
    audience_.left_out.push_back({id, reason, evidence});
  }

  bool NeedsAddress() const {
    return spec_.channel == crm::Channel::kEmail || spec_.channel == crm::Channel::kPhone ||
           spec_.channel == crm::Channel::kLetter;
  }

  Status Ask(RecordId id) {
    Party party;
    bool found = false;
    RELATA_RETURN_IF_ERROR(parties_.Find({type_, id}, &party, &found));
    if (!found || party.gone) {
      LeaveOut(id, Reason::kGone);
      return absl::OkStatus();
    }
    Unit& unit = units_[party.unit];
    unit.parties.push_back(party.record);
    if (spec_.one_per == OnePer::kRelation && type_ == parties_.person() && !party.relations.empty()) {
      unit.parties.push_back({parties_.relation(), party.relations.front()});
    }
    if (NeedsAddress() && party.address.empty()) {
      LeaveOut(id, Reason::kUnreachable);
      return absl::OkStatus();
    }
    RELATA_ASSIGN_OR_RETURN(const Standing standing, StandingOf(party));
    if (!standing.consent && standing.withdrawn) {
      LeaveOut(id, Reason::kWithdrawn, standing.withdrawn.record);
    } else if (standing.objection) {
      LeaveOut(id, Reason::kObjected, standing.objection.record);
    } else if (!standing.consent && spec_.rule == ConsentRule::kOptIn) {
      LeaveOut(id, Reason::kNoConsent);
    } else {
      unit.candidates.push_back({id, std::move(party.address), standing.consent.record.id});
    }
    return absl::OkStatus();
  }

  StatusOr<Standing> StandingOf(const Party& party) {
    RELATA_ASSIGN_OR_RETURN(Standing own, standings_.Of(party.record));
    const Mark given = own.consent;  // by the person
    for (const RecordId relation : party.relations) {
      RELATA_ASSIGN_OR_RETURN(const Standing theirs, OfRelation(relation));
      if (!own.has_consents() && theirs.has_consents()) {
        own.consent = theirs.consent;
        own.withdrawn = theirs.withdrawn;
      }
      const bool taken_back = given && given.at > theirs.objection.at;
      if (theirs.objection && !own.objection && !taken_back) own.objection = theirs.objection;
    }
    return own;
  }

  // Many persons share one.
  StatusOr<Standing> OfRelation(RecordId id) {
    const auto known = relations_.find(id);
    if (known != relations_.end()) return known->second;
    RELATA_ASSIGN_OR_RETURN(const Standing standing, standings_.Of({parties_.relation(), id}));
    relations_.emplace(id, standing);
    return standing;
  }

  Status ChooseOnes() {
    for (auto& [name, unit] : units_) {
      if (unit.candidates.empty()) continue;
      Mark last;
      RELATA_ASSIGN_OR_RETURN(const bool often, IsWrittenToOften(unit, &last));
      const RecordId first = unit.candidates.front().id;
      for (Recipient& candidate : unit.candidates) {
        if (often) {
          LeaveOut(candidate.id, Reason::kTooOften, last.record);
        } else if (candidate.id != first) {
          LeaveOut(candidate.id, Reason::kSecond, {type_, first});
        } else {
          audience_.recipients.push_back(std::move(candidate));
        }
      }
    }
    return absl::OkStatus();
  }

  StatusOr<bool> IsWrittenToOften(const Unit& unit, Mark* last) {
    if (!spec_.limit) return false;
    std::vector<Mark> sent;
    for (const RecordRef& party : unit.parties) {
      RELATA_RETURN_IF_ERROR(standings_.SentTo(party, since_, &sent));
    }
    absl::flat_hash_set<RecordId> messages;  // one may name both the person and the relation
    for (const Mark& mark : sent) {
      messages.insert(mark.record.id);
      if (!*last || mark.at > last->at) *last = mark;
    }
    return messages.size() >= spec_.limit->at_most;
  }

  const store::Reader& reader_;
  const EntityTypeId type_;
  const AudienceSpec& spec_;
  Standings standings_;
  Parties parties_;
  Timestamp since_;
  std::map<std::string, Unit> units_;
  absl::flat_hash_map<RecordId, Standing> relations_;
  Audience audience_;
};

}  // namespace

std::string_view ReasonText(Reason reason) { return kReasons[static_cast<size_t>(reason)].text; }
std::string_view ReasonCode(Reason reason) { return kReasons[static_cast<size_t>(reason)].code; }

StatusOr<Audience> AudienceOf(const store::Reader& reader, std::string_view entity,
                              std::span<const RecordId> ids, const AudienceSpec& spec) {
  if (entity != "person" && entity != "relation") {
    return absl::InvalidArgumentError(
        StrCat("an audience is of persons or relations; found records of ", Quoted(entity)));
  }
  if (spec.purpose.empty()) {
    return absl::InvalidArgumentError("an audience is for a purpose, such as 'newsletter'; none was given");
  }
  if (spec.limit && (spec.limit->days < 1 || spec.limit->days > 36'500)) {
    return absl::InvalidArgumentError(
        StrCat("a frequency limit looks back 1 to 36500 days; found ", spec.limit->days));
  }
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(entity));
  RELATA_ASSIGN_OR_RETURN(Composer composer, Composer::Make(reader, type->type->id, spec));
  return composer.Compose(ids);
}

StatusOr<Audience> AudienceOf(const store::Reader& reader, std::string_view segment,
                              const AudienceSpec& spec) {
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                          reader.schema().catalogue().GetSegment(segment));
  if (reader.membership() == nullptr) {
    return absl::FailedPreconditionError(
        "this reader knows of no members of segments; open the store as a Database");
  }
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const store::MemberIds> members,
                          reader.membership()->All(definition->id));
  std::vector<RecordId> ids;
  ids.reserve(members->size());
  members->ForEach([&](RecordId id) { ids.push_back(id); });
  const std::string& entity = reader.schema().catalogue().Find(definition->entity)->name;
  StatusOr<Audience> audience = AudienceOf(reader, entity, ids, spec);
  if (!audience.ok()) return Annotate(audience.status(), StrCat("the segment ", Quoted(segment)));
  return audience;
}

}  // namespace relata::audience
