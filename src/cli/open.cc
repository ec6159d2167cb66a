// Opens stores for commands.
#include "src/cli/open.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "relata/base/strings.h"

namespace relata::cli {

namespace {

StatusOr<Database> OpenExisting(const std::string& path, bool read_only) {
  if (!StoreExists(path)) {
    return absl::NotFoundError(StrCat(path, ": there is no such store; make one with: relata init ", path));
  }
  Options options;
  options.create_if_missing = false;
  options.read_only = read_only;
  return Database::Open(path, std::move(options));
}

}  // namespace

bool StoreExists(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return false;
  // What is no file is for the opening to refuse, which says what is wrong with it.
  return !std::filesystem::is_regular_file(status) || std::filesystem::file_size(path, error) > 0;
}

StatusOr<Database> OpenToRead(const std::string& path) { return OpenExisting(path, /*read_only=*/true); }
StatusOr<Database> OpenToWrite(const std::string& path) { return OpenExisting(path, /*read_only=*/false); }

}  // namespace relata::cli
