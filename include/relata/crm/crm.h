// Includes the whole CRM model. A file that needs one area includes that header alone.
#ifndef RELATA_CRM_CRM_H_
#define RELATA_CRM_CRM_H_

#include "relata/crm/address.h"
#include "relata/crm/contact.h"
#include "relata/crm/contract.h"
#include "relata/crm/derived.h"
#include "relata/crm/dossier.h"
#include "relata/crm/fwd.h"
#include "relata/crm/marketing.h"
#include "relata/crm/model.h"
#include "relata/crm/name.h"
#include "relata/crm/organisation.h"
#include "relata/crm/person.h"
#include "relata/crm/pipeline.h"
#include "relata/crm/product.h"
#include "relata/crm/relation.h"
#include "relata/crm/relation_number.h"
#include "relata/crm/sales.h"
#include "relata/crm/service.h"
#include "relata/crm/sources.h"

#endif  // RELATA_CRM_CRM_H_
