// A host's program: calls the installed library and prints what only it can know.
#include <iostream>

#include "relata/base/money.h"

int main() {
  const relata::StatusOr<relata::Money> amount = relata::Money::Parse("EUR 12.5");
  if (!amount.ok()) {
    std::cerr << amount.status() << "\n";
    return 1;
  }
  std::cout << "relata " << RELATA_WANTED << ": twelve and a half euro is " << amount->ToString() << "\n";
}
