// Ranks the customers of a period and cuts the ranking into the classes of the pyramid.
#include "relata/answers/pyramid.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "relata/base/strings.h"
#include "src/answers/pyramid_parts.h"

namespace relata::answers {

namespace {

constexpr int kDigitBits = 8;
constexpr size_t kDigits = size_t{1} << kDigitBits;

// From the least up, by digits from the last, of which the lowest `from` bits do not count.
void SortByDigits(int from, uint64_t greatest, std::vector<uint64_t>* keys) {
  std::vector<uint64_t> sorted(keys->size());
  for (int shift = from; shift < 64 && greatest >> shift != 0; shift += kDigitBits) {
    std::array<size_t, kDigits> places = {};
    for (const uint64_t key : *keys) ++places[key >> shift & (kDigits - 1)];
    size_t before = 0;
    for (size_t& place : places) before += std::exchange(place, before);
    for (const uint64_t key : *keys) sorted[places[key >> shift & (kDigits - 1)]++] = key;
    keys->swap(sorted);
  }
}

Status Add(int64_t amount, int64_t* sum) {
  RELATA_ASSIGN_OR_RETURN(*sum, ToMinor(Wide{*sum} + amount));
  return absl::OkStatus();
}

// What relations brought in both periods; columns tell it where there are any.
Status SumOrders(const query::Source& source, const PyramidOptions& options, crm::Period before, Sums* now,
                 Sums* then) {
  if (HasColumns(source)) {
    StatusOr<Sums> sums = SumOnColumns(source, options.measure, options.period);
    if (sums.ok()) {
      *now = *std::move(sums);
      sums = SumOnColumns(source, options.measure, before);
    }
    if (sums.ok()) *then = *std::move(sums);
    if (!absl::IsUnavailable(sums.status())) return sums.status();
  }
  *now = *then = Sums();
  return SumOnRows(*source.reader, options.measure, options.period, before, now, then);
}

StatusOr<StageCounts> CountStages(const query::Source& source, Date on, const crm::LifecycleRule& rule,
                                  const Bits& active) {
  if (HasColumns(source)) {
    StatusOr<StageCounts> counts = CountStagesOnColumns(source, on, rule, active);
    if (!absl::IsUnavailable(counts.status())) return counts;
  }
  return CountStagesOnRows(*source.reader, on, rule, active);
}

// The active customers from the greatest measure down, ties by id.
std::vector<PyramidMember> Ranked(const Sums& sums) {
  size_t active = 0;
  int64_t greatest = 0;
  for (const int64_t minor : sums.minor) {
    active += minor > 0 ? 1 : 0;
    greatest = std::max(greatest, minor);
  }
  std::vector<PyramidMember> members;
  members.reserve(active);
  const int id_bits = std::bit_width(sums.minor.size());
  if (id_bits + std::bit_width(static_cast<uint64_t>(greatest)) > 64) {  // do not fit one number
    for (RecordId id = 0; id < sums.minor.size(); ++id) {
      if (sums.minor[id] > 0) members.push_back({.relation = id, .class_index = 0, .minor = sums.minor[id]});
    }
    std::stable_sort(members.begin(), members.end(),
                     [](const PyramidMember& a, const PyramidMember& b) { return a.minor > b.minor; });
    return members;
  }
  // How far each lies below the greatest, and its id: by id until now.
  std::vector<uint64_t> keys;
  keys.reserve(active);
  for (RecordId id = 0; id < sums.minor.size(); ++id) {
    if (sums.minor[id] > 0) keys.push_back(static_cast<uint64_t>(greatest - sums.minor[id]) << id_bits | id);
  }
  SortByDigits(id_bits, static_cast<uint64_t>(greatest) << id_bits, &keys);
  const uint64_t ids = (uint64_t{1} << id_bits) - 1;
  for (const uint64_t key : keys) {
    members.push_back(
        {.relation = key & ids, .class_index = 0, .minor = greatest - static_cast<int64_t>(key >> id_bits)});
  }
  return members;
}

std::vector<PyramidMember> Rank(const Sums& sums, const std::vector<PyramidShare>& classes) {
  std::vector<PyramidMember> members = Ranked(sums);
  uint64_t cumulative = 0;
  size_t at = 0;
  for (uint32_t c = 0; c < classes.size(); ++c) {
    cumulative += classes[c].basis_points;
    const size_t end = (members.size() * cumulative + 9'999) / 10'000;
    for (; at < end; ++at) members[at].class_index = c;
  }
  return members;
}

// The class of each relation, by id; `none` where it is not an active customer.
std::vector<uint32_t> ClassById(const std::vector<PyramidMember>& members, size_t size, uint32_t none) {
  std::vector<uint32_t> by_id(size, none);
  for (const PyramidMember& member : members) by_id[member.relation] = member.class_index;
  return by_id;
}

Status CheckOptions(const PyramidOptions& options) {
  if (options.period.to <= options.period.from) {
    return absl::InvalidArgumentError(StrCat("the period from ", options.period.from, " to ",
                                             options.period.to, " is empty; `to` is the first day after it"));
  }
  uint64_t all = 0;
  for (const PyramidShare& share : options.classes) all += share.basis_points;
  if (all != 10'000) {
    return absl::InvalidArgumentError(StrCat("the classes of the pyramid add up to ",
                                             static_cast<double>(all) / 100, " %; they must make 100 %"));
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<Pyramid> CustomerPyramid(const query::Source& source, const PyramidOptions& options) {
  RELATA_RETURN_IF_ERROR(CheckOptions(options));
  const Currency base = source.reader->schema().catalogue().settings().base_currency;
  Pyramid pyramid;
  pyramid.period = options.period;
  pyramid.measure = options.measure;
  const int32_t days = options.period.to.days - options.period.from.days;
  pyramid.before =
      options.before.value_or(crm::Period{Date{options.period.from.days - days}, options.period.from});

  Sums now, then;
  RELATA_RETURN_IF_ERROR(SumOrders(source, options, pyramid.before, &now, &then));
  pyramid.members = Rank(now, options.classes);
  pyramid.customers = pyramid.members.size();
  pyramid.anonymous_orders = now.anonymous_orders;
  pyramid.anonymous_total = Money::Minor(now.anonymous, base);
  for (RecordId id = 0; id < now.minor.size(); ++id) {
    if (now.bought[id] && now.minor[id] <= 0) ++pyramid.without_measure;
  }

  for (const PyramidShare& share : options.classes) {
    pyramid.classes.push_back(
        {.name = share.name, .total = Money::Minor(0, base), .smallest = Money::Minor(0, base)});
  }
  int64_t total = 0;
  for (const PyramidMember& member : pyramid.members) {
    PyramidClass& of = pyramid.classes[member.class_index];
    ++of.customers;
    RELATA_RETURN_IF_ERROR(Add(member.minor, &of.total.minor));
    RELATA_RETURN_IF_ERROR(Add(member.minor, &total));
    of.smallest.minor = member.minor;
  }
  pyramid.total = Money::Minor(total, base);
  for (PyramidClass& of : pyramid.classes) {
    if (total != 0) of.share = static_cast<double>(of.total.minor) / static_cast<double>(total);
  }

  const auto none = static_cast<uint32_t>(options.classes.size());
  const size_t size = std::max(now.minor.size(), then.minor.size());
  const std::vector<uint32_t> class_now = ClassById(pyramid.members, size, none);
  const std::vector<uint32_t> class_then = ClassById(Rank(then, options.classes), size, none);
  const size_t width = size_t{none} + 1;
  std::vector<uint64_t> moved(width * width);
  for (size_t id = 0; id < size; ++id) ++moved[class_then[id] * width + class_now[id]];
  moved.back() = 0;  // those that were not and are not active
  for (size_t row = 0; row < width; ++row) {
    const auto from = moved.begin() + static_cast<std::ptrdiff_t>(row * width);
    pyramid.moved.emplace_back(from, from + static_cast<std::ptrdiff_t>(width));
  }

  Bits active(size / 64 + 1);
  for (const PyramidMember& member : pyramid.members) {
    active[member.relation / 64] |= uint64_t{1} << (member.relation % 64);
  }
  RELATA_ASSIGN_OR_RETURN(pyramid.others,
                          CountStages(source, Date{options.period.to.days - 1}, options.lifecycle, active));
  return pyramid;
}

}  // namespace relata::answers
