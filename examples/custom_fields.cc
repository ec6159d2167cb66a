// Fields, labels and indexes added at run time, by name, to a type that the program knows nothing more about.
#include <iostream>

#include "relata/relata.h"

namespace {

using relata::Record;
using relata::Value;
using relata::ValueType;

relata::Status Run() {
  RELATA_ASSIGN_OR_RETURN(relata::Database db, relata::Database::Open("custom.relata"));
  auto first = db.Update([](relata::Transaction& tx) {
    return tx.Insert(Record("relation").Set("name", "Bakkerij Jansen").Set("visiting.city", "Utrecht"));
  });
  RELATA_RETURN_IF_ERROR(first.status());

  // Records that are there already read the default; it is frozen with the field.
  RELATA_RETURN_IF_ERROR(db.AddField("relation", {.name = "loyalty",
                                                  .type = ValueType::kEnum,
                                                  .options = {.default_value = Value("silver")},
                                                  .labels = {"silver", "gold"}}));
  RELATA_RETURN_IF_ERROR(db.AddIndex("relation", {.parts = {"loyalty", "folded(name)"}}));
  RELATA_RETURN_IF_ERROR(db.Update([](relata::Transaction& tx) {
    return tx.Insert(Record("relation").Set("name", "Slagerij Smit").Set("loyalty", "gold")).status();
  }));

  RELATA_ASSIGN_OR_RETURN(const relata::Snapshot now, db.Read());
  RELATA_RETURN_IF_ERROR(now.ForEach("relation", [](const Record& relation) {
    std::cout << relation.Find("name")->ToString() << ": " << relation.Find("loyalty")->ToString() << "\n";
    return absl::OkStatus();
  }));

  const relata::Status refused = db.Update([](relata::Transaction& tx) {
    return tx.Insert(Record("relation").Set("name", "Kaasboer").Set("loyalty", "platinum")).status();
  });
  std::cout << refused.message() << "\n";
  return refused.ok() ? absl::InternalError("an unknown label was taken") : absl::OkStatus();
}

}  // namespace

int main() {
  const relata::Status status = Run();
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
