// Defines what the declarations of commands share: how a command is added to the command line, and the groups
// of commands, one file each.
//
// Only main.cc and the options_*.cc see CLI11; the commands themselves (commands.h) know their arguments as
// structs. What CLI11 reads, it writes into those structs, which a command's callback owns.
//
// Thread safety: the one thread that reads the command line.
#ifndef RELATA_CLI_COMMAND_LINE_H_
#define RELATA_CLI_COMMAND_LINE_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "relata/base/status.h"

namespace relata::cli {

// The command that was chosen, with its arguments read.
using Chosen = std::function<StatusOr<int>()>;

// CLI11 calls back what was chosen after everything is read.
template <class Arguments>
void OnChosen(CLI::App* command, Chosen* chosen, std::shared_ptr<Arguments> arguments,
              StatusOr<int> (*run)(const Arguments&)) {
  command->callback([=] { *chosen = [=] { return run(*arguments); }; });
}

// A command with its own help, which ends with these examples.
CLI::App* AddCommand(CLI::App* parent, const char* name, const char* what, const char* examples);
// The store's file, the first argument of nearly every command.
void AddStore(CLI::App* command, std::string* store);
void AddJson(CLI::App* command, bool* json);

// Groups of commands.
void AddAnswers(CLI::App* app, Chosen* chosen);   // find, count, group, search, show, pyramid
void AddSegments(CLI::App* app, Chosen* chosen);  // segment define, members, …; audience
void AddHistory(CLI::App* app, Chosen* chosen);   // log, undo
void AddSchema(CLI::App* app, Chosen* chosen);    // schema and what changes it

}  // namespace relata::cli

#endif  // RELATA_CLI_COMMAND_LINE_H_
