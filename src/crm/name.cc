// Names of people: the particles known, how a name is split by them, and how it is put together again.
#include "relata/crm/name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "relata/base/strings.h"

namespace relata::crm {
namespace {

using Words = std::vector<std::string>;

// A particle may be several of these words in a row ("in 't", "van de la", "von und zu").
constexpr auto kParticles = std::to_array<std::string_view>(
    {// Dutch and Flemish
     "'s", "'t", "aan", "aen", "achter", "bij", "boven", "d'", "de", "den", "der", "des", "gen", "het", "in",
     "onder", "op", "over", "te", "ten", "ter", "tho", "toe", "tot", "uijt", "uit", "uyt", "van", "vande",
     "vanden", "vander", "voor",
     // German
     "am", "auf", "aus", "im", "vom", "von", "zu", "zum", "zur",
     // French, Portuguese, Spanish, Italian
     "d", "da", "dal", "dalla", "das", "degli", "dei", "del", "della", "di", "do", "dos", "du", "el", "l'",
     "la", "le", "les"});

// Words that are a particle only behind another, since they are given names or initials elsewhere.
constexpr auto kOnlyBehind = std::to_array<std::string_view>({"dem", "l", "las", "los", "s", "t", "und"});

// Particles that may open a name with a capital: nobody is called so. ("Le" and "La" are, but less often.)
constexpr auto kOpening = std::to_array<std::string_view>(
    {"'s",  "'t",  "aan",   "d'",     "da",     "de",  "den", "der", "dos", "du",
     "el",  "het", "in",    "l'",     "la",     "le",  "op",  "te",  "ten", "ter",
     "uit", "van", "vande", "vanden", "vander", "vom", "von", "zu",  "zum", "zur"});

// Particles that are written to the last name without a space: "d'Hondt".
constexpr auto kGlued = std::to_array<std::string_view>({"d'", "l'", "dell'", "dall'"});

constexpr auto kSalutations = std::to_array<std::string_view>(
    {"dhr",  "hr",       "heer",   "meneer", "mevr", "mw",  "mevrouw", "mej",  "dr",
     "drs",  "ir",       "ing",    "prof",   "mr",   "mrs", "ms",      "miss", "herr",
     "frau", "monsieur", "madame", "mme",    "mlle", "fam", "familie", "ds"});

template <size_t N>
bool Among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) {
  return IsUpper(c) || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// In lower case as far as it is ASCII, which all the lists are, with one kind of apostrophe.
std::string Plain(std::string_view word) {
  static constexpr std::string_view kCurly[] = {"\u2019", "\u2018", "\u00b4", "`"};
  std::string plain;
  for (size_t i = 0; i < word.size();) {
    const auto curly = std::find_if(std::begin(kCurly), std::end(kCurly),
                                    [&](std::string_view c) { return word.substr(i).starts_with(c); });
    if (curly != std::end(kCurly)) {
      plain += '\'';
      i += curly->size();
    } else {
      plain += IsUpper(word[i]) ? static_cast<char>(word[i] - 'A' + 'a') : word[i];
      ++i;
    }
  }
  return plain;
}

bool HasCapital(std::string_view word) { return std::any_of(word.begin(), word.end(), IsUpper); }

Words SplitWords(std::string_view text) {
  Words words;
  for (size_t i = 0; i < text.size();) {
    const size_t end = std::min(text.find_first_of(" \t\n\r", i), text.size());
    if (end > i) words.emplace_back(text.substr(i, end - i));
    i = end + 1;
  }
  return words;
}

std::string Join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

bool IsSalutation(std::string_view word) {
  if (word.ends_with('.')) word.remove_suffix(1);
  return Among(kSalutations, Plain(word));
}

// "J.", "J.P.", "Chr.", "J.-P.", "J": groups of at most three letters that end in a dot, or one capital.
bool IsInitials(std::string_view word) {
  if (word.size() == 1) return IsUpper(word[0]);
  if (word.find('.') == std::string_view::npos || !IsLetter(word[0])) return false;
  size_t letters = 0;
  for (const char c : word) {
    if (c == '.') {
      letters = 0;
    } else if (IsLetter(c)) {
      if (++letters > 3) return false;
    } else if (c != '-') {
      return false;
    }
  }
  return letters <= 1;
}

// Takes names apart by one rule.
class Splitter {
 public:
  explicit Splitter(ParticleRule rule) : rule_(rule) {}

  PersonName Whole(std::string_view full_name) const {
    const size_t comma = full_name.find(',');
    if (comma != std::string_view::npos)
      return Inverted(full_name.substr(0, comma), full_name.substr(comma + 1));
    PersonName name;
    Words words = SplitWords(full_name);
    TakeTitlesAndInitials(/*rest=*/1, &words, &name);
    const bool given = !name.initials.empty() || !name.first_name.empty();
    const size_t last = LastNameBegins(words, given);
    AppendFirstName(std::span(words).first(last), &name);
    TakeLastName(std::span(words).subspan(last), given || last > 0, &name);
    return name;
  }

  PersonName LastName(std::string_view last_name) const {
    PersonName name;
    const Words words = SplitWords(last_name);
    TakeLastName(words, /*given=*/false, &name);
    return name;
  }

 private:
  // "Berg, dhr. J. van den": last name, then the rest with its particle at the end.
  PersonName Inverted(std::string_view last, std::string_view rest) const {
    PersonName name = LastName(last);
    Words words = SplitWords(rest);
    TakeTitlesAndInitials(/*rest=*/0, &words, &name);
    size_t first = words.size();
    while (first > 0 && ParticleBehindComma(words, first - 1)) --first;
    AppendFirstName(std::span(words).first(first), &name);
    if (first < words.size()) {
      Words particle(words.begin() + static_cast<ptrdiff_t>(first), words.end());
      name.particle = rule_ == ParticleRule::kDutch ? Plain(Join(particle)) : Join(particle);
    }
    return name;
  }

  bool ParticleBehindComma(const Words& words, size_t at) const {
    if (at == 0 && HasCapital(words[at]) && !Among(kOpening, Plain(words[at]))) return false;
    return IsParticle(words[at], /*behind=*/at > 0);
  }

  // Leaves at least `rest` words.
  static void TakeTitlesAndInitials(size_t rest, Words* words, PersonName* name) {
    size_t at = 0;
    // "de heer", but "De Heer" alone is a family.
    if (words->size() > 2 && Plain((*words)[0]) == "de" && Plain((*words)[1]) == "heer") at = 2;
    while (at + rest < words->size() && IsSalutation((*words)[at])) ++at;
    name->salutation = Join(std::span(*words).first(at));
    while (at + rest < words->size() && IsInitials((*words)[at])) {
      name->initials += (*words)[at++];
      if (!name->initials.ends_with('.')) name->initials += '.';
    }
    if (at < words->size() && (*words)[at].starts_with('(') && (*words)[at].ends_with(')')) {
      name->first_name = (*words)[at].substr(1, (*words)[at].size() - 2);
      ++at;
    }
    words->erase(words->begin(), words->begin() + static_cast<ptrdiff_t>(at));
  }

  static void AppendFirstName(std::span<const std::string> words, PersonName* name) {
    if (words.empty()) return;
    if (!name->first_name.empty()) name->first_name += ' ';
    name->first_name += Join(words);
  }

  // Whether a family name may begin with it, by either rule; a single capital is an initial.
  static bool IsParticleWord(std::string_view word) {
    return !(word.size() == 1 && IsUpper(word[0])) && Among(kParticles, Plain(word));
  }

  // Whether it is a particle by this rule; `behind`: it follows one.
  bool IsParticle(std::string_view word, bool behind) const {
    if (rule_ == ParticleRule::kBelgian && HasCapital(word)) return false;
    return IsParticleWord(word) || (behind && Among(kOnlyBehind, Plain(word)));
  }

  // Where among these words the last name with its particle begins. `given`: initials or a first name stand
  // before.
  size_t LastNameBegins(const Words& words, bool given) const {
    if (words.empty()) return 0;
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "-" && i > 0) return i - 1;
      const size_t hyphen = words[i].rfind('-');  // "Jansen-van den Berg" begins at "Jansen-van"
      if (hyphen != std::string::npos && hyphen > 0 &&
          (hyphen + 1 == words[i].size() || IsParticleWord(words[i].substr(hyphen + 1)))) {
        return i;
      }
      const bool opens = i == 0 && !given;
      if (opens && HasCapital(words[i]) && !Among(kOpening, Plain(words[i]))) continue;
      if (IsParticleWord(words[i])) return i;
      if (i > 0 && GluedParticle(words[i]) > 0) return i;
    }
    return words.size() - 1;
  }

