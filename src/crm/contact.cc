// The declarations of Interaction, Task, Document and Project: their indexes, and what a deletion does.
//
// Contact moments and tasks go with their relation. A relation that still has documents or projects is not
// deleted: their files would be left without an owner.
#include "relata/crm/contact.h"

#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/pipeline.h"
#include "relata/crm/relation.h"
#include "relata/crm/service.h"
#include "relata/crm/sources.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Interaction, description("A moment of contact with a relation (contactmoment)"),
                       moment<&Interaction::at>,
                       inverse<&Interaction::relation>("interactions", OnDelete::kCascade),
                       inverse<&Interaction::persons>("interactions", OnDelete::kClear),
                       inverse<&Interaction::user>("interactions"),
                       inverse<&Interaction::opportunity>("interactions"),
                       inverse<&Interaction::ticket>("interactions"),
                       inverse<&Interaction::project>("interactions"),
                       inverse<&Interaction::source>("interactions"), ordered<&Interaction::at>,
                       ordered<&Interaction::relation, &Interaction::at>)

RELATA_CRM_DECLARATION(Task, description("Something to do (taak)"), moment<&Task::due_on>,
                       with<&Task::title>(FieldOptions{.required = true}),
                       with<&Task::priority>(FieldOptions{.default_value = Value("normal")}),
                       inverse<&Task::user>("tasks"), inverse<&Task::relation>("tasks", OnDelete::kCascade),
                       inverse<&Task::person>("tasks"), inverse<&Task::interaction>("tasks"),
                       inverse<&Task::opportunity>("tasks"),
                       inverse<&Task::project>("tasks", OnDelete::kCascade), ordered<&Task::due_on>)

RELATA_CRM_DECLARATION(Document, description("An electronic document of a dossier"),
                       moment<&Document::dated_on>, with<&Document::title>(FieldOptions{.required = true}),
                       inverse<&Document::relation>("documents", OnDelete::kRestrict),
                       inverse<&Document::project>("documents", OnDelete::kRestrict),
                       inverse<&Document::person>("documents"), ordered<&Document::hash>)

RELATA_CRM_DECLARATION(Project, description("A project for a relation"), moment<&Project::starts_on>,
                       with<&Project::number>(FieldOptions{.required = true}),
                       inverse<&Project::relation>("projects", OnDelete::kRestrict),
                       inverse<&Project::manager>("managed_projects"), unique<&Project::number>)

}  // namespace relata::crm
