// The command schema: lists entity types, fields and indexes, and changes them.
#include <algorithm>

#include "relata/base/strings.h"
#include "relata/engine/database.h"
#include "src/cli/commands.h"
#include "src/cli/field_type.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"

namespace relata::cli {

namespace {

const char* StateName(IndexState state) { return state == IndexState::kReady ? "ready" : "building"; }

// A part of an index as IndexSpec has it: "-folded(name)".
std::string PartText(const EntityType& type, const IndexPart& part) {
  std::string text = type.fields[part.field].name;
  if (part.folding == Folding::kFolded) text = StrCat("folded(", text, ")");
  if (part.folding == Folding::kWords) text = StrCat("words(", text, ")");
  if (part.folding == Folding::kCollated) text = StrCat("collated(", text, ", ", part.locale, ")");
  return StrCat(part.descending ? "-" : "", text, part.nulls_last ? " nulls last" : "");
}

std::string PartsText(const EntityType& type, const Index& index) {
  std::string text;
  for (const IndexPart& part : index.parts) StrAppend(&text, text.empty() ? "" : ", ", PartText(type, part));
  return text;
}

std::string OptionsText(const Field& field) {
  std::string text;
  auto add = [&](std::string_view word) { StrAppend(&text, text.empty() ? "" : ", ", word); };
  if (field.options.required) add("required");
  if (field.options.sensitive) add("sensitive");
  if (field.options.history) add("history");
  if (field.generated) add("kept by the engine");
  if (field.options.default_value) add(StrCat("default ", field.options.default_value->ToString()));
  if (field.options.min_value) add(StrCat("from ", field.options.min_value->ToString()));
  if (field.options.max_value) add(StrCat("to ", field.options.max_value->ToString()));
  if (field.options.min_length) add(StrCat("at least ", *field.options.min_length, " characters"));
  if (field.options.max_length) add(StrCat("at most ", *field.options.max_length, " characters"));
  if (!field.options.pattern.empty()) add(StrCat("like ", field.options.pattern));
  return text;
}

Json EntityJson(const EntityType& type, const std::vector<EntityType>& types) {
  Json fields = Json::array();
  for (const Field& field : type.fields) {
    if (field.dropped) continue;
    fields.push_back({{"name", field.name},
                      {"type", FieldTypeText(field, types)},
                      {"nullable", field.nullable},
                      {"required", field.options.required},
                      {"sensitive", field.options.sensitive},
                      {"history", field.options.history},
                      {"generated", field.generated},
                      {"inverse", field.inverse.empty() ? Json() : Json(field.inverse)},
                      {"description", field.options.description}});
  }
  Json indexes = Json::array();
  for (const Index& index : type.indexes) {
    if (index.state == IndexState::kDropped) continue;
    Json parts = Json::array();
    for (const IndexPart& part : index.parts) parts.push_back(PartText(type, part));
    indexes.push_back({{"name", index.name},
                       {"parts", std::move(parts)},
                       {"unique", index.unique},
                       {"state", StateName(index.state)}});
  }
  return {{"entity", type.name},
          {"description", type.description},
          {"moment", type.moment ? Json(type.fields[*type.moment].name) : Json()},
          {"fields", std::move(fields)},
          {"indexes", std::move(indexes)}};
}

void PrintEntity(const EntityType& type, const std::vector<EntityType>& types) {
  Print(StrCat(Styled(Style::kBold, type.name), type.description.empty() ? "" : ": ", type.description,
               "\n\n"));
  Table fields({{"field"}, {"type", Align::kLeft, 60}, {"options", Align::kLeft, 60}});
  for (const Field& field : type.fields) {
    if (!field.dropped) fields.Add({field.name, FieldTypeText(field, types), OptionsText(field)});
  }
  Print(fields.ToString());
  Table indexes({{"index"}, {"orders by", Align::kLeft, 80}, {""}});
  for (const Index& index : type.indexes) {
    if (index.state == IndexState::kDropped) continue;
    indexes.Add({index.name, PartsText(type, index),
                 StrCat(index.unique ? "unique" : "", index.state == IndexState::kReady ? "" : " building")});
  }
  if (!indexes.empty()) Print(StrCat("\n", indexes.ToString()));
}

// "relation.visiting.city" is the field visiting.city of relation.
void SplitPath(const std::string& path, std::string* entity, std::string* field) {
  const size_t dot = std::min(path.find('.'), path.size());
  *entity = path.substr(0, dot);
  *field = dot < path.size() ? path.substr(dot + 1) : "";
}

StatusOr<FieldSpec> FieldOf(const SchemaChange& change) {
  FieldSpec spec;
  spec.name = change.name;
  RELATA_RETURN_IF_ERROR(ParseFieldType(change.type, &spec));
  spec.unique = change.unique;
  spec.nullable = !change.required;
  spec.options.required = change.required;
  spec.options.sensitive = change.sensitive;
  spec.options.history = change.history;
  spec.options.description = change.description;
  if (change.default_value.empty()) return spec;
  // The field converts what it can from text; whole numbers and truth it wants as such.
  spec.options.default_value = change.default_value;
  if (spec.type == ValueType::kBool) spec.options.default_value = Value(change.default_value == "true");
  if (spec.type == ValueType::kInt64 || spec.type == ValueType::kDouble) {
    RELATA_ASSIGN_OR_RETURN(const Decimal number, Decimal::Parse(change.default_value));
    spec.options.default_value = number;
  }
  return spec;
}

StatusOr<std::string> AddEntity(Database* database, const SchemaChange& change) {
  EntitySpec spec{.name = change.entity, .description = change.description};
  for (const std::string& text : change.fields) {
    const size_t colon = text.find(':');
    if (colon == std::string::npos) {
      return absl::InvalidArgumentError(
          StrCat(Quoted(text), ": a field is given as name:type, such as serial:text"));
    }
    FieldSpec field;
    field.name = text.substr(0, colon);
    RELATA_RETURN_IF_ERROR(ParseFieldType(text.substr(colon + 1), &field));
    spec.fields.push_back(std::move(field));
  }
  RELATA_RETURN_IF_ERROR(database->AddEntity(spec));
  return StrCat("added the entity type ", spec.name, " with ", spec.fields.size(), " fields");
}

StatusOr<std::string> AddIndex(Database* database, const SchemaChange& change) {
  IndexSpec spec{.name = change.name, .unique = change.unique};
  for (const std::string& part : change.fields) {
    for (std::string& one : SplitOutsideParentheses(part)) spec.parts.push_back(std::move(one));
  }
  Progress progress("building the index");
  RELATA_RETURN_IF_ERROR(database->AddIndex(
      change.entity, spec, [&](uint64_t done, uint64_t total) { progress.Update(done, total); }));
  return StrCat("added an index to ", change.entity);
}

StatusOr<std::string> Rename(Database* database, const SchemaChange& change) {
  std::string entity;
  std::string field;
  SplitPath(change.entity, &entity, &field);
  RELATA_RETURN_IF_ERROR(field.empty() ? database->RenameEntity(entity, change.name)
                                       : database->RenameField(entity, field, change.name));
  return StrCat("renamed ", change.entity, " to ", change.name);
}

StatusOr<std::string> Drop(Database* database, const SchemaChange& change) {
  std::string entity;
  std::string field;
  SplitPath(change.entity, &entity, &field);
  if (!change.index.empty()) {
    RELATA_RETURN_IF_ERROR(database->DropIndex(entity, change.index));
    return StrCat("dropped the index ", change.index, " of ", entity);
  }
  RELATA_ASSIGN_OR_RETURN(const uint64_t records, database->Read()->Count(entity));
  if (records > 0 && !change.yes) {
    return absl::FailedPreconditionError(StrCat(change.entity, ": ", Grouped(records), " records would lose ",
                                                field.empty() ? "all they hold" : "what they hold there",
                                                "; make a backup (relata backup), then say --yes"));
  }
  RELATA_RETURN_IF_ERROR(field.empty() ? database->DropEntity(entity) : database->DropField(entity, field));
  return StrCat("dropped ", change.entity);
}

}  // namespace

StatusOr<int> RunSchema(const SchemaArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  const std::vector<EntityType> types = database.Schema();
  if (!arguments.entity.empty()) {
    // The count refuses an unknown name, and names the nearest.
    RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
    RELATA_RETURN_IF_ERROR(now.Count(arguments.entity).status());
    const auto type = std::find_if(types.begin(), types.end(),
                                   [&](const EntityType& t) { return t.name == arguments.entity; });
    if (type == types.end()) return absl::NotFoundError(StrCat(arguments.entity, ": no such entity type"));
    arguments.json ? PrintJson(EntityJson(*type, types)) : PrintEntity(*type, types);
    return kDone;
  }
  if (arguments.json) {
    Json entities = Json::array();
    for (const EntityType& type : types) entities.push_back(EntityJson(type, types));
    PrintJson({{"store", arguments.store}, {"entities", std::move(entities)}});
    return kDone;
  }
  Table table({{"entity"}, {"fields", Align::kRight}, {"indexes", Align::kRight}, {"", Align::kLeft, 70}});
  for (const EntityType& type : types) {
    const auto fields = std::count_if(type.fields.begin(), type.fields.end(),
                                      [](const Field& field) { return !field.dropped; });
    const auto indexes = std::count_if(type.indexes.begin(), type.indexes.end(), [](const Index& index) {
      return index.state != IndexState::kDropped;
    });
    table.Add({type.name, std::to_string(fields), std::to_string(indexes), type.description});
  }
  Print(table.ToString());
  return kDone;
}

StatusOr<int> RunSchemaChange(const SchemaChange& change) {
  RELATA_ASSIGN_OR_RETURN(Database database, OpenToWrite(change.store));
  std::string done;
  switch (change.kind) {
    case SchemaChange::Kind::kAddEntity: {
      RELATA_ASSIGN_OR_RETURN(done, AddEntity(&database, change));
      break;
    }
    case SchemaChange::Kind::kAddField: {
      RELATA_ASSIGN_OR_RETURN(const FieldSpec spec, FieldOf(change));
      RELATA_RETURN_IF_ERROR(database.AddField(change.entity, spec));
      done = StrCat("added the field ", change.entity, ".", spec.name);
      break;
    }
    case SchemaChange::Kind::kAddIndex: {
      RELATA_ASSIGN_OR_RETURN(done, AddIndex(&database, change));
      break;
    }
    case SchemaChange::Kind::kAddLabel: {
      std::string entity;
      std::string field;
      SplitPath(change.entity, &entity, &field);
      RELATA_RETURN_IF_ERROR(database.AddLabel(entity, field, change.name));
      done = StrCat("added the label ", change.name, " to ", change.entity);
      break;
    }
    case SchemaChange::Kind::kRename: {
      RELATA_ASSIGN_OR_RETURN(done, Rename(&database, change));
      break;
    }
    case SchemaChange::Kind::kDrop: {
      RELATA_ASSIGN_OR_RETURN(done, Drop(&database, change));
      break;
    }
  }
  Print(StrCat(change.store, ": ", done, "\n"));
  return kDone;
}

}  // namespace relata::cli
