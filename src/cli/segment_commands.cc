// The commands about segments and their members: define, list, show, members, count, why, overlap, drop.
#include <charconv>
#include <cmath>

#include "relata/answers/card.h"
#include "relata/base/strings.h"
#include "relata/engine/segment_sets.h"
#include "relata/engine/segment_why.h"
#include "relata/engine/segments.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/relation_lookup.h"
#include "src/cli/segment_arguments.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {
namespace {

std::string_view NameOf(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kStored:
      return "stored";
    case SegmentKind::kWindowed:
      return "windowed";
    case SegmentKind::kDaily:
      return "daily";
    case SegmentKind::kComputed:
      break;
  }
  return "computed";
}

StatusOr<Segment> FindSegment(const Reader& reader, std::string_view name) {
  RELATA_RETURN_IF_ERROR(reader.store_reader().schema().catalogue().GetSegment(name).status());
  RELATA_ASSIGN_OR_RETURN(const std::vector<Segment> segments, Segments(reader));
  for (const Segment& segment : segments) {
    if (segment.name == name) return segment;
  }
  return absl::InternalError(StrCat("segment ", Quoted(name), " is in the catalogue, but not in the list"));
}

Json AsJson(const Segment& segment, uint64_t members) {
  return {{"name", segment.name},
          {"entity", segment.entity},
          {"expression", segment.expression},
          {"description", segment.description},
          {"version", segment.version},
          {"kind", NameOf(segment.kind)},
          {"ready", segment.ready},
          {"members", members}};
}

// The record of a segment's type that a text names.
StatusOr<RecordId> LookUpRecord(const Reader& reader, std::string_view entity, std::string_view text) {
  if (entity == "relation") {
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> id, LookUpRelation(reader, text));
    return id.value;
  }
  const std::string_view digits = text.starts_with('#') ? text.substr(1) : text;
  RecordId id = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
    return absl::InvalidArgumentError(
        StrCat(Quoted(text), ": give the id of a record of ", entity, ", such as 17"));
  }
  return id;
}

}  // namespace

StatusOr<int> RunSegmentDefine(const SegmentDefineArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(Database database, OpenToWrite(arguments.store));
  {
    Progress progress("looking for members");
    RELATA_RETURN_IF_ERROR(DefineSegment(
        &database, arguments.name, arguments.entity, arguments.expression, arguments.description,
        [&](uint64_t done, uint64_t total) { progress.Update(done, total); }));
  }
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const Segment segment, FindSegment(now, arguments.name));
  RELATA_ASSIGN_OR_RETURN(const uint64_t members, CountMembers(now, arguments.name));
  if (arguments.json) {
    PrintJson(AsJson(segment, members));
  } else {
    Print(StrCat(Quoted(segment.name), " has ", Grouped(members), members == 1 ? " member\n" : " members\n"));
  }
  return kDone;
}

StatusOr<int> RunSegmentList(const SegmentArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const std::vector<Segment> segments, Segments(now));
  Json list = Json::array();
  Table table({{"segment"}, {"of"}, {"members", Align::kRight}, {"kind"}, {"condition", Align::kLeft, 72}});
  for (const Segment& segment : segments) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t members, CountMembers(now, segment.name));
    list.push_back(AsJson(segment, members));
    table.Add({segment.name, segment.entity, Grouped(members), std::string(NameOf(segment.kind)),
               segment.expression});
  }
  if (arguments.json) {
    PrintJson({{"segments", std::move(list)}});
  } else {
    Print(table.empty() ? "no segments yet; relata segment define makes one\n" : table.ToString());
  }
  return kDone;
}

StatusOr<int> RunSegmentShow(const SegmentArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const Segment segment, FindSegment(now, arguments.name));
  RELATA_ASSIGN_OR_RETURN(const uint64_t members, CountMembers(now, arguments.name));
  if (arguments.json) {
    PrintJson(AsJson(segment, members));
    return kDone;
  }
  Table table({{""}, {"", Align::kLeft, 160}});
  table.Add({"members", StrCat(Grouped(members), " of ", segment.entity)});
  table.Add({"condition", segment.expression});
  if (!segment.description.empty()) table.Add({"description", segment.description});
  table.Add({"kind", std::string(NameOf(segment.kind))});
  table.Add({"version", StrCat(segment.version)});
  if (!segment.ready && segment.kind != SegmentKind::kComputed)
    table.Add({"", "being built: read by a query"});
  Print(StrCat(Styled(Style::kBold, segment.name), "\n", table.ToString()));
  return kDone;
}

