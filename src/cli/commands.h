// Defines the commands: what each is told and the function that does it.
//
//   StatusOr<int> code = RunCheck({.store = "crm.relata"});
//
// A function prints its answer, tables for people or, with `json`, one document for programs, and returns the
// exit code; a failure is returned for the caller to print. main.cc makes the arguments from the command
// line and holds the help; src/README.md lists the keys of the documents.
#ifndef RELATA_CLI_COMMANDS_H_
#define RELATA_CLI_COMMANDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"

namespace relata::cli {

struct InitArguments {
  std::string store;
  std::string currency = "EUR";
  std::string time_zone = "Europe/Amsterdam";
  std::string locale = "nl";
  bool json = false;
};
StatusOr<int> RunInit(const InitArguments& arguments);

struct ImportArguments {
  std::string store;  // made if there is none
  std::string mapping;
  std::vector<std::string> files;
  std::string rejects;  // default: the store's name and "-rejects.csv"
  size_t chunk_rows = 10'000;
  std::string time_zone = "Europe/Amsterdam";  // of a store that is made, as the locale
  std::string locale = "nl";
  bool json = false;
};
StatusOr<int> RunImport(const ImportArguments& arguments);

struct GuessArguments {
  std::vector<std::string> files;
  std::string out;  // empty: standard output
};
StatusOr<int> RunGuess(const GuessArguments& arguments);

struct StoreArguments {
  std::string store;
  bool json = false;
};
StatusOr<int> RunStats(const StoreArguments& arguments);
StatusOr<int> RunCheck(const StoreArguments& arguments);

struct CopyArguments {
  std::string from;
  std::string to;
  bool replace = false;  // of a restore: the store that is there
  bool json = false;
};
StatusOr<int> RunBackup(const CopyArguments& arguments);
StatusOr<int> RunRestore(const CopyArguments& arguments);

struct FindArguments {
  std::string store;
  std::string entity;
  std::vector<std::string> conditions;  // expressions, all of which hold
  std::vector<std::string> parameters;  // query_arguments.h
  std::string order;                    // relata/query/order_text.h
  std::string after;                    // a cursor
  std::string select;                   // fields and expressions between commas; empty: a choice of fields
  uint64_t limit = 50;                  // records shown, 0 for all; the total counts all
  bool pages = false;                   // a limit was asked for: say how to go on
  bool explain = false;                 // the plan instead
  bool analyze = false;                 // the plan, run
  bool json = false;
};
StatusOr<int> RunFind(const FindArguments& arguments);
// How many; order, cursor, selection and limit do not count.
StatusOr<int> RunCount(const FindArguments& arguments);

struct GroupArguments {
  std::string store;
  std::string entity;
  std::vector<std::string> conditions;
  std::vector<std::string> parameters;
  std::string by;  // expressions between commas; empty: all in one group
  // "count", "sum total": a column each; empty: count.
  std::vector<std::string> aggregates;
  std::string having;   // "sum(total) > 1000", with a column's title on the left
  std::string order;    // titles of columns, each with desc behind it or not
  uint64_t limit = 50;  // groups shown, 0 for all
  bool explain = false;
  bool json = false;
};
StatusOr<int> RunGroup(const GroupArguments& arguments);

struct SearchArguments {
  std::string store;
  std::string entity;
  std::string text;
  std::vector<std::string> fields;  // name or name:weight; empty: all with an index of words
  size_t limit = 10;
  bool typos = false;
  bool json = false;
};
StatusOr<int> RunSearch(const SearchArguments& arguments);

struct ShowArguments {
  std::string store;
  std::string relation;  // relation_lookup.h
  size_t limit = 5;      // items of each collection
  bool json = false;
};
StatusOr<int> RunShow(const ShowArguments& arguments);

struct PyramidArguments {
  std::string store;
  std::optional<Date> from;  // default: twelve months before `to`
  std::optional<Date> to;    // the first day after the period; default: tomorrow
  std::optional<Date> before_from;
  std::optional<Date> before_to;
  bool margin = false;
  std::vector<std::string> classes;  // "top:1", per cent; empty: 1, 4, 15 and 80
  size_t top = 10;                   // customers listed
  bool json = false;
};
StatusOr<int> RunPyramid(const PyramidArguments& arguments);

struct AudienceArguments {
  std::string store;
  std::string segment;
  std::string purpose;
  std::string channel = "email";   // a label of the channels of consents
  std::string one_per = "person";  // or household, relation
  std::optional<uint32_t> at_most;
  int32_t days = 30;
  size_t limit = 50;  // records listed, 0 for all
  bool opt_out = false;
  bool left_out = false;  // list those too
  bool json = false;
};
StatusOr<int> RunAudience(const AudienceArguments& arguments);

struct LogArguments {
  std::string store;
  size_t limit = 20;     // commits, the latest first; 0 for all
  bool changes = false;  // each record that changed
  std::string entity;    // only commits that touched records of this type
  uint64_t id = 0;       // and of those this record; 0: any
  bool json = false;
};
StatusOr<int> RunLog(const LogArguments& arguments);

struct UndoArguments {
  std::string store;
  uint64_t commit = 0;  // its sequence
  bool json = false;
};
StatusOr<int> RunUndo(const UndoArguments& arguments);

// Lists the entity types, or the fields and indexes of one.
struct SchemaArguments {
  std::string store;
  std::string entity;
  bool json = false;
};
StatusOr<int> RunSchema(const SchemaArguments& arguments);

// One change to the schema.
struct SchemaChange {
  enum class Kind { kAddEntity, kAddField, kAddIndex, kAddLabel, kRename, kDrop };
  Kind kind = Kind::kAddField;
  std::string store;
  std::string entity;               // kRename, kDrop: with a field behind a dot where that is meant
  std::string name;                 // of the new field, index or label; the new name
  std::string type;                 // field_type.h
  std::vector<std::string> fields;  // kAddEntity: "name:type"; kAddIndex: the parts
  std::string description;
  std::string default_value;
  std::string index;  // kDrop: the index that is meant
  bool required = false;
  bool unique = false;
  bool sensitive = false;
  bool history = false;
  bool yes = false;  // kDrop: although data goes with it
};
StatusOr<int> RunSchemaChange(const SchemaChange& change);

StatusOr<int> RunVersion(bool json);

}  // namespace relata::cli

#endif  // RELATA_CLI_COMMANDS_H_
