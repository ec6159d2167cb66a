// The declarations of User, Team and DataSteward: their indexes, and what a deletion does.
#include "relata/crm/organisation.h"

#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(User, description("Someone who works for us (medewerker)"), moment<&User::created_at>,
                       with<&User::name>(FieldOptions{.required = true}), inverse<&User::team>("members"),
                       inverse<&User::manager>("reports"), ordered<folded<&User::name>>)

RELATA_CRM_DECLARATION(Team, description("Users who work together"), moment<&Team::created_at>,
                       with<&Team::name>(FieldOptions{.required = true}), inverse<&Team::lead>("led_teams"))

RELATA_CRM_DECLARATION(DataSteward, description("Who answers for which data (gegevensbeheerder)"),
                       moment<&DataSteward::created_at>,
                       inverse<&DataSteward::user>("stewardships", OnDelete::kCascade),
                       inverse<&DataSteward::source>("stewards", OnDelete::kCascade))

}  // namespace relata::crm
