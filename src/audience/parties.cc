// Reads persons and relations in place.
#include "src/audience/parties.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/answers/slots.h"
#include "src/base/text.h"

namespace relata::audience {
namespace {

std::string WithoutSpaces(std::string_view text) {
  std::string folded = Fold(text);
  std::erase(folded, ' ');
  return folded;
}

std::string Digits(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

void AddLine(std::string_view line, std::string* lines) {
  if (!line.empty()) StrAppend(lines, lines->empty() ? "" : ", ", line);
}

}  // namespace

StatusOr<Parties> Parties::Make(const store::Reader& reader, const AudienceSpec& spec) {
  Parties made(reader, spec);
  RELATA_ASSIGN_OR_RETURN(const answers::Slots persons, answers::Slots::Of(reader, "person"));
  RELATA_ASSIGN_OR_RETURN(const answers::Slots relations, answers::Slots::Of(reader, "relation"));
  made.person_ = &persons.type();
  made.relation_ = &relations.type();
  RELATA_ASSIGN_OR_RETURN(made.relations_, persons["relations"]);
  RELATA_ASSIGN_OR_RETURN(made.left_on_, persons["left_on"]);
  RELATA_ASSIGN_OR_RETURN(made.person_email_, persons["email"]);
  RELATA_ASSIGN_OR_RETURN(made.person_phone_, persons["phone"]);
  RELATA_ASSIGN_OR_RETURN(made.person_mobile_, persons["mobile"]);
  RELATA_ASSIGN_OR_RETURN(made.relation_email_, relations["email"]);
  RELATA_ASSIGN_OR_RETURN(made.relation_phone_, relations["phone"]);
  RELATA_ASSIGN_OR_RETURN(made.postal_, made.AddressIn("postal"));
  RELATA_ASSIGN_OR_RETURN(made.visiting_, made.AddressIn("visiting"));
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone,
                          TimeZone::Load(reader.schema().catalogue().settings().time_zone));
  made.today_ = zone.LocalDate(reader.now());
  return made;
}

StatusOr<Parties::AddressSlots> Parties::AddressIn(std::string_view group) const {
  RELATA_ASSIGN_OR_RETURN(const answers::Slots relations, answers::Slots::Of(reader_, "relation"));
  AddressSlots slots{};
  RELATA_ASSIGN_OR_RETURN(slots.street, relations[StrCat(group, ".street")]);
  RELATA_ASSIGN_OR_RETURN(slots.house_number, relations[StrCat(group, ".house_number")]);
  RELATA_ASSIGN_OR_RETURN(slots.postcode, relations[StrCat(group, ".postcode")]);
  RELATA_ASSIGN_OR_RETURN(slots.city, relations[StrCat(group, ".city")]);
  RELATA_ASSIGN_OR_RETURN(slots.region, relations[StrCat(group, ".region")]);
  RELATA_ASSIGN_OR_RETURN(slots.country, relations[StrCat(group, ".country")]);
  return slots;
}

Status Parties::Find(RecordRef record, Party* party, bool* found) const {
  *party = {.record = record};
  const bool is_person = record.type == person();
  RowView row;
  RELATA_RETURN_IF_ERROR(reader_.Find(is_person ? *person_ : *relation_, record.id, &row, found));
  if (!*found) return absl::OkStatus();
  RowView lives_at = row;  // the relation whose postal address counts
  bool has_home = !is_person;
  if (is_person) {
    const Cell left = row.Get(left_on_);
    party->gone = left.present && left.AsInt() <= today_.days;
    if (!DecodeReferenceSet(row.Get(relations_).bytes, &party->relations)) {
      return absl::DataLossError(StrCat("the relations of person ", record.id,
                                        " are damaged; run `relata check`, and restore a backup"));
    }
    for (size_t i = 0; i < party->relations.size() && !has_home; ++i) {
      RELATA_RETURN_IF_ERROR(reader_.Find(*relation_, party->relations[i], &lives_at, &has_home));
    }
  }
  std::string lines;
  std::string key;
  if (has_home) RELATA_RETURN_IF_ERROR(PostalOf(lives_at, &lines, &key));
  switch (spec_.channel) {
    case crm::Channel::kEmail:
      party->address = row.Get(is_person ? person_email_ : relation_email_).bytes;
      if (party->address.find('@') == std::string::npos) party->address.clear();
      break;
    case crm::Channel::kPhone:
      party->address = row.Get(is_person ? person_phone_ : relation_phone_).bytes;
      if (party->address.empty() && is_person) party->address = row.Get(person_mobile_).bytes;
      break;
    case crm::Channel::kLetter:
      party->address = lines;
      break;
    default:
      break;
  }
  SetUnit(key, party);
  return absl::OkStatus();
}

Status Parties::PostalOf(const RowView& relation, std::string* lines, std::string* key) const {
  for (const AddressSlots* slots : {&postal_, &visiting_}) {
    const std::string_view street = relation.Get(slots->street).bytes;
    const std::string_view number = relation.Get(slots->house_number).bytes;
    const std::string_view postcode = relation.Get(slots->postcode).bytes;
    const std::string_view city = relation.Get(slots->city).bytes;
    if (street.empty() && (postcode.empty() || number.empty())) continue;
    AddLine(StrCat(street, street.empty() || number.empty() ? "" : " ", number), lines);
    AddLine(StrCat(postcode, postcode.empty() || city.empty() ? "" : " ", city), lines);
    AddLine(relation.Get(slots->region).bytes, lines);
    AddLine(relation.Get(slots->country).bytes, lines);
    // Postcode and number say where it is; without, the street in its town does.
    const bool coded = !postcode.empty() && !number.empty();
    *key = coded ? StrCat(WithoutSpaces(postcode), "|", WithoutSpaces(number))
                 : StrCat(WithoutSpaces(street), "|", WithoutSpaces(number), "|", WithoutSpaces(city));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

void Parties::SetUnit(std::string_view household, Party* party) const {
  const bool is_person = party->record.type == person();
  std::string by;
  switch (spec_.one_per) {
    case OnePer::kPerson:
      if (spec_.channel == crm::Channel::kEmail) by = WithoutSpaces(party->address);
      if (spec_.channel == crm::Channel::kPhone) by = Digits(party->address);
      break;
    case OnePer::kHousehold:
      by = household;
      break;
    case OnePer::kRelation:
      if (!is_person) by = StrCat(party->record.id);
      if (is_person && !party->relations.empty()) by = StrCat(party->relations.front());
      break;
  }
  // Whoever has nothing to be told by is a unit alone.
  party->unit = by.empty() ? StrCat("#", party->record.id) : StrCat("=", by);
}

}  // namespace relata::audience
