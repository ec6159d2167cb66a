// Currency and the table of ISO 4217: list one (currencies in use, as of January 2026) and, of list three,
// those withdrawn since the euro came, which old files still name. Fund codes are included; metals, units of
// account without a minor unit, and codes for testing are not.
#include <algorithm>
#include <array>
#include <string_view>

#include "relata/base/money.h"
#include "relata/base/strings.h"

namespace relata {
namespace {

// Codes with the same number of decimals, with a space between.
struct Group {
  int exponent;
  std::string_view codes;
};

constexpr Group kGroups[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {2,
     "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
     "CHF CHW "
     "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
     "HTG HUF "
     "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
     "MVR MWK "
     "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK "
     "SGD SHP "
     "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD "
     "XCD XCG "
     "YER ZAR ZMW ZWG"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
    // Withdrawn.
    {0, "BEF BYR ESP GRD ITL LUF MGF PTE TRL"},
    {2,
     "ANG ATS BGN CSD CUC CYP DEM EEK FIM FRF GHC HRK IEP LTL LVL MRO MTL MZM NLG ROL SDD SIT SKK SLL SRG "
     "STD TMM "
     "VEB VEF XEU ZMK ZWD ZWL"},
};

struct Entry {
  uint16_t packed = 0;
  uint8_t exponent = 0;
};

constexpr uint16_t PackCode(std::string_view code) {
  return static_cast<uint16_t>((code[0] - 'A' + 1) << 10 | (code[1] - 'A' + 1) << 5 | (code[2] - 'A' + 1));
}

constexpr size_t kCount = [] {
  size_t count = 0;
  for (const Group& group : kGroups) count += (group.codes.size() + 1) / 4;
  return count;
}();

constexpr std::array<Entry, kCount> kTable = [] {
  std::array<Entry, kCount> table{};
  size_t next = 0;
  for (const Group& group : kGroups) {
    for (size_t at = 0; at < group.codes.size(); at += 4) {
      table[next++] = Entry{PackCode(group.codes.substr(at, 3)), static_cast<uint8_t>(group.exponent)};
    }
  }
  std::sort(table.begin(), table.end(), [](const Entry& a, const Entry& b) { return a.packed < b.packed; });
  return table;
}();
static_assert(std::adjacent_find(kTable.begin(), kTable.end(), [](const Entry& a, const Entry& b) {
                return a.packed == b.packed;
              }) == kTable.end());

const Entry* Find(uint16_t packed) {
  const auto found =
      std::lower_bound(kTable.begin(), kTable.end(), packed,
                       [](const Entry& entry, uint16_t wanted) { return entry.packed < wanted; });
  return found != kTable.end() && found->packed == packed ? &*found : nullptr;
}

}  // namespace

StatusOr<Currency> Currency::Parse(std::string_view code) {
  const bool capitals =
      code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return 'A' <= c && c <= 'Z'; });
  if (!capitals || Find(PackCode(code)) == nullptr) {
    return absl::InvalidArgumentError(
        StrCat("currency ", Quoted(code), ": expected a code of ISO 4217 in capitals, as EUR"));
  }
  return Currency(PackCode(code));
}

StatusOr<Currency> Currency::FromPacked(uint16_t packed) {
  if (packed != 0 && Find(packed) == nullptr) {
    return absl::InvalidArgumentError(StrCat("currency number ", packed, ": not a packed code of ISO 4217"));
  }
  return Currency(packed);
}

std::string Currency::code() const {
  if (is_none()) return "";
  const auto letter = [&](int shift) { return static_cast<char>('A' + ((packed_ >> shift) & 0x1F) - 1); };
  return {letter(10), letter(5), letter(0)};
}

int Currency::exponent() const {
  const Entry* entry = Find(packed_);
  return entry == nullptr ? 0 : entry->exponent;
}

}  // namespace relata
