// This file holds the names people bear in the Netherlands, the frequent ones first, and the work they do.
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr std::string_view kFemale[] = {
    "Maria",   "Anna",    "Johanna",  "Emma",    "Sanne",  "Lisa",    "Linda",     "Anja",  "Esther",
    "Monique", "Petra",   "Ingrid",   "Marieke", "Julia",  "Femke",   "Iris",      "Lotte", "Eva",
    "Yvonne",  "Wilma",   "Karin",    "Mirjam",  "Nicole", "Sophie",  "Fleur",     "Anouk", "Kim",
    "Laura",   "Manon",   "Naomi",    "Zoë",     "Fatima", "Aïcha",   "Noor",      "Renée", "Thérèse",
    "Hanneke", "Marloes", "Annelies", "Jolanda", "Bianca", "Saskia",  "Willemijn", "Roos",  "Floor",
    "Samira",  "Özlem",   "Mei",      "Gerda",   "Truus",  "Chantal", "Danique",   "Ilse",  "Josephine",
    "Loes",    "Nienke",  "Rachida",  "Silvia",  "Tineke", "Vera"};

constexpr std::string_view kMale[] = {
    "Jan",   "Peter",  "Johan",  "Hans",    "Mark",    "Erik",    "Jeroen",  "Daan",     "Sem",
    "Lucas", "Kees",   "Henk",   "Pieter",  "Martijn", "Bas",     "Tim",     "Rob",      "Marcel",
    "Frank", "Paul",   "Dennis", "Patrick", "Arjan",   "Willem",  "Gerrit",  "Cornelis", "Thomas",
    "Niels", "Sander", "Ruben",  "Joost",   "Bram",    "Mohamed", "Ahmed",   "Ali",      "Mehmet",
    "André", "René",   "José",   "Daniël",  "Michaël", "Wouter",  "Maarten", "Sjoerd",   "Hendrik",
    "Dirk",  "Ton",    "Theo",   "Ronald",  "Stefan",  "Jasper",  "Koen",    "Lars",     "Milan",
    "Omar",  "Rachid", "Tijmen", "Ulrich",  "Vincent", "Yusuf"};

constexpr Surname kSurnames[] = {{"de", "Jong"},        {"", "Jansen"},        {"de", "Vries"},
                                 {"van den", "Berg"},   {"van", "Dijk"},       {"", "Bakker"},
                                 {"", "Janssen"},       {"", "Visser"},        {"", "Smit"},
                                 {"", "Meijer"},        {"de", "Boer"},        {"", "Mulder"},
                                 {"de", "Groot"},       {"", "Bos"},           {"", "Vos"},
                                 {"", "Peters"},        {"", "Hendriks"},      {"van", "Leeuwen"},
                                 {"", "Dekker"},        {"", "Brouwer"},       {"de", "Wit"},
                                 {"", "Dijkstra"},      {"", "Smits"},         {"de", "Graaf"},
                                 {"van der", "Meer"},   {"van der", "Linden"}, {"", "Kok"},
                                 {"", "Jacobs"},        {"de", "Haan"},        {"", "Vermeulen"},
                                 {"van den", "Heuvel"}, {"van der", "Veen"},   {"van den", "Broek"},
                                 {"de", "Bruijn"},      {"", "Schouten"},      {"van", "Beek"},
                                 {"", "Willems"},       {"van", "Vliet"},      {"van der", "Heijden"},
                                 {"", "Hoekstra"},      {"", "Maas"},          {"", "Verhoeven"},
                                 {"", "Koster"},        {"van", "Dam"},        {"van der", "Wal"},
                                 {"", "Prins"},         {"", "Blom"},          {"", "Huisman"},
                                 {"", "Peeters"},       {"de", "Jonge"},       {"", "Kuipers"},
                                 {"van", "Veen"},       {"", "Post"},          {"", "Kuiper"},
                                 {"", "Veenstra"},      {"", "Kramer"},        {"van den", "Brink"},
                                 {"", "Scholten"},      {"van", "Wijk"},       {"", "Postma"},
                                 {"", "Martens"},       {"", "Vink"},          {"de", "Ruiter"},
                                 {"", "Timmermans"},    {"", "Groen"},         {"", "Gerritsen"},
                                 {"", "Jonker"},        {"van", "Loon"},       {"", "Boer"},
                                 {"van der", "Velde"},  {"", "Willemsen"},     {"", "Smeets"},
                                 {"de", "Lange"},       {"de", "Vos"},         {"", "Bosch"},
                                 {"van", "Dongen"},     {"", "Schipper"},      {"de", "Koning"},
                                 {"", "Yilmaz"},        {"", "El Amrani"},     {"", "Kaya"},
                                 {"", "Özdemir"},       {"", "Wang"},          {"", "Nguyen"},
                                 {"", "Müller"},        {"", "Schmidt"},       {"", "García"},
                                 {"ten", "Hag"},        {"ter", "Braak"},      {"'t", "Hart"},
                                 {"in 't", "Veld"},     {"op den", "Akker"},   {"van 't", "Hof"},
                                 {"van de", "Ven"},     {"den", "Hartog"},     {"uit den", "Bogaard"},
                                 {"le", "Fèvre"},       {"", "d'Hondt"},       {"", "Noël"},
                                 {"", "Zoetmulder"},    {"", "Terpstra"},      {"", "Wiersma"},
                                 {"", "Bouma"},         {"", "Sikkema"},       {"", "Rietveld"},
                                 {"", "Ouwehand"},      {"", "Zwart"},         {"", "Pieterse"},
                                 {"", "Nijland"},       {"", "Lubbers"}};

constexpr JobTitle kJobs[] = {{"Eigenaar", "decider"},
                              {"Directeur", "decider"},
                              {"Bedrijfsleider", "influencer"},
                              {"Chef-kok", "user"},
                              {"Inkoper", "buyer"},
                              {"Administratie", "gatekeeper"},
                              {"Hoofd facilitair", "budget_holder"},
                              {"Manager horeca", "influencer"},
                              {"Kwaliteitsmanager", "influencer"},
                              {"Financieel manager", "budget_holder"},
                              {"Medewerker keuken", "user"},
                              {"Receptie", "gatekeeper"},
                              {"Technische dienst", "initiator"},
                              {"Hoofd inkoop", "buyer"},
                              {"Locatiemanager", "decider"},
                              {"Projectleider", "initiator"},
                              {"Directiesecretaresse", "gatekeeper"},
                              {"Barista", "user"}};

}  // namespace

Words FemaleNames() { return kFemale; }
Words MaleNames() { return kMale; }
std::span<const Surname> Surnames() { return kSurnames; }
std::span<const JobTitle> JobTitles() { return kJobs; }

}  // namespace sample_company
