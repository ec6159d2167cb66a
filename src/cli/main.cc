// The relata command: its command line, help and exit codes. What the commands do stands in commands.h.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "relata/base/strings.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"

namespace relata::cli {
namespace {

// The command that was chosen, with its arguments read.
using Chosen = std::function<StatusOr<int>()>;

// CLI11 calls back what was chosen after everything is read.
template <class Arguments>
void OnChosen(CLI::App* command, Chosen* chosen, std::shared_ptr<Arguments> arguments,
              StatusOr<int> (*run)(const Arguments&)) {
  command->callback([=] { *chosen = [=] { return run(*arguments); }; });
}

CLI::App* AddCommand(CLI::App* parent, const char* name, const char* what, const char* examples) {
  CLI::App* command = parent->add_subcommand(name, what);
  command->footer(StrCat("Examples:\n", examples));
  return command;
}

void AddStore(CLI::App* command, std::string* store) {
  command->add_option("store", *store, "the store's file")->required()->type_name("STORE");
}

void AddJson(CLI::App* command, bool* json) {
  command->add_flag("--json", *json, "answer as JSON, for programs");
}

void AddDate(CLI::App* command, const char* name, std::optional<Date>* date, const char* what) {
  command
      ->add_option_function<std::string>(
          name,
          [=](const std::string& text) {
            const StatusOr<Date> parsed = Date::Parse(text);
            if (!parsed.ok()) throw CLI::ValidationError(name, StrCat(text, ": a day is YYYY-MM-DD"));
            *date = *parsed;
          },
          what)
      ->type_name("DAY");
}

void AddStoreCommands(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<InitArguments>();
    CLI::App* command =
        AddCommand(app, "init", "Make a new store",
                   "  relata init crm.relata\n"
                   "  relata init shop.relata --currency GBP --time-zone Europe/London --locale en");
    AddStore(command, &arguments->store);
    command->add_option("--currency", arguments->currency, "currency of totals, ISO 4217")
        ->capture_default_str();
    command->add_option("--time-zone", arguments->time_zone, "whose days count")->capture_default_str();
    command->add_option("--locale", arguments->locale, "how texts are sorted")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunInit);
  }
  {
    auto arguments = std::make_shared<StoreArguments>();
    CLI::App* command = AddCommand(app, "stats", "Records and bytes", "  relata stats crm.relata");
    AddStore(command, &arguments->store);
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunStats);
  }
  {
    auto arguments = std::make_shared<StoreArguments>();
    CLI::App* command = AddCommand(app, "check", "Walk everything and report damage (exit code 3: findings)",
                                   "  relata check crm.relata\n"
                                   "  relata check crm.relata --json || echo \"look at it\"");
    AddStore(command, &arguments->store);
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunCheck);
  }
  {
    auto arguments = std::make_shared<CopyArguments>();
    CLI::App* command = AddCommand(app, "backup", "Write a whole, compacted copy while work goes on",
                                   "  relata backup crm.relata crm-2026-06-30.relata");
    AddStore(command, &arguments->from);
    command->add_option("copy", arguments->to, "the new file")->required()->type_name("FILE");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunBackup);
  }
  {
    auto arguments = std::make_shared<CopyArguments>();
    CLI::App* command = AddCommand(app, "restore", "Make a store of a backup, which is checked first",
                                   "  relata restore crm.relata crm-2026-06-30.relata\n"
                                   "  relata restore crm.relata crm-2026-06-30.relata --replace");
    AddStore(command, &arguments->to);
    command->add_option("backup", arguments->from, "the backup")->required()->type_name("FILE");
    command->add_flag("--replace", arguments->replace, "in place of the store that is there");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunRestore);
  }
}

void AddImport(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<ImportArguments>();
    CLI::App* command = AddCommand(
        app, "import", "Bring exported files into a store, which is made if there is none",
        "  relata import crm.relata --mapping examples/online_retail/mapping.json online-retail.csv.gz\n"
        "  relata import crm.relata --mapping mapping.json exports/\n"
        "The same import again changes nothing but what changed in the files. Rejected rows go to a file, "
        "and the\n"
        "exit code is 3. Ctrl-C stops after the rows at hand; the same import again goes on from there.");
    AddStore(command, &arguments->store);
    command
        ->add_option("file", arguments->files,
                     "files, or folders of them; gzip is unpacked; - is standard input")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--mapping", arguments->mapping, "which column feeds which field (examples/MAPPING.md)")
        ->required()
        ->type_name("FILE");
    command->add_option("--rejects", arguments->rejects, "where rejected rows go; default: STORE-rejects.csv")
        ->type_name("FILE");
    command->add_option("--chunk-rows", arguments->chunk_rows, "rows per commit")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--time-zone", arguments->time_zone, "of a store that is made")
        ->capture_default_str();
    command->add_option("--locale", arguments->locale, "of a store that is made")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunImport);
  }
  {
    auto arguments = std::make_shared<GuessArguments>();
    CLI::App* command = AddCommand(app, "guess", "Propose a mapping for files, to look over and edit",
                                   "  relata guess debtors.csv orders.csv\n"
                                   "  relata guess exports/*.csv --out mapping.json");
    command->add_option("file", arguments->files, "the files")->required()->type_name("FILE");
    command->add_option("--out", arguments->out, "a new file for the mapping; default: standard output")
        ->type_name("FILE");
    OnChosen(command, chosen, arguments, &RunGuess);
  }
}

