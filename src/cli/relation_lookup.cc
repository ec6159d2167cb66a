// Tries the ways to name a relation one after another.
#include "src/cli/relation_lookup.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "relata/base/strings.h"
#include "relata/crm/relation_number.h"
#include "relata/crm/sources.h"
#include "src/store/reader.h"

namespace relata::cli {

namespace {

using crm::Relation;

constexpr size_t kNamed = 10;  // relations named where several are meant

// The relation behind this code of any source.
Status AddByCode(const Reader& reader, std::string_view text, std::vector<RecordId>* found) {
  std::string code;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool separates = text.substr(at).starts_with(" / ");
    code.push_back(separates ? '\x1f' : text[at]);
    if (separates) at += 2;
  }
  const store::Reader& store = reader.store_reader();
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* keys, store.schema().Get("external_key"));
  const auto index = std::find_if(keys->indexes.begin(), keys->indexes.end(), [](const auto& candidate) {
    return candidate.index->unique && candidate.index->parts.size() == 3 && candidate.ready();
  });
  if (index == keys->indexes.end()) return absl::OkStatus();
  std::vector<RecordId> sources;
  RELATA_RETURN_IF_ERROR(reader.ForEach<crm::Source>([&](const View<crm::Source>& source) {
    sources.push_back(source.id().value);
    return absl::OkStatus();
  }));
  for (const RecordId source : sources) {
    const Cell cells[] = {Cell::OfBits(source), Cell::OfBytes("relation"), Cell::OfBytes(code)};
    const StatusOr<RecordId> key = store.FindUnique(*keys, *index, cells);
    if (absl::IsNotFound(key.status())) continue;
    RELATA_RETURN_IF_ERROR(key.status());
    RELATA_ASSIGN_OR_RETURN(const View<crm::ExternalKey> view, reader.Get(Id<crm::ExternalKey>(*key)));
    if (const auto relation = view.Get<&crm::ExternalKey::record>().As<Relation>()) {
      found->push_back(relation->value);
    }
  }
  return absl::OkStatus();
}

Status AddByName(const Reader& reader, std::string_view text, std::vector<RecordId>* found) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<Id<Relation>> equal,
                          reader.FindAll<&Relation::name>(std::string(text)));
  for (const Id<Relation> id : equal) found->push_back(id.value);
  if (!found->empty()) return absl::OkStatus();
  const store::Reader& store = reader.store_reader();
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* relations, store.schema().Get("relation"));
  for (const store::IndexRuntime& index : relations->indexes) {
    const IndexPart& part = index.index->parts.front();
    if (part.folding != Folding::kFolded || relations->type->fields[part.field].name != "name") continue;
    RELATA_ASSIGN_OR_RETURN(const store::KeyRange range, index.coder.StartsWith({}, text));
    return index.tree.AppendIds(store.kv(), range, found);
  }
  return absl::OkStatus();
}

StatusOr<std::string> Describe(const Reader& reader, RecordId id) {
  RELATA_ASSIGN_OR_RETURN(const View<Relation> relation, reader.Get(Id<Relation>(id)));
  const std::string_view city = relation[field<&Relation::visiting, &crm::Address::city>];
  return StrCat(crm::FormatRelationNumber(relation.Get<&Relation::number>()), " ",
                relation.Get<&Relation::name>(), city.empty() ? "" : ", ", city);
}

}  // namespace

StatusOr<Id<Relation>> LookUpRelation(const Reader& reader, std::string_view text) {
  if (text.starts_with('#')) {
    RecordId id = 0;
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data() + 1, end, id).ptr == end && id > 0) {
      RELATA_RETURN_IF_ERROR(reader.Get(Id<Relation>(id)).status());
      return Id<Relation>(id);
    }
  }
  std::vector<RecordId> found;
  if (const StatusOr<int64_t> number = crm::ParseRelationNumber(text); number.ok()) {
    const StatusOr<View<Relation>> view = reader.FindBy<&Relation::number>(*number);
    if (view.ok()) {
      found.push_back(view->id().value);
    } else if (!absl::IsNotFound(view.status())) {
      return view.status();
    }
  }
  RELATA_RETURN_IF_ERROR(AddByCode(reader, text, &found));
  if (found.empty() && !text.empty()) RELATA_RETURN_IF_ERROR(AddByName(reader, text, &found));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() == 1) return Id<Relation>(found.front());
  if (found.empty()) {
    return absl::NotFoundError(
        StrCat(Quoted(text),
               ": no relation has this number, code or name; look for it with: relata find "
               "STORE relation \"name ilike 'BEGINNING%'\""));
  }
  std::string names;
  for (size_t i = 0; i < std::min(found.size(), kNamed); ++i) {
    RELATA_ASSIGN_OR_RETURN(const std::string name, Describe(reader, found[i]));
    StrAppend(&names, "\n  ", name);
  }
  if (found.size() > kNamed) StrAppend(&names, "\n  and ", found.size() - kNamed, " more");
  return absl::FailedPreconditionError(
      StrCat(Quoted(text), ": may be one of ", found.size(), " relations; give the number of one:", names));
}

}  // namespace relata::cli
