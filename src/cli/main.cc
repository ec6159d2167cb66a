// The relata command: its command line, help and exit codes. What the commands do stands in commands.h.
#include <signal.h>

#include <memory>
#include <string>

#include "relata/base/strings.h"
#include "src/cli/command_line.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"

namespace relata::cli {

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

namespace {

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
  AddSegments(&app, &chosen);
  AddHistory(&app, &chosen);
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
