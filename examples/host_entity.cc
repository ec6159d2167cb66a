// A host's own entity type beside the CRM model: machines at customers, found by serial number and by
// customer.
#include <iostream>

#include "relata/relata.h"

namespace host {

using relata::crm::Relation;

struct Machine {
  relata::Id<Machine> id;
  relata::Id<Relation> relation;
  std::string serial;
  std::optional<relata::Date> installed_on;
};
BOOST_DESCRIBE_STRUCT(Machine, (), (id, relation, serial, installed_on))
RELATA_ENTITY(Machine, "machine", unique<&Machine::serial>, moment<&Machine::installed_on>,
              inverse<&Machine::relation>("machines", OnDelete::kCascade),
              with<&Machine::serial>({.required = true, .max_length = 40}))

relata::Status Run() {
  RELATA_ASSIGN_OR_RETURN(relata::Database db, relata::Database::Open("machines.relata"));
  RELATA_RETURN_IF_ERROR(db.Register<Machine>());
  RELATA_RETURN_IF_ERROR(db.Update([](relata::Transaction& tx) -> relata::Status {
    RELATA_ASSIGN_OR_RETURN(const relata::Id<Relation> bakery,
                            tx.Insert(Relation{.name = "Bakkerij Jansen"}));
    for (const char* serial : {"OV-1001", "OV-1002"}) {
      RELATA_RETURN_IF_ERROR(tx.Insert(Machine{.relation = bakery, .serial = serial}).status());
    }
    return absl::OkStatus();
  }));

  RELATA_ASSIGN_OR_RETURN(const relata::Snapshot now, db.Read());
  RELATA_ASSIGN_OR_RETURN(const relata::View<Machine> oven, now.FindBy<&Machine::serial>("OV-1002"));
  RELATA_ASSIGN_OR_RETURN(const relata::View<Relation> owner, now.Get(oven.Get<&Machine::relation>()));
  std::cout << oven.Get<&Machine::serial>() << " stands at " << owner.Get<&Relation::name>() << "\n";
  RELATA_ASSIGN_OR_RETURN(const std::vector<relata::Id<Machine>> all,
                          now.FindAll<&Machine::relation>(owner.id()));
  std::cout << "which has " << all.size() << " machines\n";

  // A serial number is given out once: the message says what is wrong and what to do.
  const relata::Status taken = db.Update([&](relata::Transaction& tx) {
    return tx.Insert(Machine{.relation = owner.id(), .serial = "OV-1001"}).status();
  });
  std::cout << taken.message() << "\n";
  return taken.code() == absl::StatusCode::kAlreadyExists ? absl::OkStatus() : taken;
}

}  // namespace host

int main() {
  const relata::Status status = host::Run();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