  // How many bytes of the word are a particle written to it: "d'Hondt" 2.
  size_t GluedParticle(std::string_view word) const {
    const size_t quote = std::min({word.find('\''), word.find("\u2019"), word.find("\u2018")});
    if (quote == std::string_view::npos) return 0;
    const size_t length = quote + (word[quote] == '\'' ? 1 : 3);
    if (length >= word.size() || !Among(kGlued, Plain(word.substr(0, length)))) return 0;
    return rule_ == ParticleRule::kBelgian && IsUpper(word[0]) ? 0 : length;
  }

  void TakeLastName(std::span<const std::string> words, bool given, PersonName* name) const {
    size_t particles = 0;
    while (particles + 1 < words.size() && IsParticle(words[particles], particles > 0)) {
      if (particles == 0 && !given && HasCapital(words[0]) && !Among(kOpening, Plain(words[0]))) break;
      ++particles;
    }
    name->particle = Join(words.first(particles));
    name->last_name = Join(words.subspan(particles));
    if (const size_t glued = GluedParticle(name->last_name); glued > 0) {
      if (!name->particle.empty()) name->particle += ' ';
      name->particle += name->last_name.substr(0, glued);
      name->last_name.erase(0, glued);
    }
    if (rule_ == ParticleRule::kDutch) name->particle = Plain(name->particle);
  }

