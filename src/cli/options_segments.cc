// The command line of the commands about segments and their members.
#include <memory>
#include <string>

#include "src/cli/command_line.h"
#include "src/cli/commands.h"
#include "src/cli/segment_arguments.h"

namespace relata::cli {
namespace {

void AddName(CLI::App* command, std::string* name) {
  command->add_option("segment", *name, "the segment's name")->required()->type_name("SEGMENT");
}

template <class Arguments>
std::shared_ptr<Arguments> AddNamed(CLI::App* parent, Chosen* chosen, const char* name, const char* what,
                                    const char* examples, StatusOr<int> (*run)(const Arguments&),
                                    CLI::App** command) {
  auto arguments = std::make_shared<Arguments>();
  *command = AddCommand(parent, name, what, examples);
  AddStore(*command, &arguments->store);
  AddJson(*command, &arguments->json);
  OnChosen(*command, chosen, arguments, run);
  return arguments;
}

// A command that takes no more than the name of one segment.
void AddOfOne(CLI::App* parent, Chosen* chosen, const char* name, const char* what, const char* examples,
              StatusOr<int> (*run)(const SegmentArguments&)) {
  CLI::App* command = nullptr;
  const auto arguments = AddNamed<SegmentArguments>(parent, chosen, name, what, examples, run, &command);
  AddName(command, &arguments->name);
}

void AddEvents(CLI::App* segment, Chosen* chosen) {
  {
    CLI::App* command = nullptr;
    const auto arguments =
        AddNamed<SegmentEventsArguments>(segment, chosen, "events", "List who entered and left, when and why",
                                         "  relata segment events crm.relata \"quiet top customers\"\n"
                                         "  relata segment events crm.relata --after 1187 --json",
                                         &RunSegmentEvents, &command);
    command->add_option("segment", arguments->name, "one segment; default: all")->type_name("SEGMENT");
    command->add_option("--after", arguments->after, "only what came after this commit")->type_name("COMMIT");
    command->add_option("--limit", arguments->limit, "the latest so many; 0 for all")->capture_default_str();
  }
  {
    CLI::App* command = nullptr;
    const auto arguments = AddNamed<SegmentEventsArguments>(
        segment, chosen, "watch", "Go on telling who enters and leaves, as it happens",
        "  relata segment watch crm.relata \"quiet top customers\" --advance\n"
        "  relata segment watch crm.relata --consumer mail --json     # goes on where it was\n"
        "What other processes write is told too. What only time changes is told once somebody moves the\n"
        "store's clock: --advance does.",
        &RunSegmentWatch, &command);
    command->add_option("segment", arguments->name, "one segment; default: all")->type_name("SEGMENT");
    command->add_option("--consumer", arguments->consumer, "remember under this name what was told")
        ->type_name("NAME");
    command->add_flag("--advance", arguments->advance, "tell what time changes, too");
    command->add_option("--interval", arguments->interval, "seconds between two looks")
        ->check(CLI::Range(0.01, 86'400.0))
        ->capture_default_str();
    command->add_option("--looks", arguments->looks, "end after so many looks; 0: never")
        ->capture_default_str();
  }
}

void AddAudience(CLI::App* app, Chosen* chosen) {
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

}  // namespace

void AddSegments(CLI::App* app, Chosen* chosen) {
  CLI::App* segment = AddCommand(app, "segment", "Segments: conditions whose members are kept, always exact",
                                 "  relata segment define crm.relata \"quiet top customers\" \\\n"
                                 "    \"tier = 'top' and count(interactions where at >= today() - 60) = 0\"\n"
                                 "  relata segment members crm.relata \"quiet top customers\" --order name\n"
                                 "  relata segment why crm.relata \"quiet top customers\" 100000-7");
  segment->require_subcommand(1);
  CLI::App* command = nullptr;
  {
    const auto arguments = AddNamed<SegmentDefineArguments>(
        segment, chosen, "define", "Name a condition, and keep who meets it",
        "  relata segment define crm.relata \"big in Utrecht\" \"visiting.city = 'Utrecht' and revenue > "
        "10000\"\n"
        "  relata segment define crm.relata \"open quotes\" \"status = 'sent'\" --entity quote\n"
        "A segment of that name is defined anew, and keeps its number.",
        &RunSegmentDefine, &command);
    AddName(command, &arguments->name);
    command->add_option("condition", arguments->expression, "an expression")
        ->required()
        ->type_name("CONDITION");
    command->add_option("--entity", arguments->entity, "whose records")->capture_default_str();
    command->add_option("--description", arguments->description, "for people")->type_name("TEXT");
  }
  AddNamed<SegmentArguments>(segment, chosen, "list", "List the segments", "  relata segment list crm.relata",
                             &RunSegmentList, &command);
  AddOfOne(segment, chosen, "show", "Show one segment", "  relata segment show crm.relata \"big in Utrecht\"",
           &RunSegmentShow);
  {
    const auto arguments = AddNamed<SegmentMembersArguments>(
        segment, chosen, "members", "List the members",
        "  relata segment members crm.relata \"big in Utrecht\" --order \"name collate nl\" --limit 20\n"
        "  relata segment members crm.relata \"big in Utrecht\" --select \"number,name,email\" --json",
        &RunSegmentMembers, &command);
    AddName(command, &arguments->name);
    command->add_option("--order", arguments->order, "as of relata find")->type_name("ORDER");
    command->add_option("--select,--fields", arguments->select, "fields and expressions to show")
        ->type_name("LIST");
    command->add_option("--limit", arguments->limit, "records to show; 0 for all")
        ->capture_default_str()
        ->each([=](const std::string&) { arguments->pages = true; });
    command->add_option("--after", arguments->after, "go on behind this cursor")->type_name("CURSOR");
  }
  AddOfOne(segment, chosen, "count", "Count the members",
           "  relata segment count crm.relata \"big in Utrecht\"", &RunSegmentCount);
  {
    const auto arguments = AddNamed<SegmentWhyArguments>(
        segment, chosen, "why", "Tell why a record is or is not a member, and until when",
        "  relata segment why crm.relata \"big in Utrecht\" 100000-7\n"
        "  relata segment why crm.relata \"open quotes\" 17",
        &RunSegmentWhy, &command);
    AddName(command, &arguments->name);
    command->add_option("record", arguments->record, "a relation as of relata show, else a record's id")
        ->required()
        ->type_name("RECORD");
  }
  AddEvents(segment, chosen);
  {
    const auto arguments = AddNamed<SegmentOverlapArguments>(
        segment, chosen, "overlap", "Count what segments have in common",
        "  relata segment overlap crm.relata \"big in Utrecht\" \"quiet top customers\"", &RunSegmentOverlap,
        &command);
    command->add_option("segments", arguments->names, "two or more")
        ->required()
        ->expected(2, 100)
        ->type_name("SEGMENT");
  }
  AddOfOne(segment, chosen, "drop", "Forget a segment and its members",
           "  relata segment drop crm.relata \"big in Utrecht\"", &RunSegmentDrop);
  AddAudience(app, chosen);
}

}  // namespace relata::cli
