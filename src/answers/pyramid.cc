// Ranks the customers of a period and cuts the ranking into the classes of the pyramid.
#include "relata/answers/pyramid.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "relata/base/strings.h"
#include "src/answers/pyramid_parts.h"
#include "src/base/wide.h"

namespace relata::answers {

namespace {

constexpr int kDigitBits = 11;
constexpr size_t kDigits = size_t{1} << kDigitBits;

constexpr size_t kMostClasses = 10'000;

// From the least up, by digits from the last, of which the lowest `from` bits do not count.
template <typename Key>
void SortByDigits(int from, int to, std::vector<Key>* keys) {
  std::vector<Key> sorted(keys->size());
  std::vector<size_t> places(kDigits);
  for (int shift = from; shift < to; shift += kDigitBits) {
    const auto digit = [=](Key key) { return static_cast<size_t>(key >> shift) & (kDigits - 1); };
    std::fill(places.begin(), places.end(), 0);
    for (const Key key : *keys) ++places[digit(key)];
    size_t before = 0;
    for (size_t& place : places) before += std::exchange(place, before);
    for (const Key key : *keys) sorted[places[digit(key)]++] = key;
    keys->swap(sorted);
  }
}

// How far the members of a ranking are put in order: one by one, or class by class, which takes less time.
enum class Sorted { kMembers, kClasses };

// More classes than this are found by sorting members.
constexpr size_t kFewClasses = 8;

// Sorts by how far each lies below the greatest, and then its id, both in one key. `ends`: of the classes, by
// place. REQUIRES: the keys fit.
template <typename Key>
void RankBy(int id_bits, int64_t greatest, std::span<const size_t> ends, Sorted sorted,
            std::vector<PyramidMember>* members) {
  std::vector<Key> keys;
  keys.reserve(members->size());
  for (const PyramidMember& member : *members) {
    keys.push_back(static_cast<Key>(greatest - member.minor) << id_bits | member.relation);
  }
  if (sorted == Sorted::kMembers || ends.size() > kFewClasses) {
    SortByDigits(id_bits, id_bits + std::bit_width(static_cast<uint64_t>(greatest)), &keys);
  } else {
    auto end = keys.end();
    for (size_t c = ends.size(); c-- > 0;) {
      const auto cut = keys.begin() + static_cast<std::ptrdiff_t>(ends[c]);
      if (cut != end) std::nth_element(keys.begin(), cut, end);
      end = cut;
    }
  }
  const uint64_t ids = (uint64_t{1} << id_bits) - 1;
  size_t at = 0;
  for (uint32_t c = 0; c < ends.size(); ++c) {
    for (; at < ends[c]; ++at) {
      (*members)[at] = {.relation = static_cast<uint64_t>(keys[at]) & ids,
                        .class_index = c,
                        .minor = greatest - static_cast<int64_t>(keys[at] >> id_bits)};
    }
  }
}

// Ranks active customers, given by ascending id, and cuts the ranking into classes.
void Rank(const std::vector<PyramidShare>& classes, Sorted sorted, std::vector<PyramidMember>* members) {
  if (members->empty()) return;
  std::vector<size_t> ends;
  uint64_t cumulative = 0;
  for (const PyramidShare& share : classes) {
    cumulative += share.basis_points;
    ends.push_back((members->size() * cumulative + 9'999) / 10'000);
  }
  int64_t greatest = 0;
  for (const PyramidMember& member : *members) greatest = std::max(greatest, member.minor);
  const int id_bits = std::bit_width(members->back().relation);
  if (id_bits + std::bit_width(static_cast<uint64_t>(greatest)) <= 64) {
    RankBy<uint64_t>(id_bits, greatest, ends, sorted, members);
  } else {
    RankBy<UnsignedWide>(id_bits, greatest, ends, sorted, members);
  }
}

// Who was in which class in the period before: all that is kept of it, a tenth of what its members take.
struct Earlier {
  std::vector<uint16_t> class_of;   // by id: 0 is none, c + 1 the class c
  std::vector<uint64_t> customers;  // by class
};

Earlier ClassesOf(const std::vector<PyramidShare>& classes, std::vector<PyramidMember> active) {
  Earlier earlier{.class_of = {}, .customers = std::vector<uint64_t>(classes.size())};
  if (active.empty()) return earlier;
  earlier.class_of.resize(active.back().relation + 1);
  Rank(classes, Sorted::kClasses, &active);
  for (const PyramidMember& member : active) {
    earlier.class_of[member.relation] = static_cast<uint16_t>(member.class_index + 1);
    ++earlier.customers[member.class_index];
  }
  return earlier;
}

// What relations brought in both periods; columns tell it where there are any.
Status SumOrders(const query::Source& source, const PyramidOptions& options, crm::Period before, Trade* now,
                 Earlier* then) {
  if (HasColumns(source)) {
    StatusOr<std::vector<PyramidMember>> active = ActiveOnColumns(source, options.measure, before);
    if (active.ok()) *then = ClassesOf(options.classes, *std::move(active));
    StatusOr<Trade> trade =
        active.ok() ? TradeOnColumns(source, options.measure, options.period) : active.status();
    if (trade.ok()) *now = *std::move(trade);
    if (!absl::IsUnavailable(trade.status())) return trade.status();
  }
  Trade earlier;
  RELATA_RETURN_IF_ERROR(TradeOnRows(*source.reader, options.measure, options.period, before, now, &earlier));
  *then = ClassesOf(options.classes, std::move(earlier.active));
  return absl::OkStatus();
}

StatusOr<StageCounts> CountStages(const query::Source& source, Date on, const crm::LifecycleRule& rule,
                                  const Bits& active) {
  if (HasColumns(source)) {
    StatusOr<StageCounts> counts = CountStagesOnColumns(source, on, rule, active);
    if (!absl::IsUnavailable(counts.status())) return counts;
  }
  return CountStagesOnRows(*source.reader, on, rule, active);
}

// Customers, totals and limits of the classes of a ranking.
Status SumClasses(const std::vector<PyramidShare>& classes, Currency base, Pyramid* pyramid) {
  std::vector<Wide> totals(classes.size());
  for (const PyramidShare& share : classes) {
    pyramid->classes.push_back(
        {.name = share.name, .total = Money::Minor(0, base), .smallest = Money::Minor(0, base)});
  }
  for (const PyramidMember& member : pyramid->members) {
    PyramidClass& of = pyramid->classes[member.class_index];
    ++of.customers;
    totals[member.class_index] += member.minor;
    of.smallest.minor = member.minor;
  }
  const Wide sum = std::accumulate(totals.begin(), totals.end(), Wide{0});
  RELATA_ASSIGN_OR_RETURN(const int64_t total, ToMinor(sum));
  pyramid->customers = pyramid->members.size();
  pyramid->total = Money::Minor(total, base);
  for (size_t c = 0; c < classes.size(); ++c) {
    PyramidClass& of = pyramid->classes[c];
    of.total.minor = static_cast<int64_t>(totals[c]);  // all are above zero: none is greater than the whole
    if (total != 0) of.share = static_cast<double>(of.total.minor) / static_cast<double>(total);
  }
  return absl::OkStatus();
}

// Who was where, and where they are now; see Pyramid::moved.
std::vector<std::vector<uint64_t>> Movement(const Earlier& then, const std::vector<PyramidMember>& now) {
  const size_t classes = then.customers.size();
  const size_t width = classes + 1;
  std::vector<uint64_t> now_by_then(width * width);  // by 0 or c + 1 then, and class now
  for (const PyramidMember& member : now) {
    const size_t was = member.relation < then.class_of.size() ? then.class_of[member.relation] : 0;
    ++now_by_then[was * width + member.class_index];
  }
  std::vector<std::vector<uint64_t>> moved(width, std::vector<uint64_t>(width));
  for (size_t was = 0; was < width; ++was) {
    std::vector<uint64_t>& row = moved[was == 0 ? classes : was - 1];
    std::copy_n(now_by_then.begin() + static_cast<std::ptrdiff_t>(was * width), width, row.begin());
    if (was != 0)
      row[classes] = then.customers[was - 1] - std::accumulate(row.begin(), row.end(), uint64_t{0});
  }
  return moved;
}

Status CheckOptions(const PyramidOptions& options) {
  if (options.period.to <= options.period.from) {
    return absl::InvalidArgumentError(StrCat("the period from ", options.period.from, " to ",
                                             options.period.to, " is empty; `to` is the first day after it"));
  }
  if (options.classes.size() > kMostClasses) {
    return absl::InvalidArgumentError(
        StrCat("the pyramid has ", options.classes.size(), " classes; ", kMostClasses, " shares make 100 %"));
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

  Trade now;
  Earlier then;
  RELATA_RETURN_IF_ERROR(SumOrders(source, options, pyramid.before, &now, &then));
  pyramid.members = std::move(now.active);
  pyramid.without_measure = now.without_measure;
  pyramid.anonymous_orders = now.anonymous_orders;
  pyramid.anonymous_total = Money::Minor(now.anonymous, base);
  const Bits active = BitsOf(pyramid.members);
  Rank(options.classes, Sorted::kMembers, &pyramid.members);
  RELATA_RETURN_IF_ERROR(SumClasses(options.classes, base, &pyramid));
  pyramid.moved = Movement(then, pyramid.members);
  RELATA_ASSIGN_OR_RETURN(pyramid.others,
                          CountStages(source, Date{options.period.to.days - 1}, options.lifecycle, active));
  return pyramid;
}

}  // namespace relata::answers