  ParticleRule rule_;
};

void AppendWord(std::string_view word, std::string* text) {
  if (word.empty()) return;
  if (!text->empty()) *text += ' ';
  *text += word;
}

}  // namespace

PersonName SplitName(std::string_view full_name, ParticleRule rule) {
  return Splitter(rule).Whole(full_name);
}

PersonName SplitLastName(std::string_view last_name, ParticleRule rule) {
  return Splitter(rule).LastName(last_name);
}

PersonName NameOf(const Person& person) {
  return {person.salutation, person.initials, person.first_name, person.particle, person.last_name};
}

std::string DisplayName(const PersonName& name) {
  std::string text = name.salutation;
  AppendWord(name.initials, &text);
  AppendWord(
      name.initials.empty() || name.first_name.empty() ? name.first_name : StrCat("(", name.first_name, ")"),
      &text);
  std::string last = name.particle;
  if (name.initials.empty() && name.first_name.empty() && !last.empty() && last[0] >= 'a' && last[0] <= 'z') {
    last[0] = static_cast<char>(last[0] - 'a' + 'A');
  }
  const std::string plain = Plain(name.particle);
  const bool glued = std::any_of(kGlued.begin(), kGlued.end(), [&](std::string_view g) {
    return plain == g || plain.ends_with(StrCat(" ", g));
  });
  if (!last.empty() && !glued) last += ' ';
  last += name.last_name;
  AppendWord(last, &text);
  return text;
}

std::string SortName(const PersonName& name) {
  std::string behind = name.first_name.empty() ? name.initials : name.first_name;
  if (name.last_name.empty()) return behind;
  AppendWord(name.particle, &behind);
  return behind.empty() ? name.last_name : StrCat(name.last_name, ", ", behind);
}

}  // namespace relata::crm
