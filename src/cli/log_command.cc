// The commands about what was written and when: log, undo.
#include <algorithm>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "relata/engine/change_log.h"
#include "relata/engine/maintenance.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {
namespace {

constexpr std::string_view kMasked = "***";

std::string_view NameOf(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kInsert:
      return "inserted";
    case ChangeKind::kUpdate:
      return "updated";
    case ChangeKind::kDelete:
      break;
  }
  return "deleted";
}

bool IsSensitive(const schema::Catalogue& catalogue, const Change& change, std::string_view name) {
  const EntityType* type = catalogue.Find(change.type);
  const Field* field = type == nullptr ? nullptr : type->FindField(name);
  return field != nullptr && field->options.sensitive;
}

bool Touches(const LogArguments& asked, const Change& change) {
  return (asked.entity.empty() || change.type == asked.entity) && (asked.id == 0 || change.id == asked.id);
}

// The latest commits that were asked for, the latest first. The log is read backwards, a stretch at a time.
StatusOr<std::vector<Commit>> Latest(const Database& database, const Snapshot& now,
                                     const LogArguments& asked) {
  constexpr uint64_t kStretch = 512;
  RELATA_ASSIGN_OR_RETURN(const DatabaseStats stats, StatsOf(database));
  const LogPosition last = now.position();
  const uint64_t cut = last.sequence - std::min(last.sequence, stats.log_entries);
  std::vector<Commit> found;
  for (uint64_t end = last.sequence; end > cut;) {
    const uint64_t begin = end - std::min(end - cut, kStretch);
    RELATA_ASSIGN_OR_RETURN(std::vector<Commit> stretch,
                            ReadChanges(now, {last.epoch, begin}, static_cast<size_t>(end - begin)));
    for (auto commit = stretch.rbegin(); commit != stretch.rend(); ++commit) {
      if (!asked.entity.empty() && std::none_of(commit->changes.begin(), commit->changes.end(),
                                                [&](const Change& c) { return Touches(asked, c); })) {
        continue;
      }
      found.push_back(std::move(*commit));
      if (found.size() == asked.limit) return found;
    }
    end = begin;
  }
  return found;
}

// "2 inserted, 1 updated".
std::string Summary(const Commit& commit) {
  size_t counts[4] = {};
  for (const Change& change : commit.changes) ++counts[static_cast<size_t>(change.kind)];
  std::string summary;
  for (const ChangeKind kind : {ChangeKind::kInsert, ChangeKind::kUpdate, ChangeKind::kDelete}) {
    const size_t count = counts[static_cast<size_t>(kind)];
    if (count == 0) continue;
    StrAppend(&summary, summary.empty() ? "" : ", ", Grouped(count), " ", NameOf(kind));
  }
  return summary;
}

// "name was Jansen, email was ***".
std::string FormerValues(const schema::Catalogue& catalogue, const Change& change) {
  std::string former;
  for (const auto& [name, value] : change.former) {
    StrAppend(&former, former.empty() ? "" : ", ", name, " was ",
              IsSensitive(catalogue, change, name) ? std::string(kMasked) : value.ToString());
  }
  return former;
}

Json CommitAsJson(const Commit& commit, const LogArguments& asked, const schema::Catalogue& catalogue) {
  Json json = {{"commit", commit.position.sequence},
               {"at", commit.at.ToString()},
               {"principal", commit.principal},
               {"cause", commit.cause},
               {"records", commit.changes.size()}};
  if (!asked.changes) return json;
  Json changes = Json::array();
  for (const Change& change : commit.changes) {
    if (!Touches(asked, change)) continue;
    Json former = Json::object();
    for (const auto& [name, value] : change.former) {
      former[name] =
          IsSensitive(catalogue, change, name) ? Json(std::string(kMasked)) : ToJson(value, catalogue);
    }
    changes.push_back({{"what", NameOf(change.kind)},
                       {"entity", change.type},
                       {"id", change.id},
                       {"former", std::move(former)}});
  }
  json["changes"] = std::move(changes);
  return json;
}

}  // namespace

StatusOr<int> RunLog(const LogArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  const schema::Catalogue& catalogue = now.store_reader().schema().catalogue();
  if (!arguments.entity.empty()) RELATA_RETURN_IF_ERROR(catalogue.Get(arguments.entity).status());
  RELATA_ASSIGN_OR_RETURN(const std::vector<Commit> commits, Latest(database, now, arguments));
  if (arguments.json) {
    Json list = Json::array();
    for (const Commit& commit : commits) list.push_back(CommitAsJson(commit, arguments, catalogue));
    PrintJson(
        {{"epoch", now.position().epoch}, {"last", now.position().sequence}, {"commits", std::move(list)}});
    return kDone;
  }
  if (commits.empty()) {
    Print("no such commits\n");
    return kDone;
  }
  if (!arguments.changes) {
    Table table({{"commit", Align::kRight}, {"at"}, {"by"}, {"cause"}, {"records"}});
    for (const Commit& commit : commits) {
      table.Add({Grouped(commit.position.sequence), commit.at.ToString(), commit.principal, commit.cause,
                 Summary(commit)});
    }
    Print(table.ToString());
    return kDone;
  }
  for (const Commit& commit : commits) {
    Print(StrCat(Styled(Style::kBold, StrCat("commit ", Grouped(commit.position.sequence))), "  ",
                 commit.at.ToString(), commit.principal.empty() ? "" : "  by ", commit.principal,
                 commit.cause.empty() ? "" : "  ", commit.cause, "\n"));
    Table table({{""}, {""}, {"", Align::kRight}, {"", Align::kLeft, 160}}, "  ");
    for (const Change& change : commit.changes) {
      if (!Touches(arguments, change)) continue;
      table.Add({std::string(NameOf(change.kind)), change.type, StrCat("#", change.id),
                 FormerValues(catalogue, change)});
    }
    Print(table.ToString());
  }
  return kDone;
}

StatusOr<int> RunUndo(const UndoArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(Database database, OpenToWrite(arguments.store));
  RELATA_RETURN_IF_ERROR(Undo(&database, arguments.commit));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  const uint64_t sequence = now.position().sequence;
  if (arguments.json) {
    PrintJson({{"undone", arguments.commit}, {"commit", sequence}});
  } else {
    Print(
        StrCat("commit ", Grouped(arguments.commit), " is taken back, by commit ", Grouped(sequence), "\n"));
  }
  return kDone;
}

}  // namespace relata::cli
