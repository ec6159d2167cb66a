// A host's program: calls the installed library and prints what only it can know.
#include <iostream>

#include "relata/base/status.h"

int main() {
  const relata::Status status = relata::Annotate(absl::NotFoundError("EUR 12.50"), "twelve and a half euro");
  const auto message = status.message();
  std::string text(message.data(), message.size());
  text.replace(text.find(": "), 2, " is ");
  std::cout << "relata " << RELATA_WANTED << ": " << text << "\n";
}
