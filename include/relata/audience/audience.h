// Defines Audience, a segment made mailable: who of it may be written to for a purpose by a channel, one per
// person, household or relation, and of everyone else why not.
//
//   AudienceSpec spec{.purpose = "newsletter", .channel = crm::Channel::kEmail};
//   StatusOr<Audience> audience = AudienceOf(reader, "quiet top customers", spec);
//   for (const Recipient& r : audience->recipients) Send(r.address);
//
// Who may be written to:
// - Consent counts as consent('purpose', 'channel') does: given and not withdrawn, for that channel or for
//   all. A person's own consents decide; for a person who has neither given nor withdrawn any, those of the
//   first relation that has. By kOptOut nobody needs one, yet whoever withdrew one is left out.
// - An objection is a preference with the topic "objection" whose value is the purpose, the channel's label,
//   both as "purpose/channel", or "all"; or an unsubscription from a campaign of this purpose, by this
//   channel or by none in particular. It holds against a person too where one of the person's relations made
//   it. A consent given after it, by the same party or by the person, takes it back.
// - Everyone needs an address for the channel where that has one: email, phone and letter.
//
// Thread safety: functions of their arguments, on the reader's thread. Audience is a plain value.
#ifndef RELATA_AUDIENCE_AUDIENCE_H_
#define RELATA_AUDIENCE_AUDIENCE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/crm/contact.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata {

namespace store {
class Reader;
}

namespace audience {

inline constexpr std::string_view kObjectionTopic = "objection";

enum class ConsentRule : uint8_t {
  kOptIn,   // a consent, or another legal basis, is needed
  kOptOut,  // it is enough that nobody objected
};

// Who counts as one, and gets one message. Of several who may be written to, the one with the lowest id does.
enum class OnePer : uint8_t {
  kPerson,     // records with the same address for the channel are one person
  kHousehold,  // those at one postal address; a person lives where the first of the person's relations is
  kRelation,   // people of one relation: the first of theirs
};

// At most so many messages of any campaign to one of these in so many days, today included.
struct FrequencyLimit {
  uint32_t at_most = 1;
  int32_t days = 30;
};

struct AudienceSpec {
  std::string purpose;  // as Consent::purpose has it
  crm::Channel channel = crm::Channel::kEmail;
  ConsentRule rule = ConsentRule::kOptIn;
  OnePer one_per = OnePer::kPerson;
  std::optional<FrequencyLimit> limit = std::nullopt;
};

// Why one is left out: the first of these that holds.
enum class Reason : uint8_t {
  kGone,         // left, or is no longer there
  kUnreachable,  // no address for the channel
  kWithdrawn,    // consent was withdrawn
  kObjected,
  kNoConsent,
  kTooOften,  // was written to as often as the limit allows
  kSecond,    // another is written to, who counts as the same one
};
inline constexpr size_t kReasonCount = 7;
// "no consent": for people. "no_consent": for programs.
RELATA_EXPORT std::string_view ReasonText(Reason reason);
RELATA_EXPORT std::string_view ReasonCode(Reason reason);

struct Recipient {
  RecordId id = 0;
  std::string address;   // of the channel; of a letter the lines, with a comma between
  RecordId consent = 0;  // that allows it; 0: none was needed
  friend bool operator==(const Recipient&, const Recipient&) = default;
};

struct LeftOut {
  RecordId id = 0;
  Reason reason = Reason::kNoConsent;
  // What shows it: the consent that was withdrawn, the objection, the last message sent, the recipient in
  // whose place this one would be. Type 0: nothing does.
  RecordRef evidence;
  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct Audience {
  std::string entity;                           // "person" or "relation"
  std::vector<Recipient> recipients;            // by id
  std::vector<LeftOut> left_out;                // by id
  std::array<uint64_t, kReasonCount> counts{};  // of them, by reason
};

// Of the members of a segment. NotFound if there is none of this name; InvalidArgument for a segment of
// anything but persons and relations, and for a purpose that is empty.
// O(members * (log n + consents, preferences and touches of one)).
RELATA_EXPORT StatusOr<Audience> AudienceOf(const store::Reader& reader, std::string_view segment,
                                            const AudienceSpec& spec);

// Of any persons or relations, as a query found them. REQUIRES: ids ascending, each once.
RELATA_EXPORT StatusOr<Audience> AudienceOf(const store::Reader& reader, std::string_view entity,
                                            std::span<const RecordId> ids, const AudienceSpec& spec);

}  // namespace audience
}  // namespace relata

#endif  // RELATA_AUDIENCE_AUDIENCE_H_
