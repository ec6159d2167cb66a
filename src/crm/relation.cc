// The declarations of Relation and Affiliation: their indexes, and what a deletion does.
#include "relata/crm/relation.h"

#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Relation, description("An establishment one does business with (relatie)"),
                       moment<field<&Relation::acquisition, &Acquisition::acquired_on>>,
                       with<&Relation::name>(FieldOptions{.required = true}),
                       with<&Relation::iban>(FieldOptions{.sensitive = true}),
                       with<&Relation::payment_term_days>(FieldOptions{.min_value = Value(0)}),
                       inverse<&Relation::parent>("children"),
                       inverse<&Relation::account_manager>("managed_relations"),
                       inverse<&Relation::source>("relations"),
                       unique<&Relation::number>,  // also how a relation number is looked up
                       ordered<folded<&Relation::name>>, words<&Relation::name>,
                       words<&Relation::trade_names>, ordered<field<&Relation::visiting, &Address::city>>,
                       ordered<field<&Relation::visiting, &Address::postcode>>, ordered<&Relation::email>,
                       ordered<&Relation::kvk_number>)

RELATA_CRM_DECLARATION(Affiliation, description("How two relations or two people belong together (verband)"),
                       moment<&Affiliation::since>, with<&Affiliation::from>(FieldOptions{.required = true}),
                       with<&Affiliation::to>(FieldOptions{.required = true}),
                       inverse<&Affiliation::from>("affiliations", OnDelete::kCascade),
                       inverse<&Affiliation::to>("affiliated_by", OnDelete::kCascade))

}  // namespace relata::crm
