// The command line of the commands about what was written and when.
#include <memory>

#include "src/cli/command_line.h"
#include "src/cli/commands.h"

namespace relata::cli {

void AddHistory(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<LogArguments>();
    CLI::App* command = AddCommand(app, "log", "List the latest commits: when, who, why and what changed",
                                   "  relata log crm.relata\n"
                                   "  relata log crm.relata --limit 100 --changes\n"
                                   "  relata log crm.relata --entity relation --id 17 --changes");
    AddStore(command, &arguments->store);
    command->add_option("--limit", arguments->limit, "commits to show; 0 for all")->capture_default_str();
    command->add_flag("--changes", arguments->changes, "each record that changed, with its former values");
    command->add_option("--entity", arguments->entity, "only commits that touched records of this type")
        ->type_name("ENTITY");
    command->add_option("--id", arguments->id, "and of those, only this record")
        ->needs(command->get_option("--entity"))
        ->check(CLI::PositiveNumber);
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunLog);
  }
  {
    auto arguments = std::make_shared<UndoArguments>();
    CLI::App* command =
        AddCommand(app, "undo", "Take back what one commit did, in a commit of its own",
                   "  relata undo crm.relata 118            # the number that relata log shows\n"
                   "It is refused, and changes nothing, where something of it was changed since.");
    AddStore(command, &arguments->store);
    command->add_option("commit", arguments->commit, "its number")->required()->type_name("COMMIT");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunUndo);
  }
}

}  // namespace relata::cli
