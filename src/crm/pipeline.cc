// The declarations of Lead, Opportunity, Pipeline and Stage: their indexes, and what a deletion does.
#include "relata/crm/pipeline.h"

#include "relata/crm/marketing.h"
#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Lead, description("Someone who showed interest"), moment<&Lead::received_on>,
                       inverse<&Lead::campaign>("leads"), inverse<&Lead::product>("leads"),
                       inverse<&Lead::owner>("leads"), inverse<&Lead::relation>("leads"),
                       inverse<&Lead::person>("leads"), inverse<&Lead::opportunity>("leads"),
                       ordered<&Lead::received_on>)

RELATA_CRM_DECLARATION(Opportunity, description("A chance to sell (verkoopkans)"),
                       moment<&Opportunity::opened_on>,
                       with<&Opportunity::stage>(FieldOptions{.history = true}),
                       inverse<&Opportunity::relation>("opportunities", OnDelete::kRestrict),
                       inverse<&Opportunity::person>("opportunities"),
                       inverse<&Opportunity::pipeline>("opportunities", OnDelete::kRestrict),
                       inverse<&Opportunity::stage>("opportunities", OnDelete::kRestrict),
                       inverse<&Opportunity::owner>("opportunities"),
                       inverse<&Opportunity::campaign>("opportunities"),
                       inverse<&Opportunity::product>("opportunities"),
                       inverse<&Opportunity::competitor>("contested_opportunities"),
                       ordered<&Opportunity::expected_close_on>)

RELATA_CRM_DECLARATION(Pipeline, description("A way to sell, as a row of stages"),
                       moment<&Pipeline::created_at>, with<&Pipeline::name>(FieldOptions{.required = true}),
                       unique<&Pipeline::name>)

RELATA_CRM_DECLARATION(Stage, description("A step of a pipeline (fase)"), moment<&Stage::created_at>,
                       with<&Stage::name>(FieldOptions{.required = true}),
                       with<&Stage::probability>(FieldOptions{.min_value = Value(0), .max_value = Value(1)}),
                       inverse<&Stage::pipeline>("stages", OnDelete::kCascade),
                       unique<&Stage::pipeline, &Stage::name>)

}  // namespace relata::crm
