// This file makes what a relation owns or agreed to: contracts, installed products, projects, documents; and
// what a person did with our mailings: campaigns, touches, consents, preferences.
#include <algorithm>

#include "examples/sample_company/codes.h"
#include "examples/sample_company/generator.h"
#include "examples/sample_company/labels.h"
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr int64_t kYear = 365;

// A product of a kind that stands at the customer's: an appliance, a software module or a package.
int64_t DrawAppliance(Random& random) {
  const auto products = ProductList();
  while (true) {
    const uint64_t at = random.Below(products.size());
    const std::string_view kind = products[at].kind;
    if (kind == "product" || kind == "module" || kind == "package") return static_cast<int64_t>(at);
  }
}

std::string HexDigits(Random& random, int count) {
  std::string digits;
  for (int i = 0; i < count; ++i) digits += "0123456789abcdef"[random.Below(16)];
  return digits;
}

Date SentOn(const CampaignWords& words) { return FromCivil(words.year, words.month, words.day); }

}  // namespace

void Generator::ContractsOf(int64_t relation, std::vector<Contract>* out) const {
  out->clear();
  const Traits traits = TraitsOf(relation);
  Random random(seed_, Stream::kContract, static_cast<uint64_t>(relation));
  if (traits.kind != RelationKind::kDebtor) return;
  if (!random.PerMille(traits.rank < 20 ? 850 : 250)) return;
  const int32_t count = traits.rank == 0 ? 3 : traits.rank < 5 ? 2 : 1;
  for (int32_t number = 1; number <= count; ++number) {
    static constexpr std::string_view kKinds[] = {"onderhoud", "huur", "levering", "software"};
    Contract contract;
    contract.relation = relation;
    contract.number = number;
    contract.kind = kKinds[random.Below(4)];
    contract.sla = traits.rank < 5 ? "goud" : traits.rank < 20 ? "zilver" : "brons";
    contract.product = DrawAppliance(random);
    const Date earliest = std::max(traits.since, HistoryStart() + -2 * kYear);
    const int64_t room = ReferenceDate().days - earliest.days - 1;
    contract.starts_on = earliest + random.Between(0, std::max<int64_t>(room, 0));
    const int64_t term = kYear * (random.PerMille(400) ? 3 : 1);
    contract.ends_on = contract.starts_on + term;
    while (contract.ends_on <= ReferenceDate() && random.PerMille(780))
      contract.ends_on = contract.ends_on + term;
    contract.notice_days = random.PerMille(700) ? 60 : 90;
    contract.renewal_on = contract.ends_on + -contract.notice_days;
    contract.value_per_year = (random.LogNormal(90'000, 700) + 499) / 500 * 500;
    contract.status = LabelAt(kContractStatuses, contract.ends_on <= ReferenceDate() ? 1
                                                 : random.PerMille(40)               ? 2
                                                                                     : 0);
    out->push_back(contract);
  }
}

void Generator::InstalledOf(int64_t relation, std::vector<InstalledProduct>* out) const {
  out->clear();
  const Traits traits = TraitsOf(relation);
  Random random(seed_, Stream::kInstalled, static_cast<uint64_t>(relation));
  if (traits.kind != RelationKind::kDebtor) return;
  const int64_t count = traits.rank == 0   ? 6
                        : traits.rank < 5  ? 4
                        : traits.rank < 20 ? 2
                                           : random.Between(0, 1);
  for (int64_t i = 0; i < count; ++i) {
    InstalledProduct installed;
    installed.relation = relation;
    installed.product = DrawAppliance(random);
    installed.serial = "SN" + Padded(relation + 1, 5) + "-" + std::to_string(i + 1);
    const int64_t days = ReferenceDate().days - traits.since.days;
    installed.since = traits.since + random.Between(0, days - 1);
    if (random.PerMille(120)) {
      installed.until =
          installed.since + random.Between(1, std::max(1, ReferenceDate().days - installed.since.days));
    }
    installed.quantity = traits.size > 6000 ? static_cast<int32_t>(random.Between(1, 4)) : 1;
    out->push_back(installed);
  }
}

void Generator::ProjectsOf(int64_t relation, std::vector<Project>* out) const {
  out->clear();
  const Traits traits = TraitsOf(relation);
  Random random(seed_, Stream::kProject, static_cast<uint64_t>(relation));
  if (traits.rank >= 40 || !random.PerMille(traits.rank < 20 ? 500 : 100)) return;
  const int64_t count = traits.rank < 5 ? 2 : 1;
  for (int32_t number = 1; number <= count; ++number) {
    Project project;
    project.relation = relation;
    project.number = number;
    project.name = ProjectNames()[random.Below(ProjectNames().size())];
    const Date earliest = std::max(traits.since, HistoryStart());
    project.starts_on = earliest + random.Between(0, ReferenceDate().days - earliest.days - 1);
    const Date ends = project.starts_on + random.Between(20, 200);
    const bool done = ends < ReferenceDate();
    if (done) project.ends_on = ends;
    project.status = done ? "done" : "running";
    project.manager = traits.account_manager;
    out->push_back(project);
  }
}

void Generator::DocumentsOf(int64_t relation, std::vector<Document>* out) const {
  out->clear();
  Random random(seed_, Stream::kDocument, static_cast<uint64_t>(relation));
  const auto add = [&](std::string title, std::string_view kind, Date dated_on, bool of_project) {
    Document document;
    document.relation = relation;
    document.number = static_cast<int32_t>(out->size()) + 1;
    document.of_project = of_project;
    document.title = std::move(title);
    document.kind = kind;
    document.address = "\\\\vuurtoren-fs1\\dossiers\\" + DebtorNumber(relation) + "\\" + std::string(kind) +
                       "-" + std::to_string(document.number) + ".pdf";
    document.sha256 = HexDigits(random, 64);
    document.dated_on = dated_on;
    out->push_back(std::move(document));
  };
  std::vector<Contract> contracts;
  ContractsOf(relation, &contracts);
  for (const Contract& contract : contracts) {
    add("Contract " + ContractNumber(contract), "contract", contract.starts_on, false);
  }
  std::vector<Project> projects;
  ProjectsOf(relation, &projects);
  if (projects.empty()) return;
  add("Projectplan " + std::string(projects[0].name), "plan", projects[0].starts_on, true);
  if (random.PerMille(600)) add("Tekening keuken", "tekening", projects[0].starts_on, true);
  if (projects[0].ends_on.known()) add("Opleverrapport", "rapport", projects[0].ends_on, true);
}

Campaign Generator::CampaignAt(int64_t c) const {
  const CampaignWords& words = CampaignList()[static_cast<size_t>(c)];
  Random random(seed_, Stream::kCampaign, static_cast<uint64_t>(c));
  const int64_t budget = words.kind == "event" ? 850'000 : words.kind == "mailing" ? 240'000 : 35'000;
  return Campaign{
      c, words.name, words.kind, words.subject, SentOn(words), budget * random.Between(80, 125) / 100};
}

// Newsletters go to whoever agreed; the consent to them is always the first.
void Generator::ConsentsOf(int64_t person, std::vector<Consent>* out) const {
  out->clear();
  Random random(seed_, Stream::kConsent, static_cast<uint64_t>(person));
  if (!random.PerMille(520)) return;
  static constexpr std::string_view kEvidence[] = {"web form", "signed card", "phone call", "import 2018"};
  Consent consent;
  consent.person = person;
  consent.purpose = "newsletter";
  consent.channel = "email";
  consent.legal_basis = random.PerMille(650) ? "6(1)(a)" : "6(1)(f)";
  consent.given_on = FromCivil(2021, 1, 1) + random.Between(0, 1500);
  consent.evidence = kEvidence[random.Below(4)];
  consent.wording = consent.legal_basis == "6(1)(a)" ? "Ja, stuur mij de nieuwsbrief van De Vuurtoren."
                                                     : "Bestaande klant, eigen gelijksoortige producten.";
  if (random.PerMille(140)) {
    const Date left = SentOn(CampaignList()[random.Below(CampaignList().size())]) + 1;
    if (left > consent.given_on) consent.withdrawn_on = left;
  }
  out->push_back(consent);
  if (random.PerMille(250)) {
    consent.purpose = "offers";
    consent.channel = random.PerMille(500) ? "phone" : "post";
    consent.legal_basis = "6(1)(a)";
    consent.given_on = consent.given_on + random.Between(0, 200);
    consent.withdrawn_on = Date{};
    consent.wording = "Ja, u mag mij benaderen met aanbiedingen.";
    out->push_back(consent);
  }
}

void Generator::TouchesOf(int64_t campaign, int64_t person, std::vector<CampaignTouch>* out) const {
  out->clear();
  std::vector<Consent> consents;
  ConsentsOf(person, &consents);
  const CampaignWords& words = CampaignList()[static_cast<size_t>(campaign)];
  const Date sent_on = SentOn(words);
  if (consents.empty() || consents[0].given_on > sent_on) return;
  if (consents[0].withdrawn_on.known() && consents[0].withdrawn_on <= sent_on) return;
  Random random(seed_, Stream::kTouch, static_cast<uint64_t>(person) * 64 + static_cast<uint64_t>(campaign));
  Moment at{int64_t{sent_on.days} * 86'400 + 8 * 3600 + random.Between(0, 900)};
  const auto add = [&](size_t event) {
    out->push_back(CampaignTouch{campaign, person, LabelAt(kTouchEvents, event), at});
  };
  add(0);
  if (random.PerMille(20)) {
    at.seconds += 40;
    add(5);
    return;
  }
  // Readers read, others hardly ever: a person's own habit.
  const bool reader = Random(seed_, Stream::kPreference, static_cast<uint64_t>(person)).PerMille(400);
  if (random.PerMille(reader ? 620 : 180)) {
    at.seconds += 60 * std::min<int64_t>(random.LogNormal(240, 1300), 20 * 24 * 60);
    add(1);
    if (random.PerMille(220)) {
      at.seconds += random.Between(5, 90);
      add(2);
      if (words.kind == "event" && random.PerMille(550)) {
        at.seconds += random.Between(60, 300);
        add(3);
        if (random.PerMille(700)) {
          at.seconds += 14 * 86'400;
          add(4);
        }
      }
    }
  }
  if (consents[0].withdrawn_on == sent_on + 1) {
    at.seconds = std::max(at.seconds, int64_t{sent_on.days + 1} * 86'400 + 9 * 3600);
    add(6);
  }
}

void Generator::PreferencesOf(int64_t person, std::vector<Preference>* out) const {
  out->clear();
  Random random(seed_, Stream::kPreference, static_cast<uint64_t>(person));
  random.Next();  // the draw that says whether this person reads mailings
  if (!random.PerMille(300)) return;
  struct Choice {
    std::string_view topic, value;
  };
  static constexpr Choice kChoices[] = {
      {"channel", "email"},  {"channel", "phone"},         {"time", "ochtend"},
      {"time", "na 15 uur"}, {"frequency", "maandelijks"}, {"frequency", "alleen aanbiedingen"},
      {"language", "en"}};
  const uint64_t first = random.Below(7);
  const Date set_on = HistoryStart() + random.Between(0, 1090);
  out->push_back(Preference{person, kChoices[first].topic, kChoices[first].value, set_on});
  const uint64_t second = random.Below(7);
  if (kChoices[second].topic != kChoices[first].topic && random.PerMille(300)) {
    out->push_back(Preference{person, kChoices[second].topic, kChoices[second].value, set_on});
  }
}

}  // namespace sample_company
