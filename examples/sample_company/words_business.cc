// This file holds what businesses are: trades with their SBI code (the Dutch Standaard Bedrijfsindeling 2008,
// code and text) and the names such businesses take, legal forms, tags, and the goods our wholesaler sells.
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr Trade kTrades[] = {
    {"56101", "Restaurants", "Restaurant|Eetcafé|Brasserie|Bistro|Pannenkoekenhuis|Crêperie", 210},
    {"56102", "Cafetaria's, lunchrooms, snackbars, eetkramen e.d.", "Cafetaria|Lunchroom|Snackbar|IJssalon",
     150},
    {"5630", "Cafés", "Café|Grand Café|Proeflokaal", 85},
    {"55101", "Hotel-restaurants", "Hotel-Restaurant|Landgoed|Herberg", 60},
    {"55102", "Hotels (geen hotel-restaurants)", "Hotel|Pension", 35},
    {"1071", "Vervaardiging van brood en vers banketbakkerswerk",
     "Bakkerij|Banketbakkerij|Ambachtelijke Bakkerij", 75},
    {"47241", "Winkels in brood en banket", "Broodhuys|Bakkerswinkel|Patisserie", 30},
    {"4722", "Winkels in vlees en vleeswaren", "Slagerij|Ambachtelijke Slagerij", 32},
    {"4723", "Winkels in vis", "Vishandel|Viswinkel", 14},
    {"4711", "Supermarkten e.d. winkels met een algemeen assortiment voedings- en genotmiddelen",
     "Supermarkt|Buurtsuper", 38},
    {"5621", "Eventcatering", "Catering|Partyservice|Feestcatering", 44},
    {"5629", "Kantines en contractcatering", "Bedrijfscatering|Kantine", 26},
    {"8710", "Verpleeghuizen", "Verpleeghuis|Zorgcentrum|Woonzorgcentrum", 40, "Stichting"},
    {"86102", "Algemene ziekenhuizen", "Ziekenhuis|Medisch Centrum", 6, "Stichting"},
    {"85201", "Basisonderwijs voor leerplichtigen", "Basisschool|Kindcentrum", 24, "Stichting"},
    {"8532", "Middelbaar beroepsonderwijs en educatie", "Vakschool|Horecacollege", 8, "Stichting"},
    {"88911", "Kinderopvang", "Kinderopvang|Kinderdagverblijf", 26, "Stichting"},
    {"93121", "Veldvoetbal", "Voetbalvereniging|Sportvereniging", 30, "Vereniging"},
    {"93111", "Zwembaden", "Zwembad|Sportcentrum", 12},
    {"9004", "Theaters, schouwburgen en concertgebouwen", "Theater|Schouwburg", 11, "Stichting"},
    {"55201", "Verhuur van vakantiehuisjes en appartementen", "Vakantiepark|Bungalowpark", 15},
    {"5530", "Kampeerterreinen", "Camping|Recreatiepark", 17},
    {"4631", "Groothandel in groenten en fruit en in consumptieaardappelen", "Groothandel|AGF-handel", 12},
    {"4669", "Groothandel in overige machines, apparaten en toebehoren", "Horecatechniek|Machinehandel", 10},
    {"4321", "Elektrotechnische bouwinstallatie", "Elektrotechniek|Installatiebedrijf", 16},
    {"4322", "Loodgieters- en fitterswerk; installatie van sanitair en verwarming",
     "Koeltechniek|Loodgietersbedrijf", 14},
    {"7022", "Advisering op het gebied van management en bedrijfsvoering", "Adviesbureau|Horeca-advies", 18},
    {"6920", "Accountancy, belastingadvisering en administratie", "Administratiekantoor|Accountants", 18},
    {"6201", "Ontwikkelen, produceren en uitgeven van software", "Software|ICT", 14},
    {"8411", "Algemeen overheidsbestuur", "Gemeentekantoor|Stadskantoor", 7, "Gemeente"},
    {"1105", "Vervaardiging van bier", "Brouwerij|Stadsbrouwerij", 9},
    {"0113", "Teelt van groenten en wortel- en knolgewassen", "Tuinderij|Kwekerij", 9}};

constexpr std::string_view kEmblems[] = {
    "Gouden Leeuw",   "Zwaan",       "Hoek",        "Haven",      "Molen",         "Oude School",
    "Witte Paard",    "Drie Linden", "Smidse",      "Waag",       "Veerman",       "Korenaar",
    "Ooievaar",       "Zonnebloem",  "Rode Haan",   "Kruik",      "Eendracht",     "Poort",
    "Vergulde Wagen", "Vlinder",     "Postkoets",   "Boerderij",  "Eik",           "Lantaarn",
    "Pelikaan",       "Driesprong",  "Brug",        "Watertoren", "Zeven Sterren", "Kastanje",
    "Linde",          "Oranjerie",   "Pastorie",    "Bron",       "Morgenster",    "Kleine Prins",
    "Vuurtoren",      "Schouw",      "Zilvermeeuw", "Wilg"};

