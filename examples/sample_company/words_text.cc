// This file holds what people write down, in Dutch and in English: subjects, notes, complaints, compliments.
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr Phrase kSubjects[] = {{"Offerte besproken", "Quote discussed"},
                                {"Levertijd nagevraagd", "Asked about delivery time"},
                                {"Nabellen mailing", "Follow-up of the mailing"},
                                {"Kennismaking", "Introduction"},
                                {"Onderhoud ingepland", "Maintenance planned"},
                                {"Vraag over factuur", "Question about an invoice"},
                                {"Klacht over levering", "Complaint about a delivery"},
                                {"Demonstratie koffiemachine", "Coffee machine demonstration"},
                                {"Jaargesprek", "Annual review"},
                                {"Contractverlenging", "Contract renewal"},
                                {"Nieuwe contactpersoon", "New contact"},
                                {"Prijswijziging toegelicht", "Price change explained"},
                                {"Adviesgesprek keukeninrichting", "Kitchen design advice"},
                                {"Herinnering betaling", "Payment reminder"},
                                {"Uitnodiging open dag", "Invitation to the open day"},
                                {"Retour besproken", "Return discussed"},
                                {"Opening tweede vestiging", "Opening of a second location"},
                                {"Vraag over temperatuurbewaking", "Question about temperature monitoring"}};

constexpr Phrase kOpenings[] = {
    {"Klant is tevreden over de laatste levering.", "Customer is happy with the last delivery."},
    {"Levering was te laat, excuses gemaakt.", "Delivery was late, apologised."},
    {"Wil de huidige koffiemachine na de zomer vervangen.",
     "Wants to replace the coffee machine after summer."},
    {"Twijfelt nog tussen twee aanbieders.", "Still hesitates between two suppliers."},
    {"Budget voor volgend jaar is nog niet rond.", "Next year's budget is not settled yet."},
    {"De chef vraagt om een proefopstelling.", "The chef asks for a trial set-up."},
    {"Vaatwasser geeft storing na het weekend.", "Dishwasher fails after the weekend."},
    {"Niet aanwezig, boodschap achtergelaten.", "Not available, left a message."},
    {"Eigenaar overweegt uitbreiding met een terras.", "Owner considers adding a terrace."},
    {"Heeft een lagere prijs gezien bij een concurrent.", "Has seen a lower price at a competitor."},
    {"Bestelling voor de feestdagen doorgenomen.", "Went through the order for the holidays."},
    {"Energieverbruik van de koeling is een zorg.", "Energy use of the cooling is a worry."},
    {"Nieuwe bedrijfsleider sinds deze maand.", "New manager since this month."},
    {"Vraagt om een gespecificeerde factuur.", "Asks for an itemised invoice."},
    {"Wil meer weten over biologische koffie.", "Wants to know more about organic coffee."},
    {"Keuken wordt verbouwd, drie weken gesloten.", "Kitchen is being rebuilt, closed for three weeks."}};

constexpr Phrase kClosings[] = {
    {"Offerte sturen voor vrijdag.", "Send a quote before Friday."},
    {"Over twee weken terugbellen.", "Call back in two weeks."},
    {"Monteur komt donderdagochtend langs.", "Engineer visits on Thursday morning."},
    {"Geen verdere actie nodig.", "No further action needed."},
    {"Brochure per mail gestuurd.", "Brochure sent by email."},
    {"Afspraak gemaakt bij de klant op locatie.", "Appointment made at the customer's location."},
    {"Doorgezet naar de servicedesk.", "Passed on to the service desk."},
    {"Creditnota aangevraagd bij administratie.", "Credit note requested from accounting."},
    {"Bespreken in het verkoopoverleg.", "To be discussed in the sales meeting."},
    {"Proefpakket koffie toegezegd.", "Promised a coffee sample pack."},
    {"Wacht op akkoord van de directie.", "Waiting for the board's approval."},
    {"Bevestiging volgt per mail.", "Confirmation follows by email."}};

constexpr Phrase kTicketSubjects[] = {{"Koffiemachine lekt", "Coffee machine leaks"},
                                      {"Koelkast te warm", "Fridge too warm"},
                                      {"Vaatwasser pompt niet af", "Dishwasher does not drain"},
                                      {"Verkeerd artikel geleverd", "Wrong item delivered"},
                                      {"Levering onvolledig", "Delivery incomplete"},
                                      {"Vraag over reiniging", "Question about cleaning"},
                                      {"Alarm temperatuurbewaking", "Temperature alarm"},
                                      {"Melding beschadigde doos", "Damaged box reported"},
                                      {"Factuur klopt niet", "Invoice is wrong"},
                                      {"Handleiding opvragen", "Manual requested"},
                                      {"Combisteamer foutcode E12", "Combi steamer error E12"},
                                      {"Monteur niet verschenen", "Engineer did not show up"}};

constexpr Phrase kTicketDetails[] = {
    {"Sinds vanmorgen staat er water onder het apparaat.",
     "Since this morning there is water under the machine."},
    {"Al twee keer gereset, zonder resultaat.", "Reset twice, to no avail."},
    {"Graag vandaag nog iemand langs, we zitten vol vanavond.",
     "Please send someone today, we are fully booked."},
    {"Foto's zijn als bijlage meegestuurd.", "Photos are attached."},
    {"De bezorger heeft het bij de buren afgegeven, \"want er was niemand\".",
     "The driver left it with the neighbours, \"as nobody was in\"."},
    {"Serienummer staat op de achterzijde; daar kunnen wij niet bij.",
     "The serial number is at the back, which we cannot reach."},
    {"Dit is de derde keer dit jaar.", "This is the third time this year."},
    {"Geen haast, volgende week is prima.", "No hurry, next week is fine."}};

