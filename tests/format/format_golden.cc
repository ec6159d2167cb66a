// Writes the golden store of the present format version, compacted, and what it tells as text:
//   format_golden FOLDER VERSION
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "relata/base/strings.h"
#include "src/kv/environment.h"
#include "tests/format/content.h"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 3) {
    std::cerr << "usage: format_golden FOLDER VERSION\n";
    return 2;
  }
  const std::string name = relata::StrCat(argv[1], "/store_", argv[2]);
  const std::string draft = name + ".draft";
  const relata::Status status = [&]() -> relata::Status {
    RELATA_RETURN_IF_ERROR(relata::store::test::WriteGolden(draft));
    {
      RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<relata::kv::Environment> environment,
                              relata::kv::Environment::Open(draft, {}));
      RELATA_RETURN_IF_ERROR(environment->Backup(name + ".golden", /*compact=*/true));
    }
    RELATA_ASSIGN_OR_RETURN(const std::string told, relata::store::test::TellAll(draft));
    std::ofstream(name + ".txt", std::ios::binary) << told;
    return absl::OkStatus();
  }();
  for (const char* rest : {"", "-lock"}) fs::remove(draft + rest);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}
