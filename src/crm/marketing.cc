// The declarations of Campaign, CampaignTouch, Consent and Preference: their indexes, and what a deletion
// does.
#include "relata/crm/marketing.h"

#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Campaign, description("Something we send or organise"), moment<&Campaign::starts_on>,
                       with<&Campaign::name>(FieldOptions{.required = true}),
                       inverse<&Campaign::owner>("campaigns"), inverse<&Campaign::product>("campaigns"),
                       ordered<&Campaign::starts_on>)

RELATA_CRM_DECLARATION(CampaignTouch, description("What came of a campaign with one it reached"),
                       moment<&CampaignTouch::at>,
                       inverse<&CampaignTouch::campaign>("touches", OnDelete::kCascade),
                       inverse<&CampaignTouch::relation>("campaign_touches", OnDelete::kCascade),
                       inverse<&CampaignTouch::person>("campaign_touches", OnDelete::kCascade),
                       ordered<&CampaignTouch::at>)

RELATA_CRM_DECLARATION(Consent, description("Why we may use a party's data for a purpose (toestemming)"),
                       moment<&Consent::given_at>, with<&Consent::party>(FieldOptions{.required = true}),
                       with<&Consent::purpose>(FieldOptions{.required = true}),
                       inverse<&Consent::party>("consents", OnDelete::kCascade))

RELATA_CRM_DECLARATION(Preference, description("What a party likes (voorkeur)"), moment<&Preference::set_at>,
                       with<&Preference::party>(FieldOptions{.required = true}),
                       with<&Preference::topic>(FieldOptions{.required = true}),
                       inverse<&Preference::party>("preferences", OnDelete::kCascade))

}  // namespace relata::crm
