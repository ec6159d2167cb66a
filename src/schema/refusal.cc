// Words the refusal of a value: which field, which value, what was expected.
#include "src/schema/refusal.h"

#include "relata/base/strings.h"

namespace relata::schema {

std::string PathOf(const EntityType& type, const Field& field) { return StrCat(type.name, ".", field.name); }

std::string Shown(const Field& field, std::string_view value) {
  return field.options.sensitive ? "the value (not shown: the field is sensitive)" : Quoted(value);
}

Status Refuse(const EntityType& type, const Field& field, std::string_view value, std::string_view what) {
  return absl::InvalidArgumentError(StrCat(PathOf(type, field), ": ", Shown(field, value), " ", what));
}

Status Damaged(const EntityType& type, const Field& field, std::string_view what) {
  return absl::DataLossError(
      StrCat(PathOf(type, field), ": ", what, "; run `check` and restore the record from a backup"));
}

std::string LabelList(const Field& field) {
  constexpr size_t kShown = 12;
  std::string list;
  for (size_t i = 0; i < field.labels.size() && i < kShown; ++i) {
    StrAppend(&list, i == 0 ? "" : ", ", "'", field.labels[i].name, "'");
  }
  if (field.labels.size() > kShown) StrAppend(&list, " and ", field.labels.size() - kShown, " more");
  return list;
}

}  // namespace relata::schema
