// A mailing: a live segment, why somebody is in it, and who of it may be written to.
#include <iostream>

#include "relata/engine/segment_why.h"
#include "relata/engine/segments.h"
#include "relata/relata.h"

namespace host {

using relata::crm::Consent;
using relata::crm::Person;

relata::Status Run() {
  RELATA_ASSIGN_OR_RETURN(relata::Database db, relata::Database::Open("mailing.relata"));
  // Who decides about buying, and with whom nobody has spoken for two months. Kept from now on: by each write
  // in its own commit, and as time passes.
  RELATA_RETURN_IF_ERROR(
      relata::DefineSegment(&db, "quiet deciders", "person",
                            "dmu_role = 'decider' and not exists(interactions where at >= today() - 60)"));

  const auto add = [&](std::string name, std::string email) {
    return db.Update([&](relata::Transaction& tx) {
      return tx.Insert(
          Person{.first_name = name, .dmu_role = relata::crm::DmuRole::kDecider, .email = email});
    });
  };
  RELATA_ASSIGN_OR_RETURN(const relata::Id<Person> anna, add("Anna", "anna@example.nl"));
  RELATA_RETURN_IF_ERROR(add("Bert", "bert@example.nl").status());
  const relata::Status agreed =
      db.Update([&](relata::Transaction& tx) {
          return tx.Insert(Consent{.party = anna, .purpose = "newsletter", .given_at = tx.now()});
        }).status();
  RELATA_RETURN_IF_ERROR(agreed);

  RELATA_ASSIGN_OR_RETURN(const relata::Snapshot now, db.Read());
  RELATA_ASSIGN_OR_RETURN(const uint64_t members, relata::CountMembers(now, "quiet deciders"));
  std::cout << members << " quiet deciders\n";
  RELATA_ASSIGN_OR_RETURN(const relata::Explanation why, relata::Why(now, "quiet deciders", anna.value));
  RELATA_ASSIGN_OR_RETURN(const relata::TimeZone zone, relata::TimeZone::Load("Europe/Amsterdam"));
  std::cout << relata::Describe(why, zone);

  RELATA_ASSIGN_OR_RETURN(
      const relata::audience::Audience mailing,
      relata::AudienceOf(now, "quiet deciders",
                         {.purpose = "newsletter", .channel = relata::crm::Channel::kEmail}));
  for (const auto& recipient : mailing.recipients) std::cout << "to " << recipient.address << "\n";
  for (const auto& one : mailing.left_out) {
    std::cout << "not to " << one.id << ": " << relata::audience::ReasonText(one.reason) << "\n";
  }
  return absl::OkStatus();
}

}  // namespace host

int main() {
  const relata::Status status = host::Run();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
