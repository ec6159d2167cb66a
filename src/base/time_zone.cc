// TimeZone, over absl::TimeZone, which reads the zone files of the system (or of the TZDIR of the
// environment).
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "absl/time/civil_time.h"
#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/base/digits.h"
#include "src/base/file.h"
#include "src/base/zone_file.h"

namespace relata {
namespace {

absl::Time ToAbslTime(Timestamp at) { return absl::FromUnixMicros(at.micros); }

Timestamp FromAbslTime(absl::Time time) {
  return std::clamp(Timestamp{absl::ToUnixMicros(time)}, Timestamp::Min(), Timestamp::Max());
}

Date FromAbslDay(absl::CivilDay day) {
  const absl::CivilDay epoch(1970, 1, 1);
  const auto days = std::clamp<int64_t>(day - epoch, Date::Min().days, Date::Max().days);
  return Date{static_cast<int32_t>(days)};
}

absl::CivilDay ToAbslDay(Date date) { return absl::CivilDay(1970, 1, 1) + date.days; }

// A name of the database and nothing else: the loader below would take paths and prefixes too. "right/" holds
// the zones with leap seconds, which Timestamp does not count.
bool IsZoneName(std::string_view name) {
  constexpr std::string_view kOther = "+-_/";
  if (name.empty() || name.size() > 100 || name.front() == '/' || name.substr(0, 6) == "right/") return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') ||
           kOther.find(c) != std::string_view::npos;
  });
}

std::string ZoneDirectory() {
  const char* configured = std::getenv("TZDIR");
  return configured != nullptr && *configured != '\0' ? configured : "/usr/share/zoneinfo";
}

std::string ReadDataVersion() {
  const std::string directory = ZoneDirectory();
  std::string line;
  constexpr std::string_view kPrefix = "# version ";
  if (std::ifstream source(directory + "/tzdata.zi"); std::getline(source, line)) {
    if (line.compare(0, kPrefix.size(), kPrefix) == 0 && line.size() > kPrefix.size()) {
      return line.substr(kPrefix.size());
    }
  }
  if (std::ifstream source(directory + "/+VERSION"); std::getline(source, line) && !line.empty()) return line;
  return "unknown";
}

}  // namespace

StatusOr<TimeZone> TimeZone::Load(std::string_view name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(ToAbsl(name), &zone)) {
    return absl::NotFoundError(StrCat("time zone ", Quoted(name),
                                      ": not in the system's time zone database; expected a name as "
                                      "Europe/Amsterdam (is the package tzdata installed?)"));
  }
  return TimeZone(zone);
}

bool HasZoneFile(std::string_view name) {
  if (!IsZoneName(name)) return false;
  const StatusOr<FileDescriptor> file = FileDescriptor::Open(StrCat(ZoneDirectory(), "/", name), O_RDONLY);
  constexpr std::string_view kMagic = "TZif";
  char head[kMagic.size()] = {};
  return file.ok() && read(file->get(), head, sizeof(head)) == ssize_t{sizeof(head)} &&
         std::string_view(head, sizeof(head)) == kMagic;
}

std::string TimeZone::DataVersion() {
  static const auto* version = new std::string(ReadDataVersion());
  return *version;
}

Date TimeZone::LocalDate(Timestamp at) const {
  return FromAbslDay(absl::CivilDay(zone_.At(ToAbslTime(at)).cs));
}

LocalTime TimeZone::Local(Timestamp at) const {
  const absl::TimeZone::CivilInfo info = zone_.At(ToAbslTime(at));
  return LocalTime{FromAbslDay(absl::CivilDay(info.cs)), info.cs.hour(), info.cs.minute(), info.cs.second(),
                   static_cast<int32_t>(absl::ToInt64Microseconds(info.subsecond))};
}

int32_t TimeZone::UtcOffset(Timestamp at) const { return zone_.At(ToAbslTime(at)).offset; }

Timestamp TimeZone::StartOfDay(Date date) const {
  // The first of two instants where midnight repeats; the transition where it is skipped.
  return FromAbslTime(absl::FromCivil(absl::CivilSecond(ToAbslDay(date)), zone_));
}

StatusOr<Timestamp> TimeZone::At(const LocalTime& local) const {
  const auto within = [](int32_t value, int32_t limit) { return 0 <= value && value < limit; };
  if (!local.date.IsValid() || !within(local.hour, 24) || !within(local.minute, 60) ||
      !within(local.second, 60) || !within(local.micro, 1'000'000)) {
    return absl::InvalidArgumentError(StrCat("local time ", local.date, " ", local.hour, ":", local.minute,
                                             ":", local.second, ": a part is out of its range"));
  }
  const absl::CivilSecond second =
      absl::CivilSecond(ToAbslDay(local.date)) + (local.hour * 3600 + local.minute * 60 + local.second);
  const absl::TimeZone::TimeInfo info = zone_.At(second);
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return FromAbslTime(info.trans);
  return FromAbslTime(info.pre + absl::Microseconds(local.micro));
}

std::string TimeZone::Format(Timestamp at) const {
  // Before standard time, offsets had seconds, which ISO 8601 cannot say; whole minutes of them and the time
  // to match still name the same instant.
  const int32_t minutes = UtcOffset(at) / 60;
  const StatusOr<Timestamp> shown = at.Add(Duration::Minutes(minutes));
  if (!shown.ok()) return at.ToString();
  std::string text = shown->ToString();
  text.pop_back();  // the Z
  text.push_back(minutes < 0 ? '-' : '+');
  AppendDigits(static_cast<uint64_t>(std::abs(minutes) / 60), 2, &text);
  text.push_back(':');
  AppendDigits(static_cast<uint64_t>(std::abs(minutes) % 60), 2, &text);
  return text;
}

}  // namespace relata
