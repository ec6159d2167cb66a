// Checks, completes and names the definition of an index.
#include "src/schema/index_definition.h"

#include <set>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/schema/catalogue.h"

namespace relata::schema {
namespace {

constexpr size_t kMaxParts = 8;
constexpr size_t kMaxIndexNameLength = 1000;
constexpr std::string_view kNullsLast = " nulls last";

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool TakePrefix(std::string_view* text, std::string_view prefix) {
  if (text->substr(0, prefix.size()) != prefix) return false;
  text->remove_prefix(prefix.size());
  return true;
}

bool TakeSuffix(std::string_view* text, std::string_view suffix) {
  if (text->size() < suffix.size() || text->substr(text->size() - suffix.size()) != suffix) return false;
  text->remove_suffix(suffix.size());
  return true;
}

Status NoPart(const EntityType& type, std::string_view text) {
  return absl::InvalidArgumentError(StrCat(
      "index of ", type.name, ": ", Quoted(text),
      " is no part of an index; write a field, as folded(field) or "
      "collated(field) or collated(field, sv), with - before it to descend and ' nulls last' after it; or "
      "words(field) for searches"));
}

StatusOr<IndexPart> ParsePart(const EntityType& type, std::string_view text, std::string_view locale) {
  IndexPart part;
  std::string_view rest = Trimmed(text);
  part.nulls_last = TakeSuffix(&rest, kNullsLast);
  rest = Trimmed(rest);
  part.descending = TakePrefix(&rest, "-");
  if (TakePrefix(&rest, "folded(")) {
    part.folding = Folding::kFolded;
  } else if (TakePrefix(&rest, "collated(")) {
    part.folding = Folding::kCollated;
    part.locale = locale;
  } else if (TakePrefix(&rest, "words(")) {
    part.folding = Folding::kWords;
  }
  if (part.folding != Folding::kExact && !TakeSuffix(&rest, ")")) return NoPart(type, text);
  if (const size_t comma = rest.find(','); comma != std::string_view::npos) {
    if (part.folding != Folding::kCollated) return NoPart(type, text);
    part.locale = Trimmed(rest.substr(comma + 1));
    rest = rest.substr(0, comma);
  }
  rest = Trimmed(rest);
  if (rest.empty()) return NoPart(type, text);
  const StatusOr<const Field*> field = GetField(type, rest);
  if (!field.ok()) return Annotate(field.status(), StrCat("index of ", type.name));
  part.field = (*field)->id;
  return part;
}

Status CheckPart(const EntityType& type, const IndexPart& part) {
  const Field& field = type.fields[part.field];
  if (field.type == ValueType::kObject) {
    return absl::InvalidArgumentError(
        StrCat("index of ", type.name, ": ", field.name, " is an object, which has no order"));
  }
  if (part.folding == Folding::kExact) return absl::OkStatus();
  if (field.type != ValueType::kText && field.type != ValueType::kTextSet) {
    return absl::InvalidArgumentError(StrCat("index of ", type.name, ": ", field.name, " is ",
                                             ValueTypeName(field.type),
                                             "; only text is folded, collated or searched by its words"));
  }
  if (part.folding != Folding::kCollated) return absl::OkStatus();
  return Annotate(Collator::ForLocale(part.locale).status(),
                  StrCat("index of ", type.name, ": ", field.name));
}

// Words have no order among records, so nothing that is about order goes with them.
Status CheckWords(const EntityType& type, const Index& index, const IndexPart& part) {
  if (index.parts.size() == 1 && !index.unique && !part.descending && !part.nulls_last) {
    return absl::OkStatus();
  }
  const std::string& field = type.fields[part.field].name;
  return absl::InvalidArgumentError(StrCat(
      "index of ", type.name, ": words(", field, ") stands alone, neither unique nor descending nor with ",
      "nulls last, since it orders nothing; make it an index of its own"));
}

StatusOr<Index> Checked(const EntityType& type, Index index, std::string_view locale) {
  if (index.parts.empty() || index.parts.size() > kMaxParts) {
    return absl::InvalidArgumentError(
        StrCat("index of ", type.name, ": ", index.parts.size(), " parts; give 1 to ", kMaxParts));
  }
  std::set<FieldId> fields;
  const Field* set = nullptr;
  for (const IndexPart& part : index.parts) {
    RELATA_RETURN_IF_ERROR(CheckPart(type, part));
    if (part.folding == Folding::kWords) RELATA_RETURN_IF_ERROR(CheckWords(type, index, part));
    const Field& field = type.fields[part.field];
    if (!fields.insert(part.field).second) {
      return absl::InvalidArgumentError(
          StrCat("index of ", type.name, ": ", field.name, " stands there twice"));
    }
    if (!field.is_set()) continue;
    if (set != nullptr) {
      return absl::InvalidArgumentError(StrCat("index of ", type.name, ": ", set->name, " and ", field.name,
                                               " are both sets; an index has an entry per element of one"));
    }
    set = &field;
  }
  if (index.name.empty()) {
    index.name = NameOfParts(type, index.parts, locale);
    // The index of a reference has that name already.
    if (index.unique && type.FindIndex(index.name) != nullptr) index.name += " unique";
  }
  if (index.name.size() > kMaxIndexNameLength || !IsValidUtf8(index.name)) {
    return absl::InvalidArgumentError(StrCat("index of ", type.name, ": the name ", Quoted(index.name),
                                             " must be text of at most ", kMaxIndexNameLength, " bytes"));
  }
  return index;
}

}  // namespace

StatusOr<Index> IndexOf(const EntityType& type, const IndexSpec& spec, std::string_view locale) {
  Index index{.name = spec.name, .unique = spec.unique};
  for (const std::string& text : spec.parts) {
    RELATA_ASSIGN_OR_RETURN(IndexPart part, ParsePart(type, text, locale));
    index.parts.push_back(std::move(part));
  }
  return Checked(type, std::move(index), locale);
}

StatusOr<Index> IndexOf(const EntityType& type, const EntityDeclaration& declaration,
                        const IndexDeclaration& declared, std::string_view locale) {
  Index index{.unique = declared.unique};
  for (const IndexPartDeclaration& declared_part : declared.parts) {
    RELATA_ASSIGN_OR_RETURN(const Field* field, GetField(type, declaration.At(declared_part.offset)->name));
    IndexPart part{.field = field->id,
                   .descending = declared_part.descending,
                   .nulls_last = declared_part.nulls_last,
                   .folding = declared_part.folding,
                   .locale = declared_part.locale};
    if (part.folding == Folding::kCollated && part.locale.empty()) part.locale = locale;
    index.parts.push_back(std::move(part));
  }
  return Checked(type, std::move(index), locale);
}

std::string NameOfParts(const EntityType& type, const std::vector<IndexPart>& parts,
                        std::string_view locale) {
  std::string name;
  for (const IndexPart& part : parts) {
    StrAppend(&name, name.empty() ? "" : ",", part.descending ? "-" : "");
    const std::string& field = type.fields[part.field].name;
    if (part.folding == Folding::kExact) StrAppend(&name, field);
    if (part.folding == Folding::kFolded) StrAppend(&name, "folded(", field, ")");
    if (part.folding == Folding::kWords) StrAppend(&name, "words(", field, ")");
    if (part.folding == Folding::kCollated) {
      StrAppend(&name, "collated(", field, part.locale == locale ? "" : StrCat(",", part.locale), ")");
    }
    if (part.nulls_last) StrAppend(&name, kNullsLast);
  }
  return name;
}

const Index* FindServing(const EntityType& type, const Index& wanted) {
  for (const Index& index : type.indexes) {
    if (index.parts == wanted.parts && (index.unique || !wanted.unique)) return &index;
  }
  return nullptr;
}

}  // namespace relata::schema
