// The declarations of Product, InstalledProduct and Interest: their indexes, and what a deletion does.
#include "relata/crm/product.h"

#include "relata/crm/contract.h"
#include "relata/crm/person.h"
#include "relata/crm/relation.h"
#include "relata/schema/declare.h"

namespace relata::crm {

RELATA_CRM_DECLARATION(Product, description("A product or service"), moment<&Product::introduced_on>,
                       inverse<&Product::parent>("parts"), inverse<&Product::supplier>("supplied_products"),
                       ordered<&Product::code>, ordered<folded<&Product::name>>, words<&Product::name>)

RELATA_CRM_DECLARATION(InstalledProduct, description("What a relation has in use"),
                       moment<&InstalledProduct::since>,
                       inverse<&InstalledProduct::relation>("installed_products", OnDelete::kCascade),
                       inverse<&InstalledProduct::product>("installations", OnDelete::kRestrict),
                       inverse<&InstalledProduct::contract>("installed_products"),
                       ordered<&InstalledProduct::serial_number>)

RELATA_CRM_DECLARATION(Interest, description("What a relation or person is interested in (interesse)"),
                       moment<&Interest::since>,
                       inverse<&Interest::relation>("interests", OnDelete::kCascade),
                       inverse<&Interest::person>("interests", OnDelete::kCascade),
                       inverse<&Interest::product>("interests", OnDelete::kCascade))

}  // namespace relata::crm
