// The list of the model's entity types. Append only: see model.h.
#include "relata/crm/model.h"

#include "relata/crm/crm.h"
#include "relata/schema/declare.h"

namespace relata::crm {
namespace {

template <class... Ts>
std::vector<const EntityDeclaration*> List() {
  return {&DeclarationOf<Ts>()...};
}

}  // namespace

const std::vector<const EntityDeclaration*>& ModelDeclarations() {
  static const std::vector<const EntityDeclaration*> declarations =
      List<Relation, Person, Affiliation, User, Team, DataSteward, Interaction, Task, Document, Project, Lead,
           Opportunity, Pipeline, Stage, Quote, Order, OrderLine, Invoice, Payment, Product, InstalledProduct,
           Interest, Contract, Ticket, SurveyResponse, Campaign, CampaignTouch, Consent, Preference, Source,
           ExternalKey>();
  return declarations;
}

}  // namespace relata::crm