StatusOr<int> RunSegmentCount(const SegmentArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const uint64_t members, CountMembers(now, arguments.name));
  if (arguments.json) {
    PrintJson({{"segment", arguments.name}, {"members", members}});
  } else {
    Print(StrCat(members, "\n"));
  }
  return kDone;
}

StatusOr<int> RunSegmentMembers(const SegmentMembersArguments& arguments) {
  FindArguments find;
  {
    RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
    RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
    RELATA_ASSIGN_OR_RETURN(const Segment segment, FindSegment(now, arguments.name));
    find.entity = segment.entity;
  }
  std::string name;
  for (const char c : arguments.name) name.append(c == '\'' ? 2 : 1, c);
  find.store = arguments.store;
  find.conditions = {StrCat("in segment '", name, "'")};
  find.order = arguments.order;
  find.after = arguments.after;
  find.select = arguments.select;
  find.limit = arguments.limit;
  find.pages = arguments.pages;
  find.json = arguments.json;
  return RunFind(find);
}

StatusOr<int> RunSegmentWhy(const SegmentWhyArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  RELATA_ASSIGN_OR_RETURN(const Segment segment, FindSegment(now, arguments.name));
  RELATA_ASSIGN_OR_RETURN(const RecordId id, LookUpRecord(now, segment.entity, arguments.record));
  RELATA_ASSIGN_OR_RETURN(const Explanation why, Why(now, arguments.name, id));
  const schema::Catalogue& catalogue = now.store_reader().schema().catalogue();
  if (!arguments.json) {
    RELATA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Load(catalogue.settings().time_zone));
    Print(Describe(why, zone));
    return kDone;
  }
  Json conditions = Json::array();
  for (const ExplainedCondition& condition : why.conditions) {
    Json values = Json::object();
    for (const ExplainedOperand& operand : condition.operands) {
      values[operand.text] = ToJson(operand.value, catalogue);
    }
    Json result = nullptr;
    if (condition.result != ConditionResult::kUnknown) result = condition.result == ConditionResult::kTrue;
    conditions.push_back({{"condition", condition.text},
                          {"depth", condition.depth},
                          {"result", std::move(result)},
                          {"values", std::move(values)}});
  }
  PrintJson({{"segment", why.segment},
             {"entity", segment.entity},
             {"id", why.record},
             {"member", why.member},
             {"until", why.until ? Json(why.until->ToString()) : Json(nullptr)},
             {"horizon", why.horizon ? Json(why.horizon->ToString()) : Json(nullptr)},
             {"conditions", std::move(conditions)}});
  return kDone;
}

StatusOr<int> RunSegmentOverlap(const SegmentOverlapArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  std::vector<Segment> segments;
  std::vector<Members> members;
  for (const std::string& name : arguments.names) {
    RELATA_ASSIGN_OR_RETURN(segments.emplace_back(), FindSegment(now, name));
    if (segments.back().entity != segments.front().entity) {
      return absl::InvalidArgumentError(StrCat(Quoted(name), " holds records of ", segments.back().entity,
                                               ", ", Quoted(segments.front().name), " of ",
                                               segments.front().entity, "; compare segments of one type"));
    }
    RELATA_ASSIGN_OR_RETURN(members.emplace_back(), MembersOf(now, name));
  }
  Json list = Json::array();
  Table table({{"segment"},
               {"and"},
               {"in both", Align::kRight},
               {"first alone", Align::kRight},
               {"second alone", Align::kRight},
               {"alike", Align::kRight}});
  for (size_t a = 0; a < members.size(); ++a) {
    for (size_t b = a + 1; b < members.size(); ++b) {
      const Overlap overlap = OverlapOf(members[a], members[b]);
      list.push_back({{"a", arguments.names[a]},
                      {"b", arguments.names[b]},
                      {"in_both", overlap.in_both},
                      {"only_a", overlap.only_a},
                      {"only_b", overlap.only_b},
                      {"similarity", std::round(overlap.similarity() * 1e6) / 1e6}});
      table.Add({arguments.names[a], arguments.names[b], Grouped(overlap.in_both), Grouped(overlap.only_a),
                 Grouped(overlap.only_b), Percentage(overlap.similarity())});
    }
  }
  if (arguments.json) {
    PrintJson({{"overlaps", std::move(list)}});
  } else {
    Print(table.ToString());
  }
  return kDone;
}

StatusOr<int> RunSegmentDrop(const SegmentArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(Database database, OpenToWrite(arguments.store));
  RELATA_RETURN_IF_ERROR(DropSegment(&database, arguments.name));
  if (arguments.json) {
    PrintJson({{"dropped", arguments.name}});
  } else {
    Print(StrCat(Quoted(arguments.name), " is dropped\n"));
  }
  return kDone;
}

}  // namespace relata::cli
