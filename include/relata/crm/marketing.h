// Defines Campaign and CampaignTouch, what we send to whom and what came of it, and Consent and Preference,
// what people allow and like.
//
// Thread safety: plain values. An enumerator's number is part of stored rows: append, never renumber.
#ifndef RELATA_CRM_MARKETING_H_
#define RELATA_CRM_MARKETING_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "relata/base/money.h"
#include "relata/base/time.h"
#include "relata/crm/contact.h"
#include "relata/crm/entity.h"
#include "relata/crm/fwd.h"
#include "relata/schema/ids.h"

namespace relata::crm {

enum class CampaignKind : uint8_t {
  kNewsletter,  // nieuwsbrief
  kMailing,     // by post or email
  kEvent,       // bijeenkomst, beurs
  kTelemarketing,
  kAdvertising,
  kOther,
};
BOOST_DESCRIBE_ENUM(CampaignKind, kNewsletter, kMailing, kEvent, kTelemarketing, kAdvertising, kOther)

struct Campaign {
  Id<Campaign> id;
  Timestamp created_at;
  Timestamp updated_at;
  std::string name;
  CampaignKind kind = CampaignKind::kNewsletter;
  std::optional<Channel> channel;
  std::string subject;
  std::string purpose;            // for which consent is needed, as in Consent::purpose
  std::optional<Date> starts_on;  // when it is sent, or the event begins
  std::optional<Date> ends_on;    // its last day
  std::optional<Money> budget;
  std::optional<Money> cost;
  Currency currency;  // of budget and cost
  std::optional<Id<User>> owner;
  std::optional<Id<Product>> product;
  std::string notes;
};
BOOST_DESCRIBE_STRUCT(Campaign, (),
                      (id, created_at, updated_at, name, kind, channel, subject, purpose, starts_on, ends_on,
                       budget, cost, currency, owner, product, notes))
RELATA_CRM_ENTITY(Campaign, "campaign");

enum class TouchEvent : uint8_t {
  kSent,
  kOpened,
  kClicked,
  kRegistered,  // aangemeld
  kAttended,    // aanwezig
  kBounced,
  kUnsubscribed,
};
BOOST_DESCRIBE_ENUM(TouchEvent, kSent, kOpened, kClicked, kRegistered, kAttended, kBounced, kUnsubscribed)

// One event between a campaign and one it reached. Deleted with either.
struct CampaignTouch {
  Id<CampaignTouch> id;
  Timestamp created_at;
  Timestamp updated_at;
  Id<Campaign> campaign;
  std::optional<Id<Relation>> relation;
  std::optional<Id<Person>> person;
  TouchEvent event = TouchEvent::kSent;
  Timestamp at;
  std::string detail;  // the link clicked, the reason of a bounce
};
BOOST_DESCRIBE_STRUCT(CampaignTouch, (),
                      (id, created_at, updated_at, campaign, relation, person, event, at, detail))
RELATA_CRM_ENTITY(CampaignTouch, "campaign_touch");

// Why personal data may be used: article 6, paragraph 1, (a) to (f), of the General Data Protection
// Regulation (Regulation (EU) 2016/679).
enum class LegalBasis : uint8_t {
  kConsent,              // (a) toestemming
  kContract,             // (b) uitvoering van een overeenkomst
  kLegalObligation,      // (c) wettelijke verplichting
  kVitalInterests,       // (d) vitale belangen
  kPublicTask,           // (e) algemeen belang of openbaar gezag
  kLegitimateInterests,  // (f) gerechtvaardigd belang
};
BOOST_DESCRIBE_ENUM(LegalBasis, kConsent, kContract, kLegalObligation, kVitalInterests, kPublicTask,
                    kLegitimateInterests)

// Toestemming, or another basis, to use a party's data for one purpose by one channel.
struct Consent {
  Id<Consent> id;
  Timestamp created_at;
  Timestamp updated_at;
  AnyRef<Person, Relation> party;
  std::string purpose;             // doel, in the company's own terms: "newsletter"
  std::optional<Channel> channel;  // none: all
  LegalBasis legal_basis = LegalBasis::kConsent;
  Timestamp given_at;
  std::optional<Timestamp> withdrawn_at;  // from then on it holds no longer
  std::string evidence;                   // bewijs: where and how it was given
  std::string wording;                    // the text that was agreed to
};
BOOST_DESCRIBE_STRUCT(Consent, (),
                      (id, created_at, updated_at, party, purpose, channel, legal_basis, given_at,
                       withdrawn_at, evidence, wording))
RELATA_CRM_ENTITY(Consent, "consent");

// Voorkeur: what a party likes, as far as it told us.
struct Preference {
  Id<Preference> id;
  Timestamp created_at;
  Timestamp updated_at;
  AnyRef<Person, Relation> party;
  std::string topic;  // "channel", "newsletter topic"
  std::string value;
  Timestamp set_at;
};
BOOST_DESCRIBE_STRUCT(Preference, (), (id, created_at, updated_at, party, topic, value, set_at))
RELATA_CRM_ENTITY(Preference, "preference");

}  // namespace relata::crm

#endif  // RELATA_CRM_MARKETING_H_
