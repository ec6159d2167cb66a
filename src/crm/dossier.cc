// Project numbers and the folders of dossiers.
#include "relata/crm/dossier.h"

#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"

namespace relata::crm {
namespace {

Status NoRelationNumber(int64_t number) {
  return absl::InvalidArgumentError(StrCat(
      "dossier: ", number, " is no relation number; take Relation::number, which has its check digit"));
}

// One folder's name: letters, digits and UTF-8 as they are, the rest escaped. A dot is kept where it is not
// first, so that neither "." nor ".." comes about, and not last, where Windows drops it.
std::string FolderName(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string name;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    const bool inside = (c == '.' || c == ' ') && i > 0 && i + 1 < text.size();
    if (plain || inside) {
      name += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      name += '%';
      name += kHex[byte >> 4];
      name += kHex[byte & 15];
    }
  }
  return name;
}

}  // namespace

StatusOr<std::string> ProjectNumber(int64_t relation_number, int32_t project) {
  if (!IsRelationNumber(relation_number)) return NoRelationNumber(relation_number);
  if (project < 1) {
    return absl::InvalidArgumentError(
        StrCat("project number: ", project, " is below 1; projects count from 1"));
  }
  return StrCat(FormatRelationNumber(relation_number), project < 10 ? "-0" : "-", project);
}

StatusOr<std::string> DossierPath(int64_t relation_number, std::string_view project_number,
                                  std::string_view kind) {
  if (!IsRelationNumber(relation_number)) return NoRelationNumber(relation_number);
  const int64_t sequence = relation_number / 10;
  std::string path = StrCat("relations/", sequence / 1000, "/", FormatRelationNumber(relation_number));
  if (!project_number.empty()) path += StrCat("/projects/", FolderName(project_number));
  if (!kind.empty()) path += StrCat("/", FolderName(kind));
  return path;
}

}  // namespace relata::crm
