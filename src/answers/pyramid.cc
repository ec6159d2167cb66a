// Ranks the customers of a period and cuts the ranking into the classes of the pyramid.
#include "relata/answers/pyramid.h"

#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/answers/facts.h"
#include "src/answers/slots.h"

namespace relata::answers {

namespace {

// The measure of every relation over one period, by relation id.
struct Sums {
  std::vector<int64_t> minor;
  std::vector<bool> bought;
  int64_t anonymous = 0;
  uint64_t anonymous_orders = 0;
};

Status Add(int64_t amount, int64_t* sum) {
  if (__builtin_add_overflow(*sum, amount, sum)) {
    return absl::OutOfRangeError("the revenue of a relation does not fit 63 bits of minor units");
  }
  return absl::OkStatus();
}

// Both periods in one walk over the orders.
Status SumOrders(const store::Reader& reader, const PyramidOptions& options, crm::Period before, Sums* now,
                 Sums* then) {
  RELATA_ASSIGN_OR_RETURN(const Slots orders, Slots::Of(reader, "order"));
  RELATA_ASSIGN_OR_RETURN(const FieldId relation, orders["relation"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId status, orders["status"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId ordered_on, orders["ordered_on"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId total, orders["total_base"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId cost, orders["cost_base"]);
  store::RowCursor at(reader, orders.type());
  for (; at.Valid(); at.Next()) {
    const RowView& row = at.row();
    const Date date{static_cast<int32_t>(row.Get(ordered_on).AsInt())};
    if (!options.period.Contains(date) && !before.Contains(date)) continue;
    if (static_cast<crm::OrderStatus>(row.Get(status).bits) == crm::OrderStatus::kCancelled) continue;
    int64_t amount = row.Get(total).AsInt();
    if (options.measure == PyramidMeasure::kMargin)
      RELATA_RETURN_IF_ERROR(Add(-row.Get(cost).AsInt(), &amount));
    const Cell of = row.Get(relation);
    for (const auto& [period, sums] : {std::pair(options.period, now), std::pair(before, then)}) {
      if (!period.Contains(date)) continue;
      if (!of.present) {
        ++sums->anonymous_orders;
        RELATA_RETURN_IF_ERROR(Add(amount, &sums->anonymous));
        continue;
      }
      if (sums->minor.size() <= of.bits) {
        sums->minor.resize(of.bits + 1);
        sums->bought.resize(of.bits + 1);
      }
      sums->bought[of.bits] = true;
      RELATA_RETURN_IF_ERROR(Add(amount, &sums->minor[of.bits]));
    }
  }
  return at.status();
}

std::vector<PyramidMember> Rank(const Sums& sums, const std::vector<PyramidShare>& classes) {
  std::vector<PyramidMember> members;
  for (RecordId id = 0; id < sums.minor.size(); ++id) {
    if (sums.minor[id] > 0) members.push_back({.relation = id, .class_index = 0, .minor = sums.minor[id]});
  }
  std::sort(members.begin(), members.end(), [](const PyramidMember& a, const PyramidMember& b) {
    return a.minor != b.minor ? a.minor > b.minor : a.relation < b.relation;
  });
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

StatusOr<Pyramid> CustomerPyramid(const store::Reader& reader, const PyramidOptions& options) {
  RELATA_RETURN_IF_ERROR(CheckOptions(options));
  const Currency base = reader.schema().catalogue().settings().base_currency;
  Pyramid pyramid;
  pyramid.period = options.period;
  pyramid.measure = options.measure;
  const int32_t days = options.period.to.days - options.period.from.days;
  pyramid.before =
      options.before.value_or(crm::Period{Date{options.period.from.days - days}, options.period.from});

  Sums now, then;
  RELATA_RETURN_IF_ERROR(SumOrders(reader, options, pyramid.before, &now, &then));
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
  pyramid.moved.assign(none + 1, std::vector<uint64_t>(none + 1));
  for (size_t id = 0; id < size; ++id) {
    if (class_then[id] != none || class_now[id] != none) ++pyramid.moved[class_then[id]][class_now[id]];
  }

  RELATA_ASSIGN_OR_RETURN(const AllFacts facts,
                          GatherFacts(reader, Date{options.period.to.days - 1}, options.lifecycle));
  for (RecordId id = 1; id < facts.by_id.size(); ++id) {
    if (!facts.by_id[id].exists || (id < class_now.size() && class_now[id] != none)) continue;
    const crm::Lifecycle lifecycle =
        crm::DeriveLifecycle(facts.by_id[id].facts, Date{options.period.to.days - 1}, options.lifecycle);
    ++pyramid.others[static_cast<size_t>(lifecycle)];
  }
  return pyramid;
}

}  // namespace relata::answers
