// Defines Standings, which finds what a party allows and objects to, for one purpose and channel.
//
// Thread safety: one thread, as the reader. Lifetime: within the reader's. Cost: O(log n + what is attached)
// per party.
#ifndef RELATA_AUDIENCE_STANDING_H_
#define RELATA_AUDIENCE_STANDING_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/audience/audience.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "src/store/reader.h"

namespace relata::audience {

// Something that happened, and the record that says so; id 0: it did not.
struct Mark {
  RecordRef record;
  Timestamp at;
  explicit operator bool() const { return record.id != 0; }
};

// Of each kind the latest.
struct Standing {
  Mark consent;    // given, and in force now
  Mark withdrawn;  // given, and no longer
  Mark objection;

  bool has_consents() const { return consent || withdrawn; }
};

class Standings {
 public:
  static StatusOr<Standings> Make(const store::Reader& reader, const AudienceSpec& spec);

  // Of one party's own.
  StatusOr<Standing> Of(RecordRef party);
  // Messages sent to it since `from`: appended, as (touch, when).
  Status SentTo(RecordRef party, Timestamp from, std::vector<Mark>* sent);

 private:
  struct Slots {
    FieldId party, purpose, channel, given_at, withdrawn_at;  // consent
    FieldId topic, value, set_at, holder;                     // preference
    FieldId campaign, relation, person, event, at;            // campaign_touch
    FieldId campaign_purpose, campaign_channel;
  };

  explicit Standings(const store::Reader& reader) : reader_(reader) {}

  Status AddConsents(RecordRef party, Standing* standing);
  Status AddPreferences(RecordRef party, Standing* standing);
  // Calls `visit` with each touch of the party that is no later than now.
  template <class Visit>
  Status VisitTouches(RecordRef party, Visit visit);
  // Whether the campaign is for this purpose, by this channel or none in particular.
  StatusOr<bool> IsOfPurpose(RecordId campaign);

  const store::Reader& reader_;
  const store::TypeRuntime* consents_ = nullptr;
  const store::TypeRuntime* preferences_ = nullptr;
  const store::TypeRuntime* touches_ = nullptr;
  const store::TypeRuntime* campaigns_ = nullptr;
  EntityTypeId person_ = 0;
  Slots slots_{};
  std::string purpose_;
  uint64_t channel_ = 0;
  std::string channel_label_;
  absl::flat_hash_map<RecordId, bool> campaigns_of_purpose_;
  std::vector<RecordId> ids_;
};

}  // namespace relata::audience

#endif  // RELATA_AUDIENCE_STANDING_H_
