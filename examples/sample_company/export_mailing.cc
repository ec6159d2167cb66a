// This file writes what comes out of the mailing tool: contacts in UTF-8 with a byte order mark, campaigns,
// touches, consents, preferences.
#include "examples/sample_company/codes.h"
#include "examples/sample_company/dirt.h"
#include "examples/sample_company/export.h"

namespace sample_company {
namespace {

// Every fiftieth person stands in the list twice.
bool Twice(int64_t person) { return person % 50 == 17; }

CsvFile::Cells ContactRow(const Exporter& exporter, const Person& person, const std::string& id, Dirt& dirt) {
  const Relation relation = exporter.company.RelationAt(person.relation);
  CsvFile::Cells row{id,
                     dirt.Email(person.email),
                     std::string(person.salutation),
                     person.initials,
                     std::string(person.first_name),
                     std::string(person.particle),
                     dirt.Name(person.last_name),
                     std::string(person.job_title),
                     std::string(person.dmu_role),
                     Iso(person.birth_date)};
  row.push_back(dirt.Phone(person.phone));
  row.push_back(dirt.Phone(person.mobile));
  row.push_back(std::string(person.language));
  row.push_back(relation.name);
  exporter.AppendParty(person.relation, &row);
  row.push_back(person.second_relation >= 0 ? DebtorNumber(person.second_relation) : "");
  row.push_back(Iso(person.left_on));
  return row;
}

void Contacts(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "mailing_contacts.csv", {.byte_order_mark = true, .crlf = true},
               {"contact_id", "email", "salutation", "initials", "first_name", "particle", "last_name",
                "job_title", "dmu_role", "birth_date", "phone", "mobile", "language", "company",
                "debtor_number", "prospect_code", "creditor_number", "also_at_debtor", "left_on"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(90,
                     {"C990001", "p.vos@onbekend.example", "de heer", "P.", "Pieter", "", "Vos", "Inkoper",
                      "buyer", "1985-02-29", "", "", "nl", "", DebtorNumber(0)},
                     "birth_date", "impossible date");
    file.PlantReject(310,
                     {"C990002", "a.smit@onbekend.example", "mevrouw", "A.", "Anna", "", "Smit", "Eigenaar",
                      "decider", "", "", "", "nl", "Café De Smidse", "99999"},
                     "debtor_number", "unknown debtor");
  }
  company.ForEachPerson([&](const Person& person) {
    Dirt dirt(company.seed(), Dirt::kContacts, person.index, exporter.dirt);
    file.Row(ContactRow(exporter, person, ContactId(person.index), dirt));
  });
  for (int64_t p = 17; p < company.people() && exporter.dirt; p += 50) {
    if (!Twice(p)) continue;
    Person person = company.PersonAt(p);
    // Signed up once more on the website: less filled in, a particle lost in the name, another address.
    if (!person.particle.empty() && p % 100 == 17) {
      person.particle = "";
    } else {
      person.first_name = "";
    }
    if (p % 150 != 17) person.email.insert(0, "prive.");
    person.job_title = person.dmu_role = "";
    person.phone.clear();
    person.birth_date = Date{};
    person.second_relation = -1;
    const int64_t second = company.people() + p / 50;
    Dirt dirt(company.seed(), Dirt::kContacts, second, exporter.dirt);
    file.Row(ContactRow(exporter, person, ContactId(second), dirt));
    exporter.truth->duplicates.push_back(
        {"person", "mailing_contacts.csv", ContactId(second), "mailing_contacts.csv", ContactId(p)});
  }
}

void Touches(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "mailing_touches.csv", {}, {"campaign_id", "contact_id", "event", "at"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(1200, {"CMP004", "C999999", "opened", "2023-12-02T10:11:00Z"}, "contact_id",
                     "unknown contact");
    file.PlantReject(2400, {"CMP009", "C000001", "attended", "2024-06-31T09:30:00Z"}, "at",
                     "impossible date");
    file.PlantReject(3000, {"CMP099", "C000001", "sent", "2024-07-02T08:00:00Z"}, "campaign_id",
                     "unknown campaign");
  }
  std::vector<CampaignTouch> touches;
  int64_t rows = 0;
  for (int64_t c = 0; c < company.campaigns(); ++c) {
    for (int64_t p = 0; p < company.people(); ++p) {
      company.TouchesOf(c, p, &touches);
      for (const CampaignTouch& touch : touches) {
        file.Row({CampaignId(c), ContactId(p), std::string(touch.event.text), Iso(touch.at)});
        if (exporter.dirt && ++rows % 400 == 0) file.Repeat();
      }
    }
  }
}

}  // namespace

void Exporter::Mailing() const {
  Contacts(*this);
  {
    CsvFile file(folder, "mailing_campaigns.csv", {},
                 {"campaign_id", "name", "kind", "subject", "sent_on", "budget", "currency"}, truth);
    for (int64_t c = 0; c < company.campaigns(); ++c) {
      const Campaign campaign = company.CampaignAt(c);
      file.Row({CampaignId(c), std::string(campaign.name), std::string(campaign.kind),
                std::string(campaign.subject), Iso(campaign.sent_on), Decimal(campaign.budget), "EUR"});
    }
  }
  Touches(*this);
  CsvFile consents(
      folder, "mailing_consents.csv", {},
      {"contact_id", "purpose", "channel", "legal_basis", "given_on", "withdrawn_on", "evidence", "wording"},
      truth);
  CsvFile preferences(folder, "mailing_preferences.csv", {}, {"contact_id", "topic", "value", "set_on"},
                      truth);
  if (dirt) {
    consents.PlantReject(150, {"C999998", "newsletter", "email", "6(1)(a)", "2024-01-15", "", "web form", ""},
                         "contact_id", "unknown contact");
  }
  std::vector<Consent> given;
  std::vector<Preference> preferred;
  for (int64_t p = 0; p < company.people(); ++p) {
    company.ConsentsOf(p, &given);
    for (const Consent& consent : given) {
      consents.Row({ContactId(p), std::string(consent.purpose), std::string(consent.channel),
                    std::string(consent.legal_basis), Iso(consent.given_on), Iso(consent.withdrawn_on),
                    std::string(consent.evidence), std::string(consent.wording)});
    }
    company.PreferencesOf(p, &preferred);
    for (const Preference& preference : preferred) {
      preferences.Row({ContactId(p), std::string(preference.topic), std::string(preference.value),
                       Iso(preference.set_on)});
    }
  }
}

}  // namespace sample_company