constexpr std::string_view kLegalForms[] = {"Eenmanszaak", "B.V.", "V.O.F.", "N.V.", "Coöperatie"};

constexpr std::string_view kTags[] = {"horeca",   "zorg",    "biologisch", "keten",   "seizoen", "beurs 2024",
                                      "referent", "webshop", "koffie",     "koeling", "afhalen", "hygiëne"};

constexpr ProductWords kProducts[] = {
    {"KM-100", "Espressomachine Duo, 2 groepen", "product", "Koffie", "Koffiebeleving", "stuk", 489500, 21,
     6},
    {"KM-120", "Espressomachine Trio, 3 groepen", "product", "Koffie", "Koffiebeleving", "stuk", 689500, 21,
     3},
    {"KM-210", "Volautomaat Barista 30", "product", "Koffie", "Koffiebeleving", "stuk", 329500, 21, 8},
    {"KM-220", "Volautomaat Barista 60", "product", "Koffie", "Koffiebeleving", "stuk", 519500, 21, 4},
    {"KM-300", "Koffiemolen op maat", "product", "Koffie", "Koffiebeleving", "stuk", 64900, 21, 9},
    {"KB-010", "Koffiebonen Huismelange 1 kg", "consumable", "Koffie", "Koffiebeleving", "zak", 1695, 9, 120},
    {"KB-020", "Koffiebonen Biologisch 1 kg", "consumable", "Koffie", "Duurzaam", "zak", 2095, 9, 80},
    {"KB-030", "Cafeïnevrij gemalen 250 g", "consumable", "Koffie", "Koffiebeleving", "pak", 595, 9, 40},
    {"KB-040", "Thee-assortiment 6 x 25", "consumable", "Koffie", "Koffiebeleving", "doos", 2250, 9, 36},
    {"KB-050", "Siroop karamel 70 cl", "consumable", "Koffie", "Koffiebeleving", "fles", 895, 9, 30},
    {"KL-100", "Koelkast 600 liter, rvs", "product", "Koeling", "Voedselveiligheid", "stuk", 159500, 21, 8},
    {"KL-110", "Koelkast 1400 liter, rvs", "product", "Koeling", "Voedselveiligheid", "stuk", 249500, 21, 5},
    {"KL-200", "Vrieskast 600 liter, rvs", "product", "Koeling", "Voedselveiligheid", "stuk", 189500, 21, 6},
    {"KL-300", "Koelcel 2,4 x 2,4 m", "product", "Koeling", "Voedselveiligheid", "stuk", 649500, 21, 2},
    {"KL-400", "Saladette 3-deurs", "product", "Koeling", "Voedselveiligheid", "stuk", 134500, 21, 6},
    {"KL-500", "Blast chiller 5 GN", "product", "Koeling", "Voedselveiligheid", "stuk", 389500, 21, 2},
    {"KO-100", "Combisteamer 6 GN", "product", "Koken", "Energiebesparing", "stuk", 789500, 21, 4},
    {"KO-110", "Combisteamer 10 GN", "product", "Koken", "Energiebesparing", "stuk", 1129500, 21, 2},
    {"KO-200", "Inductiekookplaat 4 zones", "product", "Koken", "Energiebesparing", "stuk", 429500, 21, 4},
    {"KO-300", "Frituur 2 x 10 liter", "product", "Koken", "Energiebesparing", "stuk", 274500, 21, 5},
    {"KO-400", "Bakplaat gegroefd", "product", "Koken", "Koken", "stuk", 89500, 21, 6},
    {"KO-500", "Sous-vide bad 28 liter", "product", "Koken", "Koken", "stuk", 74500, 21, 3},
    {"KO-600", "Crêpe-apparaat dubbel", "product", "Koken", "Koken", "stuk", 61500, 21, 2},
    {"VW-100", "Voorlader vaatwasser 50 x 50", "product", "Vaatwas", "Hygiëne", "stuk", 229500, 21, 7},
    {"VW-200", "Doorschuifvaatwasser", "product", "Vaatwas", "Hygiëne", "stuk", 489500, 21, 4},
    {"VW-300", "Glazenspoelmachine", "product", "Vaatwas", "Hygiëne", "stuk", 164500, 21, 6},
    {"VW-400", "Waterontharder 8 liter", "product", "Vaatwas", "Hygiëne", "stuk", 24900, 21, 9},
    {"RM-010", "Vaatwasmiddel 10 liter", "consumable", "Reiniging", "Hygiëne", "can", 3895, 21, 95},
    {"RM-020", "Naglansmiddel 10 liter", "consumable", "Reiniging", "Hygiëne", "can", 4495, 21, 70},
    {"RM-030", "Ontvetter 5 liter", "consumable", "Reiniging", "Hygiëne", "can", 2195, 21, 60},
    {"RM-040", "Desinfectie oppervlakken 750 ml", "consumable", "Reiniging", "Hygiëne", "fles", 795, 21, 66},
    {"RM-050", "Reinigingstabletten koffie, 100 stuks", "consumable", "Reiniging", "Koffiebeleving", "pot",
     2650, 21, 75},
    {"RM-060", "Ontkalker 1 liter", "consumable", "Reiniging", "Koffiebeleving", "fles", 995, 21, 58},
    {"DP-010", "Bekers karton 200 ml, 1000 stuks", "consumable", "Disposables", "Duurzaam", "doos", 5995, 21,
     52},
    {"DP-020", "Maaltijdbakken bagasse, 300 stuks", "consumable", "Disposables", "Duurzaam", "doos", 6795, 21,
     40},
    {"DP-030", "Servetten 33 cm, 2000 stuks", "consumable", "Disposables", "Duurzaam", "doos", 4250, 21, 50},
    {"DP-040", "Bakpapier GN 1/1, 500 vel", "consumable", "Disposables", "Koken", "doos", 3150, 21, 33},
    {"GN-011", "Gastronormbak 1/1 65 mm", "part", "Keukengerei", "Koken", "stuk", 1595, 21, 34},
    {"GN-012", "Gastronormbak 1/2 100 mm", "part", "Keukengerei", "Koken", "stuk", 1295, 21, 32},
    {"GN-020", "Koksmes 25 cm", "part", "Keukengerei", "Koken", "stuk", 5495, 21, 16},
    {"GN-030", "Snijplank HACCP, set van 6", "part", "Keukengerei", "Voedselveiligheid", "set", 8950, 21, 15},
    {"GN-040", "Kernthermometer", "part", "Keukengerei", "Voedselveiligheid", "stuk", 3950, 21, 20},
    {"OD-010", "Waterfilter koffiemachine", "part", "Onderdelen", "Koffiebeleving", "stuk", 6450, 21, 48},
    {"OD-020", "Deurrubber koelkast", "part", "Onderdelen", "Voedselveiligheid", "stuk", 4895, 21, 26},
    {"OD-030", "Wasarm vaatwasser", "part", "Onderdelen", "Hygiëne", "stuk", 7850, 21, 15},
    {"OD-040", "Thermostaat frituur", "part", "Onderdelen", "Koken", "stuk", 11250, 21, 10},
    {"OD-050", "Maalschijven, set", "part", "Onderdelen", "Koffiebeleving", "set", 8495, 21, 14},
    {"OD-060", "Compressor koeling", "part", "Onderdelen", "Voedselveiligheid", "stuk", 32500, 21, 7},
    {"DN-010", "Onderhoudsbeurt koffiemachine", "service", "Diensten", "Zekerheid", "beurt", 17500, 21, 30},
    {"DN-020", "Onderhoudsbeurt koeling", "service", "Diensten", "Zekerheid", "beurt", 19500, 21, 26},
    {"DN-030", "Voorrijkosten", "service", "Diensten", "Zekerheid", "keer", 6950, 21, 45},
    {"DN-040", "Montage-uur", "service", "Diensten", "Zekerheid", "uur", 8450, 21, 40},
    {"DN-050", "Baristatraining dagdeel", "service", "Diensten", "Koffiebeleving", "dagdeel", 49500, 21, 9},
    {"DN-060", "HACCP-training dagdeel", "service", "Diensten", "Voedselveiligheid", "dagdeel", 54500, 21, 8},
    {"DN-070", "Keukenontwerp", "service", "Diensten", "Koken", "ontwerp", 145000, 21, 3},
    {"SW-010", "Temperatuurbewaking – basis, per jaar", "module", "Software", "Voedselveiligheid", "jaar",
     24000, 21, 10},
    {"SW-020", "Temperatuurbewaking – alarm, per jaar", "module", "Software", "Voedselveiligheid", "jaar",
     12000, 21, 8},
    {"SW-030", "Bestelportaal keten per jaar", "module", "Software", "Zekerheid", "jaar", 60000, 21, 3},
    {"PK-010", "Koffiepakket compleet", "package", "Pakketten", "Koffiebeleving", "pakket", 359500, 21, 3},
    {"PK-020", "Startpakket afhaalkeuken", "package", "Pakketten", "Koken", "pakket", 1249500, 21, 1},
    {"PK-030", "Pakket veilige koeling", "package", "Pakketten", "Voedselveiligheid", "pakket", 299500, 21,
     2}};

}  // namespace

std::span<const Trade> Trades() { return kTrades; }
Words Emblems() { return kEmblems; }
Words LegalForms() { return kLegalForms; }
Words Tags() { return kTags; }
std::span<const ProductWords> ProductList() { return kProducts; }

}  // namespace sample_company