constexpr Phrase kGood[] = {{"Snel geholpen, fijne monteur.", "Quick help, friendly engineer."},
                            {"Koffie is elke dag weer goed.", "The coffee is good every day."},
                            {"Denken goed mee.", "They think along with us."},
                            {"Afspraak is afspraak.", "They keep their word."}};

constexpr Phrase kBad[] = {{"Veel te lang moeten wachten.", "Had to wait far too long."},
                           {"Niemand belde terug.", "Nobody called back."},
                           {"Prijzen stijgen te hard.", "Prices rise too fast."},
                           {"Al drie keer een verkeerde levering.", "Three wrong deliveries by now."}};

constexpr Phrase kTasks[] = {{"Offerte nabellen", "Follow up the quote"},
                             {"Demonstratie voorbereiden", "Prepare the demonstration"},
                             {"Contract verlengen", "Renew the contract"},
                             {"Adresgegevens controleren", "Check the address"},
                             {"Bezoekverslag afmaken", "Finish the visit report"},
                             {"Betaling navragen", "Ask about the payment"},
                             {"Monster versturen", "Send a sample"},
                             {"Klacht afhandelen", "Settle the complaint"}};

constexpr std::string_view kProjects[] = {"Nieuwe keuken",         "Renovatie bar",      "Koelcel plaatsen",
                                          "Koffiecorner",          "Vervanging vaatwas", "Tweede vestiging",
                                          "Energiezuinige keuken", "Temperatuurbewaking"};

constexpr CampaignWords kCampaigns[] = {
    {"Nieuwsbrief september 2023", "newsletter", "De herfstkaart begint in de keuken", 2023, 9, 5},
    {"Horecabeurs 2023", "event", "Wij zien u graag op stand 7.114", 2023, 10, 3},
    {"Nieuwsbrief november 2023", "newsletter", "Klaar voor december?", 2023, 11, 7},
    {"Eindejaarsmailing 2023", "mailing", "Koffiepakket met voordeel", 2023, 12, 1},
    {"Nieuwsbrief januari 2024", "newsletter", "Terug aan het fornuis", 2024, 1, 9},
    {"Nieuwsbrief maart 2024", "newsletter", "Terras open: wat nu?", 2024, 3, 5},
    {"Open dag voorjaar 2024", "event", "Proef, ruik en kook mee in Utrecht", 2024, 4, 11},
    {"Nieuwsbrief mei 2024", "newsletter", "Koel de zomer door", 2024, 5, 7},
    {"Mailing onderhoud 2024", "mailing", "Voorkom storing in het hoogseizoen", 2024, 6, 4},
    {"Nieuwsbrief juli 2024", "newsletter", "IJskoffie en andere verkopers", 2024, 7, 2},
    {"Nieuwsbrief september 2024", "newsletter", "Inductie verdient zich terug", 2024, 9, 3},
    {"Horecabeurs 2024", "event", "Nieuwe combisteamers op de beurs", 2024, 10, 8},
    {"Nieuwsbrief november 2024", "newsletter", "HACCP zonder papier", 2024, 11, 5},
    {"Eindejaarsmailing 2024", "mailing", "Laatste levering voor Kerst", 2024, 12, 3},
    {"Nieuwsbrief januari 2025", "newsletter", "Wat de accijns voor u betekent", 2025, 1, 7},
    {"Nieuwsbrief maart 2025", "newsletter", "Herbruikbaar of niet?", 2025, 3, 4},
    {"Open dag voorjaar 2025", "event", "Koken op inductie: doe mee", 2025, 4, 10},
    {"Nieuwsbrief mei 2025", "newsletter", "Temperatuurbewaking in het klein", 2025, 5, 6},
    {"Mailing koeling 2025", "mailing", "Uw koelkast van voor 2015?", 2025, 6, 3},
    {"Nieuwsbrief september 2025", "newsletter", "Personeel en training", 2025, 9, 2},
    {"Horecabeurs 2025", "event", "Een kop koffie op stand 7.114", 2025, 10, 7},
    {"Nieuwsbrief november 2025", "newsletter", "De feestkaart in zeven stappen", 2025, 11, 4},
    {"Eindejaarsmailing 2025", "mailing", "Naar 2026 met een schone keuken", 2025, 12, 2},
    {"Nieuwsbrief februari 2026", "newsletter", "Nieuwe regels voor koudemiddel", 2026, 2, 3},
    {"Open dag voorjaar 2026", "event", "Twintig jaar De Vuurtoren", 2026, 4, 9},
    {"Nieuwsbrief mei 2026", "newsletter", "Terrasseizoen geopend", 2026, 5, 5}};

}  // namespace

std::span<const Phrase> Subjects() { return kSubjects; }
std::span<const Phrase> NoteOpenings() { return kOpenings; }
std::span<const Phrase> NoteClosings() { return kClosings; }
std::span<const Phrase> TicketSubjects() { return kTicketSubjects; }
std::span<const Phrase> TicketDetails() { return kTicketDetails; }
std::span<const Phrase> GoodComments() { return kGood; }
std::span<const Phrase> BadComments() { return kBad; }
std::span<const Phrase> TaskTexts() { return kTasks; }
Words ProjectNames() { return kProjects; }
std::span<const CampaignWords> CampaignList() { return kCampaigns; }

}  // namespace sample_company
