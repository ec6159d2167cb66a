// The command search.
#include <charconv>

#include "relata/answers/card.h"
#include "relata/base/strings.h"
#include "relata/engine/search.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {

namespace {

StatusOr<std::vector<SearchField>> ReadFields(const std::vector<std::string>& texts) {
  std::vector<SearchField> fields;
  for (const std::string& text : texts) {
    SearchField& field = fields.emplace_back();
    const size_t colon = text.find(':');
    field.name = text.substr(0, colon);
    if (colon == std::string::npos) continue;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, field.weight);
    if (read.ec != std::errc() || read.ptr != end) {
      return absl::InvalidArgumentError(
          StrCat(Quoted(text), ": a field is its name, or name:weight, such as last_name:3"));
    }
  }
  return fields;
}

}  // namespace

StatusOr<int> RunSearch(const SearchArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const std::vector<SearchField> fields, ReadFields(arguments.fields));
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  const store::Reader& reader = now.store_reader();
  RELATA_ASSIGN_OR_RETURN(const std::vector<SearchHit> hits,
                          Search(now, arguments.entity, fields, arguments.text,
                                 {.limit = arguments.limit, .typos = arguments.typos}));
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(arguments.entity));
  Json list = Json::array();
  Table table({{"id", Align::kRight}, {"name"}, {"found in"}, {"score", Align::kRight}});
  for (const SearchHit& hit : hits) {
    RELATA_ASSIGN_OR_RETURN(const std::string title, answers::TitleOf(reader, {type->type->id, hit.id}));
    list.push_back({{"id", hit.id}, {"title", title}, {"field", hit.field}, {"score", hit.score}});
    table.Add({StrCat("#", hit.id), title, hit.field, Grouped(hit.score)});
  }
  if (arguments.json) {
    PrintJson({{"entity", arguments.entity}, {"hits", std::move(list)}});
    return kDone;
  }
  if (!table.empty()) Print(table.ToString());
  Print(hits.size() < arguments.limit || hits.empty()
            ? StrCat(Grouped(hits.size()), " found\n")
            : StrCat("the best ", Grouped(hits.size()), "; --limit shows more\n"));
  return kDone;
}

}  // namespace relata::cli
