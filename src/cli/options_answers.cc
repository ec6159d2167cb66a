// The command line of the commands that answer questions.
#include <memory>
#include <optional>
#include <string>

#include "relata/base/strings.h"
#include "src/cli/command_line.h"
#include "src/cli/commands.h"

namespace relata::cli {
namespace {

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

// What find, count and group begin with.
template <class Arguments>
void AddCondition(CLI::App* command, Arguments* arguments) {
  AddStore(command, &arguments->store);
  command->add_option("entity", arguments->entity, "such as relation, person, order")
      ->required()
      ->type_name("ENTITY");
  command->add_option("condition", arguments->conditions, "expressions, all of which hold")
      ->type_name("CONDITION");
  command->add_option("--param", arguments->parameters, "a value for :NAME; @NUMBER is that relation")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

}  // namespace

void AddAnswers(CLI::App* app, Chosen* chosen) {
  {
    auto arguments = std::make_shared<FindArguments>();
    CLI::App* command = AddCommand(
        app, "find", "Find the records that meet a condition",
        "  relata find crm.relata relation \"visiting.city = 'Utrecht'\" --order \"name collate nl\" --limit "
        "20\n"
        "  relata find crm.relata order \"relation = :r and status = 'open'\" --param r=@100000-7\n"
        "  relata find crm.relata relation \"sum(orders.total) > 10000\" --select "
        "\"name,sum(orders.total)\"\n"
        "  relata find crm.relata relation \"name ilike 'jansen%'\" --explain\n"
        "A condition is an expression; texts stand between single quotes.");
    AddCondition(command, arguments.get());
    command->add_option("--order", arguments->order, "as \"visiting.city, credit_limit desc\"")
        ->type_name("ORDER");
    command->add_option("--select,--fields", arguments->select, "fields and expressions to show")
        ->type_name("LIST");
    auto* limit =
        command->add_option("--limit", arguments->limit, "records to show; 0 for all")->capture_default_str();
    limit->each([=](const std::string&) { arguments->pages = true; });
    command->add_option("--after", arguments->after, "go on behind this cursor")->type_name("CURSOR");
    command->add_flag("--explain", arguments->explain, "show the plan instead");
    command->add_flag("--analyze", arguments->analyze, "run it, and show the plan with what was");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunFind);
  }
  {
    auto arguments = std::make_shared<FindArguments>();
    CLI::App* command = AddCommand(app, "count", "Count the records that meet a condition",
                                   "  relata count crm.relata relation \"credit_limit > 5000\"");
    AddCondition(command, arguments.get());
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunCount);
  }
  {
    auto arguments = std::make_shared<GroupArguments>();
    CLI::App* command = AddCommand(
        app, "group", "Group records, and count, add up and compare them",
        "  relata group crm.relata relation --by visiting.city --order \"count desc\"\n"
        "  relata group crm.relata order --by \"relation.name,year(ordered_on)\" --sum total\n"
        "  relata group crm.relata order --by relation --sum total --having \"sum(total) > 1000\"");
    AddCondition(command, arguments.get());
    command->add_option("--by", arguments->by, "expressions between commas; none: one group")
        ->type_name("LIST");
    command->add_flag_function(
        "--count", [=](int64_t) { arguments->aggregates.emplace_back("count"); },
        "count the records (default)");
    for (const char* name : {"sum", "avg", "min", "max", "distinct"}) {
      command
          ->add_option_function<std::vector<std::string>>(
              StrCat("--", name),
              [=](const std::vector<std::string>& values) {
                for (const std::string& of : values) arguments->aggregates.push_back(StrCat(name, " ", of));
              },
              "of an expression")
          ->type_name("EXPRESSION")
          ->allow_extra_args(false);
    }
    command->add_option("--having", arguments->having, "as \"count > 10\"")->type_name("CONDITION");
    command->add_option("--order", arguments->order, "columns, as \"count desc\"; else by key")
        ->type_name("ORDER");
    command->add_option("--limit", arguments->limit, "groups to show; 0 for all")->capture_default_str();
    command->add_flag("--explain", arguments->explain, "show the plan, run");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunGroup);
  }
  {
    auto arguments = std::make_shared<SearchArguments>();
    CLI::App* command =
        AddCommand(app, "search", "Find records by the words of their names, the best first",
                   "  relata search crm.relata relation \"bakk* jans\"\n"
                   "  relata search crm.relata person \"jan jansne\" --typos\n"
                   "  relata search crm.relata person jans --fields last_name:3,first_name --limit 20\n"
                   "All words have to be there; the last one may be a beginning, others too with a *.");
    AddStore(command, &arguments->store);
    command->add_option("entity", arguments->entity, "such as relation, person, product")
        ->required()
        ->type_name("ENTITY");
    command->add_option("text", arguments->text, "the words")->required()->type_name("TEXT");
    command
        ->add_option("--fields", arguments->fields,
                     "fields to look in, with their weights; default: all that have an index of words")
        ->delimiter(',')
        ->type_name("FIELD[:WEIGHT]");
    command->add_option("--limit", arguments->limit, "records to show")->capture_default_str();
    command->add_flag("--typos", arguments->typos, "forgive one slip in each longer word");
    AddJson(command, &arguments->json);
    OnChosen(command, chosen, arguments, &RunSearch);
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

}  // namespace relata::cli