void AddAnswers(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<FindArguments>();
    CLI::App* command =
        AddCommand(app, "find", "Find records by the values of their fields",
                   "  relata find crm.relata relation name=jansen* visiting.city=Utrecht\n"
                   "  relata find crm.relata order relation=100000-7 status=open\n"
                   "  relata find crm.relata relation email= --fields number,name --limit 0\n"
                   "A condition is field=value, field=beginning*, field==value (case and accents\n"
                   "count) or field= (is empty). Quote it where your shell would expand the *.");
    AddStore(command, &arguments->store);
    command->add_option("entity", arguments->entity, "such as relation, person, order")
        ->required()
        ->type_name("ENTITY");
    command->add_option("condition", arguments->conditions, "all of which hold")->type_name("FIELD=VALUE");
    command->add_option("--fields", arguments->fields, "fields to show, separated by commas")->delimiter(',');
    command->add_option("--limit", arguments->limit, "records to show; 0 for all")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunFind);
  }
  {
    auto arguments = std::make_shared<ShowArguments>();
    CLI::App* command = AddCommand(app, "show", "Show a relation with everything attached, newest first",
                                   "  relata show crm.relata 100000-7\n"
                                   "  relata show crm.relata 10001            # a debtor number\n"
                                   "  relata show crm.relata \"bakkerij jansen\" --json");
    AddStore(command, &arguments->store);
    command
        ->add_option("relation", arguments->relation,
                     "its relation number, a source's code for it, its name, "
                     "or the beginning of that")
        ->required()
        ->type_name("RELATION");
    command->add_option("--limit", arguments->limit, "items of each kind")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunShow);
  }
  {
    auto arguments = std::make_shared<PyramidArguments>();
    CLI::App* command =
        AddCommand(app, "pyramid", "Rank the customers of a period in classes",
                   "  relata pyramid crm.relata --from 2025-01-01 --to 2026-01-01\n"
                   "  relata pyramid crm.relata --from 2010-12-01 --to 2011-12-10 --json\n"
                   "  relata pyramid crm.relata --by margin --classes a:10,b:20,c:70 --top 25");
    AddStore(command, &arguments->store);
    AddDate(command, "--from", &arguments->from, "first day of the period; default: a year before --to");
    AddDate(command, "--to", &arguments->to, "first day after the period; default: tomorrow");
    AddDate(command, "--before-from", &arguments->before_from,
            "first day of the period compared with; default: as many days, right before");
    AddDate(command, "--before-to", &arguments->before_to, "first day after that period");
    command->get_option("--before-from")->needs(command->get_option("--before-to"));
    command->get_option("--before-to")->needs(command->get_option("--before-from"));
    command
        ->add_option_function<std::string>(
            "--by", [arguments](const std::string& by) { arguments->margin = by == "margin"; },
            "revenue or margin; default: revenue")
        ->check(CLI::IsMember({"revenue", "margin"}));
    command
        ->add_option("--classes", arguments->classes,
                     "from the top, with the share of customers in per cent; default: "
                     "top:1,large:4,medium:15,small:80")
        ->delimiter(',');
    command->add_option("--top", arguments->top, "customers to list")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunPyramid);
  }
}

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
                     "a field; also folded(field), collated(field, nl), -field for descending order")
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

void AddVersion(CLI::App* app, Chosen* chosen) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = AddCommand(app, "version", "The version of relata and of what stores depend on",
                                 "  relata version --json");
  AddJson(command, json.get());
  command->callback([=] { *chosen = [=] { return RunVersion(*json); }; });
}

int Main(int argc, char** argv) {
  // A reader that goes away is seen when writing fails (terminal.h).
  (void)signal(SIGPIPE, SIG_IGN);
  CLI::App app{"relata keeps a company's customers, suppliers and prospects in one file, and answers.",
               "relata"};
  app.footer(
      "The store is the first argument of every command but guess; relata COMMAND --help has examples.\n"
      "Exit codes: 0 done; 1 failed, and standard error says what to do; 2 wrong command line; 3 done, with\n"
      "rejected rows or findings to look at; 130 stopped by Ctrl-C, the store is whole.");
  app.set_version_flag("--version", StrCat("relata ", RELATA_VERSION));
  app.require_subcommand(1, 1);
  app.option_defaults()->always_capture_default(false);
  Chosen chosen;
  AddStoreCommands(&app, &chosen);
  AddImport(&app, &chosen);
  AddAnswers(&app, &chosen);
  AddSchema(&app, &chosen);
  AddVersion(&app, &chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // help, version
      (void)app.exit(error);
      return CloseOutput(kDone);
    }
    PrintError(StrCat(error.what(), "; relata ",
                      app.get_subcommands().empty() ? "" : app.get_subcommands().front()->get_name() + " ",
                      "--help shows how"));
    return kUsage;
  }
  const StatusOr<int> code = chosen();
  if (!code.ok()) {
    PrintError(code.status());
    return CloseOutput(kFailed);
  }
  return CloseOutput(*code);
}

}  // namespace
}  // namespace relata::cli

int main(int argc, char** argv) { return relata::cli::Main(argc, argv); }
