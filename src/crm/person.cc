// The declaration of Person: its indexes, and what a deletion does.
#include "relata/crm/person.h"

#include "relata/crm/relation.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Person, description("Someone at one or more relations (contactpersoon)"),
                       moment<&Person::created_at>,
                       with<&Person::birth_date>(FieldOptions{.sensitive = true}),
                       inverse<&Person::relations>("contacts", OnDelete::kClear),
                       ordered<folded<&Person::last_name>, folded<&Person::first_name>>,
                       words<&Person::last_name>, words<&Person::first_name>, ordered<&Person::email>)

}  // namespace relata::crm
