// This file writes what the office itself keeps: users and teams, the list of sources, the contact moments of
// a home made database, tasks, projects and the register of documents.
#include "examples/sample_company/codes.h"
#include "examples/sample_company/export.h"

namespace sample_company {
namespace {

constexpr std::string_view kTeams[] = {"Verkoop", "Binnendienst", "Service", "Marketing", "Administratie"};

constexpr Source kSources[] = {
    {"erp", "ERP, financieel en logistiek", "server vuurtoren-sql2", "SQL database", 5, "debiteurnummer"},
    {"mailing", "Mailingprogramma", "leverancier, in de cloud", "online", 2, "contact_id"},
    {"sales", "Prospectlijst verkoop", "gedeelde map Verkoop", "spreadsheet", 0, "prospect_code"},
    {"desk", "Servicedesk", "leverancier, in de cloud", "online", 1, "ticketnummer"},
    {"moments", "Contactmomenten", "pc binnendienst", "zelfgebouwde database", 3, "moment_id"},
    {"route", "Routeplanner bezorging", "tablet magazijn", "losse export", 4, "debiteurnummer"},
    {"office", "Kantooradministratie", "gedeelde map Kantoor", "mappen en lijsten", 5, "relatiecode"}};

void UsersAndTeams(const Exporter& exporter) {
  const Generator& company = exporter.company;
  {
    CsvFile teams(exporter.folder, "office_teams.csv", {}, {"team_code", "name"}, exporter.truth);
    for (int64_t t = 0; t < company.teams(); ++t) teams.Row({TeamCode(t), std::string(kTeams[t])});
  }
  CsvFile users(exporter.folder, "office_users.csv", {},
                {"user_code", "first_name", "particle", "last_name", "email", "team_code", "role", "left_on"},
                exporter.truth);
  for (int64_t u = 0; u < company.users(); ++u) {
    const User user = company.UserAt(u);
    users.Row({UserCode(u), std::string(user.first_name), std::string(user.particle),
               std::string(user.last_name), user.email, TeamCode(user.team), std::string(user.role),
               Iso(user.left_on)});
  }
}

// "2026-01-31 12:00:00", in UTC.
std::string SpacedMoment(Moment at) {
  std::string text = Iso(at);
  text[10] = ' ';
  text.pop_back();
  return text;
}

void ContactMoments(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "contact_moments.csv", {.separator = ';'},
               {"moment_id", "at", "channel", "direction", "minutes", "debtor_number", "prospect_code",
                "creditor_number", "contact_ids", "user_code", "subject", "notes", "outcome", "next_action"},
               exporter.truth);
  if (exporter.dirt) {
    file.PlantReject(500,
                     {"M9900001", "2025-06-31 10:00:00", "phone", "out", "5", DebtorNumber(0), "", "", "",
                      "M001", "Kennismaking"},
                     "at", "impossible date");
    file.PlantReject(
        1500,
        {"M9900002", "2025-03-18 11:30:00", "visit", "out", "60", "99999", "", "", "", "M001", "Jaargesprek"},
        "debtor_number", "unknown debtor");
    file.PlantReject(2500,
                     {"M9900003", "2025-09-09 14:00:00", "visit", "out", "half uur", DebtorNumber(0), "", "",
                      "", "M001", "Jaargesprek"},
                     "minutes", "not a number");
  }
  company.ForEachInteraction([&](const Interaction& interaction) {
    CsvFile::Cells row{MomentId(interaction.index), SpacedMoment(interaction.at),
                       std::string(interaction.channel.text), interaction.inbound ? "in" : "out",
                       interaction.minutes > 0 ? std::to_string(interaction.minutes) : ""};
    exporter.AppendParty(interaction.relation, &row);
    std::string contacts = ContactId(interaction.person);
    if (interaction.second_person >= 0) contacts.append("|").append(ContactId(interaction.second_person));
    row.push_back(contacts);
    row.push_back(UserCode(interaction.user));
    row.push_back(std::string(interaction.subject));
    row.push_back(interaction.notes);
    row.push_back(std::string(interaction.outcome.text));
    row.push_back(std::string(interaction.next_action));
    file.Row(std::move(row));
    if (exporter.dirt && interaction.index % 500 == 321) file.Repeat();
  });
}

void Tasks(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "office_tasks.csv", {},
               {"task_id", "debtor_number", "prospect_code", "creditor_number", "user_code", "title",
                "due_on", "done_on"},
               exporter.truth);
  for (int64_t t = 0; t < company.tasks(); ++t) {
    const Task task = company.TaskAt(t);
    CsvFile::Cells row{TaskId(t)};
    exporter.AppendParty(task.relation, &row);
    row.push_back(UserCode(task.user));
    row.push_back(std::string(task.title));
    row.push_back(Iso(task.due_on));
    row.push_back(Iso(task.done_on));
    file.Row(std::move(row));
  }
}

void Dossiers(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile projects(exporter.folder, "office_projects.csv", {},
                   {"project_number", "debtor_number", "name", "starts_on", "ends_on", "status", "manager"},
                   exporter.truth);
  CsvFile documents(
      exporter.folder, "office_documents.csv", {},
      {"document_id", "debtor_number", "project_number", "title", "kind", "address", "sha256", "dated_on"},
      exporter.truth);
  std::vector<Project> of_relation;
  std::vector<Document> kept;
  for (int64_t i = 0; i < company.relations(); ++i) {
    company.ProjectsOf(i, &of_relation);
    for (const Project& project : of_relation) {
      projects.Row({ProjectNumber(project), DebtorNumber(i), std::string(project.name),
                    Iso(project.starts_on), Iso(project.ends_on), std::string(project.status),
                    UserCode(project.manager)});
    }
    company.DocumentsOf(i, &kept);
    for (const Document& document : kept) {
      documents.Row({DocumentId(document), DebtorNumber(i),
                     document.of_project ? ProjectNumber(of_relation[0]) : "", document.title,
                     std::string(document.kind), document.address, document.sha256, Iso(document.dated_on)});
    }
  }
}

}  // namespace

void Exporter::Office() const {
  UsersAndTeams(*this);
  {
    CsvFile sources(folder, "office_sources.csv", {},
                    {"source_code", "name", "location", "storage", "responsible", "code_used"}, truth);
    for (const Source& source : kSources) {
      sources.Row({std::string(source.code), std::string(source.name), std::string(source.location),
                   std::string(source.storage), UserCode(source.responsible), std::string(source.key)});
    }
  }
  ContactMoments(*this);
  Tasks(*this);
  Dossiers(*this);
}

}  // namespace sample_company
