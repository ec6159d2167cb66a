// The command line of `relata schema`.
#include <memory>
#include <string>

#include "src/cli/command_line.h"
#include "src/cli/commands.h"

namespace relata::cli {
namespace {

// A change to the schema; the store is the argument of the command it stands under.
std::shared_ptr<SchemaChange> AddChange(CLI::App* schema, Chosen* chosen, SchemaChange::Kind kind,
                                        const std::string* store, const char* name, const char* what,
                                        const char* examples, CLI::App** command) {
  auto change = std::make_shared<SchemaChange>();
  change->kind = kind;
  *command = AddCommand(schema, name, what, examples);
  (*command)->callback([=] {
    change->store = *store;
    *chosen = [=] { return RunSchemaChange(*change); };
  });
  return change;
}

}  // namespace

void AddSchema(CLI::App* app, Chosen* chosen) {
  auto arguments = std::make_shared<SchemaArguments>();
  CLI::App* schema =
      AddCommand(app, "schema", "List entity types, fields and indexes, or change them",
                 "  relata schema crm.relata\n"
                 "  relata schema crm.relata relation\n"
                 "  relata schema crm.relata add-field relation loyalty \"enum(gold, silver)\"");
  AddStore(schema, &arguments->store);
  schema->add_option("entity", arguments->entity, "show this entity type's fields and indexes")
      ->type_name("ENTITY");
  AddJson(schema, &arguments->json);
  schema->require_subcommand(0, 1);
  schema->callback([=] {
    if (schema->get_subcommands().empty()) *chosen = [=] { return RunSchema(*arguments); };
  });
  const std::string* store = &arguments->store;
  using Kind = SchemaChange::Kind;
  CLI::App* command = nullptr;
  constexpr const char* kTypes =
      "  relata schema crm.relata add-field relation loyalty \"enum(gold, silver)\"\n"
      "  relata schema crm.relata add-field person shoe_size \"decimal(1)\" --sensitive\n"
      "Types: text, int64, double, bool, date, timestamp, duration, point, currency, text set, "
      "decimal(digits),\n"
      "money, money(EUR), enum(label, …), label set(label, …), reference(entity), reference set(entity),\n"
      "any reference(entity, …).";
  {
    auto change = AddChange(schema, chosen, Kind::kAddEntity, store, "add-entity", "Add an entity type",
                            "  relata schema crm.relata add-entity machine serial:text "
                            "\"relation:reference(relation)\"",
                            &command);
    command->add_option("name", change->entity, "of the entity type")->required()->type_name("NAME");
    command->add_option("field", change->fields, "its fields, name:type")->type_name("FIELD:TYPE");
    command->add_option("--description", change->description, "what it is");
  }
  {
    auto change =
        AddChange(schema, chosen, Kind::kAddField, store, "add-field", "Add a field", kTypes, &command);
    command->add_option("entity", change->entity, "the entity type")->required()->type_name("ENTITY");
    command->add_option("name", change->name, "of the field")->required()->type_name("NAME");
    command->add_option("type", change->type, "of the field")->required()->type_name("TYPE");
    command->add_option("--default", change->default_value, "for records that say nothing else");
    command->add_option("--description", change->description, "what it holds");
    command->add_flag("--required", change->required, "never empty (records that exist need a default)");
    command->add_flag("--unique", change->unique, "no two records with the same value");
    command->add_flag("--sensitive", change->sensitive, "personal or secret: masked in logs");
    command->add_flag("--history", change->history, "keep former values");
  }
  {
    auto change = AddChange(schema, chosen, Kind::kAddIndex, store, "add-index", "Add an index",
                            "  relata schema crm.relata add-index relation visiting.city name\n"
                            "  relata schema crm.relata add-index person \"folded(last_name)\" first_name\n"
                            "  relata schema crm.relata add-index order -- -total ordered_on",
                            &command);
    command->add_option("entity", change->entity, "the entity type")->required()->type_name("ENTITY");
    command
        ->add_option("part", change->fields,
                     "a field; also folded(field), collated(field, nl), -field for descending order; "
                     "words(field) for search")
        ->required()
        ->type_name("FIELD");
    command->add_option("--name", change->name, "of the index; default: made of its parts");
    command->add_flag("--unique", change->unique, "no two records with the same values");
  }
  {
    auto change =
        AddChange(schema, chosen, Kind::kAddLabel, store, "add-label", "Add a label to an enum or label set",
                  "  relata schema crm.relata add-label relation.loyalty platinum", &command);
    command->add_option("field", change->entity, "the field")->required()->type_name("ENTITY.FIELD");
    command->add_option("label", change->name, "the new label")->required()->type_name("LABEL");
  }
  {
    auto change =
        AddChange(schema, chosen, Kind::kRename, store, "rename", "Rename an entity type or a field",
                  "  relata schema crm.relata rename relation.loyalty rank\n"
                  "  relata schema crm.relata rename machine device",
                  &command);
    command->add_option("what", change->entity, "what is renamed")->required()->type_name("ENTITY[.FIELD]");
    command->add_option("name", change->name, "the new name")->required()->type_name("NAME");
  }
  {
    auto change =
        AddChange(schema, chosen, Kind::kDrop, store, "drop", "Drop an entity type, a field or an index",
                  "  relata schema crm.relata drop relation --index visiting.city\n"
                  "  relata schema crm.relata drop relation.loyalty --yes",
                  &command);
    command->add_option("what", change->entity, "what goes")->required()->type_name("ENTITY[.FIELD]");
    command->add_option("--index", change->index, "only this index of the entity type");
    command->add_flag("--yes", change->yes, "although what records hold there goes with it");
  }
}

}  // namespace relata::cli
