// The declarations of Source and ExternalKey: their indexes, and what a deletion does.
#include "relata/crm/sources.h"

#include "relata/crm/crm.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Source, description("Where the company keeps what it knows (informatiebron)"),
                       moment<&Source::created_at>, with<&Source::code>(FieldOptions{.required = true}),
                       inverse<&Source::responsible>("sources"), unique<&Source::code>)

// A source with keys is not deleted: the next import from it could no longer tell what it has seen.
RELATA_CRM_DECLARATION(ExternalKey, description("By which code a source knows a record (externe sleutel)"),
                       moment<&ExternalKey::created_at>,
                       with<&ExternalKey::entity_type>(FieldOptions{.required = true}),
                       with<&ExternalKey::code>(FieldOptions{.required = true}),
                       with<&ExternalKey::record>(FieldOptions{.required = true}),
                       inverse<&ExternalKey::source>("issued_keys", OnDelete::kRestrict),
                       inverse<&ExternalKey::record>("external_keys", OnDelete::kCascade),
                       unique<&ExternalKey::source, &ExternalKey::entity_type, &ExternalKey::code>)

}  // namespace relata::crm
