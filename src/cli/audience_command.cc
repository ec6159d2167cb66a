// The command audience.
#include <algorithm>
#include <map>

#include "relata/answers/card.h"
#include "relata/base/strings.h"
#include "relata/engine/audience.h"
#include "relata/engine/database.h"
#include "src/base/nearest.h"
#include "src/cli/commands.h"
#include "src/cli/json.h"
#include "src/cli/open.h"
#include "src/cli/table.h"
#include "src/cli/terminal.h"
#include "src/store/reader.h"

namespace relata::cli {
namespace {

using audience::Audience;
using audience::AudienceSpec;
using audience::LeftOut;
using audience::Recipient;

// Channels by the labels of the store's consents.
StatusOr<crm::Channel> ReadChannel(const store::Reader& reader, std::string_view name) {
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* consent, reader.schema().Get("consent"));
  RELATA_ASSIGN_OR_RETURN(const Field* field, schema::GetField(*consent->type, "channel"));
  if (const Label* label = field->FindLabel(name)) return static_cast<crm::Channel>(label->code);
  std::vector<std::string_view> names;
  for (const Label& label : field->labels) names.push_back(label.name);
  return absl::InvalidArgumentError(StrCat("unknown channel ", Quoted(name), DidYouMean(name, names)));
}

StatusOr<AudienceSpec> ReadSpec(const store::Reader& reader, const AudienceArguments& arguments) {
  AudienceSpec spec{.purpose = arguments.purpose};
  RELATA_ASSIGN_OR_RETURN(spec.channel, ReadChannel(reader, arguments.channel));
  if (arguments.opt_out) spec.rule = audience::ConsentRule::kOptOut;
  const std::map<std::string_view, audience::OnePer> units = {{"person", audience::OnePer::kPerson},
                                                              {"household", audience::OnePer::kHousehold},
                                                              {"relation", audience::OnePer::kRelation}};
  spec.one_per = units.at(arguments.one_per);
  if (arguments.at_most) spec.limit = audience::FrequencyLimit{*arguments.at_most, arguments.days};
  return spec;
}

StatusOr<Json> EvidenceJson(const store::Reader& reader, RecordRef evidence) {
  if (evidence.type == 0) return Json();
  return Json{{"entity", reader.schema().catalogue().Find(evidence.type)->name}, {"id", evidence.id}};
}

StatusOr<Json> AudienceJson(const store::Reader& reader, EntityTypeId type, const Audience& audience,
                            const AudienceArguments& arguments) {
  Json recipients = Json::array();
  for (const Recipient& one : audience.recipients) {
    if (arguments.limit != 0 && recipients.size() == arguments.limit) break;
    RELATA_ASSIGN_OR_RETURN(const std::string name, answers::TitleOf(reader, {type, one.id}));
    recipients.push_back({{"id", one.id},
                          {"name", name},
                          {"address", one.address},
                          {"consent", one.consent == 0 ? Json() : Json(one.consent)}});
  }
  Json counts = Json::object();
  for (size_t i = 0; i < audience::kReasonCount; ++i) {
    counts[std::string(audience::ReasonCode(static_cast<audience::Reason>(i)))] = audience.counts[i];
  }
  Json json = {{"segment", arguments.segment},
               {"purpose", arguments.purpose},
               {"channel", arguments.channel},
               {"entity", audience.entity},
               {"members", audience.recipients.size() + audience.left_out.size()},
               {"mailable", audience.recipients.size()},
               {"reasons", std::move(counts)},
               {"recipients", std::move(recipients)}};
  if (!arguments.left_out) return json;
  Json left_out = Json::array();
  for (const LeftOut& one : audience.left_out) {
    if (arguments.limit != 0 && left_out.size() == arguments.limit) break;
    RELATA_ASSIGN_OR_RETURN(Json evidence, EvidenceJson(reader, one.evidence));
    left_out.push_back(
        {{"id", one.id}, {"reason", audience::ReasonCode(one.reason)}, {"evidence", std::move(evidence)}});
  }
  json["left_out"] = std::move(left_out);
  return json;
}

Status PrintRecipients(const store::Reader& reader, EntityTypeId type, const Audience& audience,
                       size_t limit) {
  const size_t shown = limit == 0 ? audience.recipients.size() : std::min(limit, audience.recipients.size());
  if (shown == 0) return absl::OkStatus();
  Table table({{"id", Align::kRight}, {"name"}, {"address", Align::kLeft, 60}});
  for (size_t i = 0; i < shown; ++i) {
    const Recipient& one = audience.recipients[i];
    RELATA_ASSIGN_OR_RETURN(std::string name, answers::TitleOf(reader, {type, one.id}));
    table.Add({std::to_string(one.id), std::move(name), one.address});
  }
  Print(StrCat("\n", table.ToString()));
  if (shown < audience.recipients.size()) {
    PrintNote(StrCat(shown, " of ", Grouped(audience.recipients.size()), " shown; --limit 0 shows all"));
  }
  return absl::OkStatus();
}

Status PrintLeftOut(const store::Reader& reader, EntityTypeId type, const Audience& audience, size_t limit) {
  const size_t shown = limit == 0 ? audience.left_out.size() : std::min(limit, audience.left_out.size());
  if (shown == 0) return absl::OkStatus();
  Table table({{"id", Align::kRight}, {"name"}, {"left out"}, {"shown by"}});
  for (size_t i = 0; i < shown; ++i) {
    const LeftOut& one = audience.left_out[i];
    std::string name = "#" + std::to_string(one.id);
    if (one.reason != audience::Reason::kGone) {
      RELATA_ASSIGN_OR_RETURN(name, answers::TitleOf(reader, {type, one.id}));
    }
    std::string evidence;
    if (one.evidence.type != 0) {
      evidence = StrCat(reader.schema().catalogue().Find(one.evidence.type)->name, " ", one.evidence.id);
    }
    table.Add({std::to_string(one.id), std::move(name), std::string(audience::ReasonText(one.reason)),
               std::move(evidence)});
  }
  Print(StrCat("\nleft out\n", table.ToString()));
  return absl::OkStatus();
}

}  // namespace

