// The declaration of Contract: its indexes, and what a deletion does.
#include "relata/crm/contract.h"

#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Contract, description("An agreement that runs for a time"),
                       moment<&Contract::starts_on>,
                       with<&Contract::notice_period_days>(FieldOptions{.min_value = Value(0)}),
                       inverse<&Contract::relation>("contracts", OnDelete::kRestrict),
                       inverse<&Contract::person>("contracts"), inverse<&Contract::user>("contracts"),
                       inverse<&Contract::product>("contracts", OnDelete::kRestrict),
                       inverse<&Contract::source>("contracts"), ordered<&Contract::number>,
                       ordered<&Contract::renews_on>)

}  // namespace relata::crm
