// A host's own live set: the relations of a sales area in memory, by name and by city, kept in step with the
// store while others write. And a cache of the relations that are opened most.
#include <iostream>

#include "relata/query/object_cache.h"
#include "relata/query/workset.h"
#include "relata/relata.h"

namespace host {

using relata::by;
using relata::crm::Address;
using relata::crm::Relation;

using Area = relata::Workset<Relation, by<&Relation::name>, by<&Relation::visiting, &Address::city>>;

void Print(const Area::View& area) {
  std::cout << area.size() << " relations:";
  for (const auto& relation : area.By<&Relation::name>()) std::cout << " " << relation->name;
  std::cout << "\n";
}

relata::Status Run() {
  RELATA_ASSIGN_OR_RETURN(relata::Database db, relata::Database::Open("live.relata"));
  const auto add = [&](std::string name, std::string city) {
    return db.Update([&](relata::Transaction& tx) {
      return tx.Insert(Relation{.name = name, .visiting = {.city = city}});
    });
  };
  RELATA_RETURN_IF_ERROR(add("Bakkerij Jansen", "Utrecht").status());
  RELATA_RETURN_IF_ERROR(add("Smit Staal", "Breda").status());

  RELATA_ASSIGN_OR_RETURN(Area area, Area::Open(db, "visiting.city in ('Utrecht', 'Zeist')"));
  const Area::View before = area.Read();
  Print(before);

  // Whoever wrote, in this process or another: a refresh reads what changed from the change log.
  RELATA_ASSIGN_OR_RETURN(const relata::Id<Relation> mill, add("Molen De Valk", "Zeist"));
  RELATA_RETURN_IF_ERROR(area.Refresh());
  Print(area.Read());
  Print(before);  // a view stays what it was

  for (const auto& relation : area.Read().Equal<&Relation::visiting, &Address::city>("Zeist")) {
    std::cout << relation->name << " lies in Zeist\n";
  }

  relata::ObjectCache<Relation> opened(/*max_objects=*/1'000);
  RELATA_ASSIGN_OR_RETURN(const relata::Snapshot now, db.Read());
  for (int i = 0; i < 3; ++i) {
    RELATA_RETURN_IF_ERROR(opened.Get(now, mill).status());
  }
  std::cout << opened.figures().hits << " of 3 from the cache\n";
  return absl::OkStatus();
}

}  // namespace host

int main() {
  const relata::Status status = host::Run();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
