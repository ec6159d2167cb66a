// The code that README.md opens with. The lines between the marks are the README's, word for word.
#include <iostream>

// [readme]
#include <relata/relata.h>
using namespace relata;

int main() {
  Database db = Database::Open("crm.relata").value();
  auto baker = db.Update([](Transaction& tx) { return tx.Insert(crm::Relation{.name = "Bakkerij Jansen"}); });
  Snapshot now = db.Read().value();
  std::cout << now.Get(*baker)->Get<&crm::Relation::name>() << "\n";
}
// [/readme]
