// Reads consents, preferences and touches through the indexes on their references.
#include "src/audience/standing.h"

#include "relata/base/strings.h"
#include "relata/crm/marketing.h"
#include "src/answers/slots.h"

namespace relata::audience {
namespace {

void KeepLatest(Mark* mark, const Mark& other) {
  if (!*mark || other.at > mark->at) *mark = other;
}

}  // namespace

StatusOr<Standings> Standings::Make(const store::Reader& reader, const AudienceSpec& spec) {
  Standings made(reader);
  Slots& slots = made.slots_;
  const auto find = [&](std::string_view entity, const store::TypeRuntime** type,
                        std::initializer_list<std::pair<std::string_view, FieldId*>> fields) -> Status {
    RELATA_ASSIGN_OR_RETURN(const answers::Slots found, answers::Slots::Of(reader, entity));
    *type = &found.type();
    for (const auto& [name, slot] : fields) {
      RELATA_ASSIGN_OR_RETURN(*slot, found[name]);
    }
    return absl::OkStatus();
  };
  RELATA_RETURN_IF_ERROR(find("consent", &made.consents_,
                              {{"party", &slots.party},
                               {"purpose", &slots.purpose},
                               {"channel", &slots.channel},
                               {"given_at", &slots.given_at},
                               {"withdrawn_at", &slots.withdrawn_at}}));
  RELATA_RETURN_IF_ERROR(find("preference", &made.preferences_,
                              {{"party", &slots.holder},
                               {"topic", &slots.topic},
                               {"value", &slots.value},
                               {"set_at", &slots.set_at}}));
  RELATA_RETURN_IF_ERROR(find("campaign_touch", &made.touches_,
                              {{"campaign", &slots.campaign},
                               {"relation", &slots.relation},
                               {"person", &slots.person},
                               {"event", &slots.event},
                               {"at", &slots.at}}));
  RELATA_RETURN_IF_ERROR(find("campaign", &made.campaigns_,
                              {{"purpose", &slots.campaign_purpose}, {"channel", &slots.campaign_channel}}));
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* person, reader.schema().Get("person"));
  made.person_ = person->type->id;
  made.purpose_ = spec.purpose;
  made.channel_ = static_cast<uint64_t>(spec.channel);
  const Field& channel = made.consents_->type->fields[slots.channel];
  for (const Label& label : channel.labels) {
    if (label.code == made.channel_) made.channel_label_ = label.name;
  }
  return made;
}

StatusOr<Standing> Standings::Of(RecordRef party) {
  Standing standing;
  RELATA_RETURN_IF_ERROR(AddConsents(party, &standing));
  RELATA_RETURN_IF_ERROR(AddPreferences(party, &standing));
  RELATA_RETURN_IF_ERROR(VisitTouches(party, [&](RecordId id, const RowView& row, Timestamp at) -> Status {
    if (row.Get(slots_.event).bits != static_cast<uint64_t>(crm::TouchEvent::kUnsubscribed)) {
      return absl::OkStatus();
    }
    RELATA_ASSIGN_OR_RETURN(const bool of_purpose, IsOfPurpose(row.Get(slots_.campaign).bits));
    if (of_purpose) KeepLatest(&standing.objection, {{touches_->type->id, id}, at});
    return absl::OkStatus();
  }));
  // What was agreed to later takes an objection back.
  if (standing.objection && standing.consent && standing.consent.at > standing.objection.at) {
    standing.objection = {};
  }
  return standing;
}

Status Standings::AddConsents(RecordRef party, Standing* standing) {
  const Field& reference = consents_->type->fields[slots_.party];
  RELATA_RETURN_IF_ERROR(reader_.FindReferrers(*consents_, reference, party, &ids_));
  for (const RecordId id : ids_) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader_.Get(*consents_, id));
    const Cell channel = row.Get(slots_.channel);
    if (row.Get(slots_.purpose).bytes != purpose_) continue;
    if (channel.present && channel.bits != channel_) continue;
    const Timestamp given{row.Get(slots_.given_at).AsInt()};
    if (given > reader_.now()) continue;
    const Cell withdrawn = row.Get(slots_.withdrawn_at);
    const RecordRef record{consents_->type->id, id};
    if (withdrawn.present && withdrawn.AsInt() <= reader_.now().micros) {
      KeepLatest(&standing->withdrawn, {record, Timestamp{withdrawn.AsInt()}});
    } else {
      KeepLatest(&standing->consent, {record, given});
    }
  }
  return absl::OkStatus();
}

Status Standings::AddPreferences(RecordRef party, Standing* standing) {
  const Field& reference = preferences_->type->fields[slots_.holder];
  RELATA_RETURN_IF_ERROR(reader_.FindReferrers(*preferences_, reference, party, &ids_));
  for (const RecordId id : ids_) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader_.Get(*preferences_, id));
    if (row.Get(slots_.topic).bytes != kObjectionTopic) continue;
    const std::string_view value = row.Get(slots_.value).bytes;
    const Timestamp set{row.Get(slots_.set_at).AsInt()};
    const bool meant = value == "all" || value == purpose_ || value == channel_label_ ||
                       value == StrCat(purpose_, "/", channel_label_);
    if (meant && set <= reader_.now()) {
      KeepLatest(&standing->objection, {{preferences_->type->id, id}, set});
    }
  }
  return absl::OkStatus();
}

template <class Visit>
Status Standings::VisitTouches(RecordRef party, Visit visit) {
  const FieldId slot = party.type == person_ ? slots_.person : slots_.relation;
  RELATA_RETURN_IF_ERROR(reader_.FindReferrers(*touches_, touches_->type->fields[slot], party, &ids_));
  for (const RecordId id : ids_) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, reader_.Get(*touches_, id));
    const Timestamp at{row.Get(slots_.at).AsInt()};
    if (at <= reader_.now()) RELATA_RETURN_IF_ERROR(visit(id, row, at));
  }
  return absl::OkStatus();
}

Status Standings::SentTo(RecordRef party, Timestamp from, std::vector<Mark>* sent) {
  return VisitTouches(party, [&](RecordId id, const RowView& row, Timestamp at) -> Status {
    const bool is_sent = row.Get(slots_.event).bits == static_cast<uint64_t>(crm::TouchEvent::kSent);
    if (is_sent && at >= from) sent->push_back({{touches_->type->id, id}, at});
    return absl::OkStatus();
  });
}

StatusOr<bool> Standings::IsOfPurpose(RecordId campaign) {
  const auto known = campaigns_of_purpose_.find(campaign);
  if (known != campaigns_of_purpose_.end()) return known->second;
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader_.Get(*campaigns_, campaign));
  const Cell channel = row.Get(slots_.campaign_channel);
  const bool of_purpose =
      row.Get(slots_.campaign_purpose).bytes == purpose_ && (!channel.present || channel.bits == channel_);
  campaigns_of_purpose_.emplace(campaign, of_purpose);
  return of_purpose;
}

}  // namespace relata::audience