StatusOr<int> RunAudience(const AudienceArguments& arguments) {
  RELATA_ASSIGN_OR_RETURN(const Database database, OpenToRead(arguments.store));
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, database.Read());
  const store::Reader& reader = now.store_reader();
  RELATA_ASSIGN_OR_RETURN(const AudienceSpec spec, ReadSpec(reader, arguments));
  RELATA_ASSIGN_OR_RETURN(const Audience audience, AudienceOf(now, arguments.segment, spec));
  RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(audience.entity));
  if (arguments.json) {
    RELATA_ASSIGN_OR_RETURN(const Json json, AudienceJson(reader, type->type->id, audience, arguments));
    PrintJson(json);
    return kDone;
  }
  Table counts({{""}, {"", Align::kRight}});
  counts.Add({StrCat("members of ", Quoted(arguments.segment)),
              Grouped(audience.recipients.size() + audience.left_out.size())});
  for (size_t i = 0; i < audience::kReasonCount; ++i) {
    if (audience.counts[i] == 0) continue;
    counts.Add(
        {StrCat("  ", audience::ReasonText(static_cast<audience::Reason>(i))), Grouped(audience.counts[i])});
  }
  counts.Add({StrCat("to write to for ", arguments.purpose, " by ", arguments.channel),
              Grouped(audience.recipients.size())});
  Print(counts.ToString());
  RELATA_RETURN_IF_ERROR(PrintRecipients(reader, type->type->id, audience, arguments.limit));
  if (arguments.left_out) {
    RELATA_RETURN_IF_ERROR(PrintLeftOut(reader, type->type->id, audience, arguments.limit));
  }
  return kDone;
}

}  // namespace relata::cli
