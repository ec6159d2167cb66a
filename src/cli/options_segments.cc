// The command line of the commands about segments.
#include <memory>

#include "src/cli/command_line.h"
#include "src/cli/commands.h"

namespace relata::cli {

void AddSegments(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<AudienceArguments>();
    CLI::App* command = AddCommand(
        app, "audience", "Tell who of a segment may be written to, and why the others may not",
        "  relata audience crm.relata \"quiet customers\" --purpose newsletter --channel email\n"
        "  relata audience crm.relata customers --purpose offers --channel letter --opt-out --per household\n"
        "  relata audience crm.relata contacts --purpose offers --channel email --at-most 2 --days 30 "
        "--left-out\n"
        "Consent and objections are those of the store; one message goes to each person.");
    AddStore(command, &arguments->store);
    command->add_option("segment", arguments->segment, "its name")->required()->type_name("SEGMENT");
    command->add_option("--purpose", arguments->purpose, "as consents have it, such as newsletter")
        ->required()
        ->type_name("PURPOSE");
    command->add_option("--channel", arguments->channel, "such as email, letter, phone")
        ->capture_default_str()
        ->type_name("CHANNEL");
    command->add_flag("--opt-out", arguments->opt_out, "all but those who objected; no consent is needed");
    command->add_option("--per", arguments->one_per, "who gets one message: person, household or relation")
        ->check(CLI::IsMember({"person", "household", "relation"}))
        ->capture_default_str();
    auto* at_most = command
                        ->add_option("--at-most", arguments->at_most,
                                     "not to those who got so many messages in the last days")
                        ->type_name("NUMBER");
    command->add_option("--days", arguments->days, "today included")
        ->needs(at_most)
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_flag("--left-out", arguments->left_out, "list those who are left out too");
    command->add_option("--limit", arguments->limit, "records to list; 0 for all")->capture_default_str();
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunAudience);
  }
}

}  // namespace relata::cli
