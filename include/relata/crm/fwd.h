// Declares every entity type of the CRM model by name, for references between them and for hosts that need no
// more than an Id<Relation>.
#ifndef RELATA_CRM_FWD_H_
#define RELATA_CRM_FWD_H_

namespace relata::crm {

struct Address;

struct Relation;
struct Person;
struct Affiliation;
struct User;
struct Team;
struct DataSteward;
struct Interaction;
struct Task;
struct Document;
struct Project;
struct Lead;
struct Opportunity;
struct Pipeline;
struct Stage;
struct Quote;
struct Order;
struct OrderLine;
struct Invoice;
struct Payment;
struct Product;
struct InstalledProduct;
struct Interest;
struct Contract;
struct Ticket;
struct SurveyResponse;
struct Campaign;
struct CampaignTouch;
struct Consent;
struct Preference;
struct Source;
struct ExternalKey;

}  // namespace relata::crm

#endif  // RELATA_CRM_FWD_H_
