// Names of people, as they stand in Dutch, Flemish and other files.
#include "relata/crm/name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

namespace relata::crm {

void PrintTo(const PersonName& name, std::ostream* out) {
  *out << '[' << name.salutation << '|' << name.initials << '|' << name.first_name << '|' << name.particle
       << '|' << name.last_name << ']';
}

namespace {

struct Case {
  const char* full;
  PersonName name;
};

TEST(SplitName, ByDutchRules) {
  const Case cases[] = {
      {"Jan van den Berg", {"", "", "Jan", "van den", "Berg"}},
      {"Maria Anders", {"", "", "Maria", "", "Anders"}},
      {"Jan Peter Smit", {"", "", "Jan Peter", "", "Smit"}},
      {"dhr. J.P. van den Berg", {"dhr.", "J.P.", "", "van den", "Berg"}},
      {"De heer J. P. de Vries", {"De heer", "J.P.", "", "de", "Vries"}},
      {"Prof. dr. ir. A.B. Bakker", {"Prof. dr. ir.", "A.B.", "", "", "Bakker"}},
      {"J. (Jan) Bakker", {"", "J.", "Jan", "", "Bakker"}},
      {"Maarten 't Hart", {"", "", "Maarten", "'t", "Hart"}},
      {"'t Hart", {"", "", "", "'t", "Hart"}},
      {"Sophie in 't Veld", {"", "", "Sophie", "in 't", "Veld"}},
      {"In 't Veld", {"", "", "", "in 't", "Veld"}},
      {"Jan in ’t Veld", {"", "", "Jan", "in 't", "Veld"}},
      {"Victor d'Hondt", {"", "", "Victor", "d'", "Hondt"}},
      {"Mevr. A. D’Hondt", {"Mevr.", "A.", "", "d'", "Hondt"}},
      {"Sinead O'Brien", {"", "", "Sinead", "", "O'Brien"}},
      {"Anna van der Meer-de Jong", {"", "", "Anna", "van der", "Meer-de Jong"}},
      {"Karin Jansen-van den Berg", {"", "", "Karin", "", "Jansen-van den Berg"}},
      {"Karin Jansen - van den Berg", {"", "", "Karin", "", "Jansen - van den Berg"}},
      {"J. Jansen-van den Berg", {"", "J.", "", "", "Jansen-van den Berg"}},
      {"Anne-Marie de Wit", {"", "", "Anne-Marie", "de", "Wit"}},
      {"Van den Berg", {"", "", "", "van den", "Berg"}},
      {"van den Berg", {"", "", "", "van den", "Berg"}},
      {"Dhr. Van den Berg", {"Dhr.", "", "", "van den", "Berg"}},
      {"JAN VAN DEN BERG", {"", "", "JAN", "van den", "BERG"}},
      {"Jan van t Hof", {"", "", "Jan", "van t", "Hof"}},
      {"Chr. Huygens", {"", "Chr.", "", "", "Huygens"}},
      {"J Bakker", {"", "J.", "", "", "Bakker"}},
      {"Jansen", {"", "", "", "", "Jansen"}},
      {"Ursula von der Leyen", {"", "", "Ursula", "von der", "Leyen"}},
      {"Karl-Theodor zu Guttenberg", {"", "", "Karl-Theodor", "zu", "Guttenberg"}},
      {"Hans von und zu Liechtenstein", {"", "", "Hans", "von und zu", "Liechtenstein"}},
      {"Maria da Silva", {"", "", "Maria", "da", "Silva"}},
      {"João dos Santos", {"", "", "João", "dos", "Santos"}},
      {"Charles de la Fontaine", {"", "", "Charles", "de la", "Fontaine"}},
      {"Mohamed El Idrissi", {"", "", "Mohamed", "el", "Idrissi"}},
      {"Piet de Vries van Dam", {"", "", "Piet", "de", "Vries van Dam"}},
      {"Berg, Jan van den", {"", "", "Jan", "van den", "Berg"}},
      {"Berg, van den", {"", "", "", "van den", "Berg"}},
      {"Berg, dhr. J.P. van den", {"dhr.", "J.P.", "", "van den", "Berg"}},
      {"van den Berg, Jan", {"", "", "Jan", "van den", "Berg"}},
      {"Veld, in 't", {"", "", "", "in 't", "Veld"}},
      {"Ms. Nancy Davolio", {"Ms.", "", "Nancy", "", "Davolio"}},
      {"  Jan \t de   Vries ", {"", "", "Jan", "de", "Vries"}},
      {"", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(SplitName(c.full), c.name) << c.full;
}

TEST(SplitName, ByBelgianRulesACapitalBelongsToTheLastName) {
  const Case cases[] = {
      {"Jan Van den Berg", {"", "", "Jan", "", "Van den Berg"}},
      {"Jan De Smet", {"", "", "Jan", "", "De Smet"}},
      {"An Vanden Broeck", {"", "", "An", "", "Vanden Broeck"}},
      {"Victor D'Hondt", {"", "", "Victor", "", "D'Hondt"}},
      {"Olivier d'Ursel", {"", "", "Olivier", "d'", "Ursel"}},
      {"Jan van den Berg", {"", "", "Jan", "van den", "Berg"}},
      {"Van den Berg, Jan", {"", "", "Jan", "", "Van den Berg"}},
  };
  for (const Case& c : cases) EXPECT_EQ(SplitName(c.full, ParticleRule::kBelgian), c.name) << c.full;
}

TEST(SplitLastName, TakesTheParticleOff) {
  EXPECT_EQ(SplitLastName("van den Berg"), (PersonName{.particle = "van den", .last_name = "Berg"}));
  EXPECT_EQ(SplitLastName("d'Hondt"), (PersonName{.particle = "d'", .last_name = "Hondt"}));
  EXPECT_EQ(SplitLastName("O'Brien"), (PersonName{.last_name = "O'Brien"}));
  EXPECT_EQ(SplitLastName("van der Meer-de Jong"),
            (PersonName{.particle = "van der", .last_name = "Meer-de Jong"}));
  EXPECT_EQ(SplitLastName("Berg"), (PersonName{.last_name = "Berg"}));
}

TEST(DisplayName, WritesParticlesAsDutchSpellingWants) {
  EXPECT_EQ(DisplayName({"Dhr.", "J.P.", "Jan", "van den", "Berg"}), "Dhr. J.P. (Jan) van den Berg");
  EXPECT_EQ(DisplayName({"", "", "Jan", "van den", "Berg"}), "Jan van den Berg");
  EXPECT_EQ(DisplayName({"Dhr.", "", "", "van den", "Berg"}), "Dhr. Van den Berg");
  EXPECT_EQ(DisplayName({"", "", "", "in 't", "Veld"}), "In 't Veld");
  EXPECT_EQ(DisplayName({"", "", "", "'t", "Hart"}), "'t Hart");
  EXPECT_EQ(DisplayName({"", "", "Victor", "d'", "Hondt"}), "Victor d'Hondt");
  EXPECT_EQ(DisplayName({"Mevr.", "", "", "d'", "Hondt"}), "Mevr. D'Hondt");
  EXPECT_EQ(DisplayName({"", "", "Jan", "", ""}), "Jan");
  EXPECT_EQ(DisplayName(PersonName{}), "");
}

TEST(SortName, PutsTheParticleLast) {
  EXPECT_EQ(SortName({"", "", "", "van den", "Berg"}), "Berg, van den");
  EXPECT_EQ(SortName({"Dhr.", "J.P.", "Jan", "van den", "Berg"}), "Berg, Jan van den");
  EXPECT_EQ(SortName({"", "J.P.", "", "'t", "Hart"}), "Hart, J.P. 't");
  EXPECT_EQ(SortName({"", "", "Sinead", "", "O'Brien"}), "O'Brien, Sinead");
  EXPECT_EQ(SortName({"", "", "", "", "Jansen"}), "Jansen");
  EXPECT_EQ(SortName({"", "", "Jan", "", ""}), "Jan");
  EXPECT_EQ(SortName(Person{.first_name = "Jan", .particle = "van den", .last_name = "Berg"}),
            "Berg, Jan van den");
  EXPECT_EQ(DisplayName(Person{.first_name = "Jan", .particle = "van den", .last_name = "Berg"}),
            "Jan van den Berg");
}

TEST(SortName, OrdersAsADutchListDoes) {
  const char* in_order[] = {"Victor van Aalst", "Jan van den Berg", "Piet Berg",
                            "Maarten 't Hart",  "Anna d'Hondt",     "Karin Jansen-van den Berg",
                            "Sophie in 't Veld"};
  std::string before;
  for (const char* full : in_order) {
    const std::string key = SortName(SplitName(full));
    EXPECT_LT(before, key);
    before = key;
  }
}

// What Dutch spelling prints, splitting reads back.
RC_GTEST_PROP(SplitName, ReadsWhatDisplayNameWrites, ()) {
  const PersonName name{
      *rc::gen::element<std::string>("", "Dhr.", "mevr.", "Prof. dr."),
      *rc::gen::element<std::string>("", "J.", "J.P.", "Chr."),
      *rc::gen::element<std::string>("", "Jan", "Sinéad", "Anne-Marie"),
      *rc::gen::element<std::string>("", "van", "van den", "'t", "in 't", "d'", "von der", "dos"),
      *rc::gen::element<std::string>("Berg", "Bakker", "O'Brien", "Meer-de Jong", "Özdemir"),
  };
  RC_ASSERT(SplitName(DisplayName(name)) == name);
}

// Whatever a file holds, nothing but spaces is lost.
RC_GTEST_PROP(SplitName, LosesNoLetters, (const std::string& text)) {
  const auto letters = [](const std::string& s) {
    return std::count_if(s.begin(), s.end(),
                         [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  };
  const PersonName n = SplitName(text);
  RC_ASSERT(letters(n.salutation) + letters(n.initials) + letters(n.first_name) + letters(n.particle) +
                letters(n.last_name) ==
            letters(text));
}

}  // namespace
}  // namespace relata::crm
