// This file implements the damage, in ASCII terms: letters beyond it are left alone.
#include "examples/sample_company/dirt.h"

#include <algorithm>

namespace sample_company {
namespace {

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Replaces the first occurrence; true if there was one.
bool Replace(std::string* text, std::string_view from, std::string_view to) {
  const size_t at = text->find(from);
  if (at == std::string::npos) return false;
  text->replace(at, from.size(), to);
  return true;
}

// Digits of the area code, without its zero: two for the large towns, else three.
size_t AreaDigits(std::string_view national) {
  static constexpr std::string_view kShort[] = {"10", "13", "15", "20", "23", "24", "26", "30", "33", "35",
                                                "36", "38", "40", "43", "45", "46", "50", "53", "55", "58",
                                                "70", "71", "72", "73", "74", "75", "76", "77", "78", "79"};
  if (national[0] == '6') return 1;
  return std::find(std::begin(kShort), std::end(kShort), national.substr(0, 2)) != std::end(kShort) ? 2 : 3;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Dirt::Dirt(uint64_t seed, File file, int64_t row, bool on)
    : random_(seed, Stream::kDirt, static_cast<uint64_t>(file) << 32 | static_cast<uint64_t>(row)), on_(on) {}

std::string Dirt::Name(std::string_view text) {
  std::string name(text);
  const uint64_t chance = random_.Below(1000);
  if (!on_ || name.empty()) return name;
  if (chance < 20) return name + " ";
  if (chance < 28) return " " + name;
  if (chance < 40) Replace(&name, " ", "  ");
  return name;
}

std::string Dirt::City(std::string_view text) {
  const uint64_t chance = random_.Below(1000);
  if (on_ && chance < 25) return Upper(std::string(text));
  if (on_ && chance < 40) return Lower(std::string(text));
  return std::string(text);
}

std::string Dirt::Postcode(std::string_view text) {
  std::string postcode(text);
  const uint64_t chance = random_.Below(1000);
  if (!on_) return postcode;
  if (chance < 20) return "";
  if (chance < 270) Replace(&postcode, " ", "");
  if (chance >= 250 && chance < 290) return Lower(postcode);
  return postcode;
}

std::string Dirt::Phone(std::string_view e164) {
  const uint64_t chance = random_.Below(1000);
  const uint64_t extension = random_.Below(40) + 10;
  if (!on_ || e164.substr(0, 3) != "+31") return std::string(e164);
  const std::string national(e164.substr(3));
  const size_t area = AreaDigits(national);
  const std::string code = national.substr(0, area);
  const std::string rest = national.substr(area);
  if (chance < 500) return "0" + code + "-" + rest;
  if (chance < 620) return "+31 " + code + " " + rest;
  if (chance < 700) return "0031" + national;
  if (chance < 760) return "(0" + code + ") " + rest.substr(0, 3) + " " + rest.substr(3);
  if (chance < 800) return "0" + code + " - " + rest + " tst " + std::to_string(extension);
  if (chance < 820) return "";
  if (chance < 830) return "+31 (0)" + code + "-" + rest;
  if (chance < 920) return "0" + national;
  return std::string(e164);
}

std::string Dirt::Email(std::string_view text) {
  std::string email(text);
  const uint64_t chance = random_.Below(1000);
  if (!on_ || email.empty()) return email;
  if (chance < 4) {
    Replace(&email, ".example", ",example");
  } else if (chance < 8) {
    Replace(&email, "@", "@@");
  } else if (chance < 11) {
    Replace(&email, "@", "");
  } else if (chance < 15) {
    Replace(&email, "@", " @");
  } else if (chance < 35) {
    return Upper(email);
  }
  return email;
}

std::string Dirt::OtherSpelling(std::string_view text) {
  std::string name(text);
  bool changed =
      Replace(&name, " B.V.", " BV") || Replace(&name, " V.O.F.", "") || Replace(&name, " N.V.", "");
  if (random_.PerMille(600)) changed |= Replace(&name, " & ", " en ") || Replace(&name, " De ", " ");
  if (random_.PerMille(300)) {
    changed |= Replace(&name, "Restaurant", "Rest.") || Replace(&name, "Bakkerij", "Bakk.") ||
               Replace(&name, "Zorgcentrum", "Zorgctr.");
  }
  // A slip of the fingers: two letters change places somewhere past the beginning.
  for (size_t at = 4 + random_.Below(4); at + 1 < name.size() && (!changed || random_.PerMille(150)); ++at) {
    if (!IsLetter(name[at]) || !IsLetter(name[at + 1]) || name[at] == name[at + 1]) continue;
    std::swap(name[at], name[at + 1]);
    changed = true;
    break;
  }
  if (!changed || random_.PerMille(150)) return Upper(name);
  return name;
}

}  // namespace sample_company
