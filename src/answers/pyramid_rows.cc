// What the pyramid is made of, by walks over rows.
#include <utility>

#include "src/answers/facts.h"
#include "src/answers/pyramid_parts.h"
#include "src/answers/slots.h"

namespace relata::answers {

namespace {

// Sums in the making, by relation id.
struct WideSums {
  std::vector<Wide> minor;
  std::vector<bool> bought;
  Wide anonymous = 0;
  uint64_t anonymous_orders = 0;
};

Status Finish(const WideSums& from, Trade* trade) {
  for (RecordId id = 0; id < from.minor.size(); ++id) {
    RELATA_ASSIGN_OR_RETURN(const int64_t minor, ToMinor(from.minor[id]));
    if (minor > 0) {
      trade->active.push_back({.relation = id, .class_index = 0, .minor = minor});
    } else if (from.bought[id]) {
      ++trade->without_measure;
    }
  }
  trade->anonymous_orders = from.anonymous_orders;
  RELATA_ASSIGN_OR_RETURN(trade->anonymous, ToMinor(from.anonymous));
  return absl::OkStatus();
}

}  // namespace

StatusOr<int64_t> ToMinor(Wide sum) {
  int64_t minor = 0;
  if (Narrow(sum, &minor)) return minor;
  return absl::OutOfRangeError("the revenue of a relation does not fit 63 bits of minor units");
}

Bits BitsOf(const std::vector<PyramidMember>& active) {
  Bits bits(active.empty() ? 0 : active.back().relation / 64 + 1);
  for (const PyramidMember& member : active) {
    bits[member.relation / 64] |= uint64_t{1} << (member.relation % 64);
  }
  return bits;
}

Status TradeOnRows(const store::Reader& reader, PyramidMeasure measure, crm::Period period,
                   crm::Period before, Trade* now, Trade* then) {
  RELATA_ASSIGN_OR_RETURN(const Slots orders, Slots::Of(reader, "order"));
  RELATA_ASSIGN_OR_RETURN(const FieldId relation, orders["relation"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId status, orders["status"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId ordered_on, orders["ordered_on"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId total, orders["total_base"]);
  RELATA_ASSIGN_OR_RETURN(const FieldId cost, orders["cost_base"]);
  WideSums wide_now, wide_then;
  store::RowCursor at(reader, orders.type());
  for (; at.Valid(); at.Next()) {
    const RowView& row = at.row();
    const Date date{static_cast<int32_t>(row.Get(ordered_on).AsInt())};
    if (!period.Contains(date) && !before.Contains(date)) continue;
    if (static_cast<crm::OrderStatus>(row.Get(status).bits) == crm::OrderStatus::kCancelled) continue;
    Wide amount = row.Get(total).AsInt();
    if (measure == PyramidMeasure::kMargin) amount -= row.Get(cost).AsInt();
    const Cell of = row.Get(relation);
    for (const auto& [days, sums] : {std::pair(period, &wide_now), std::pair(before, &wide_then)}) {
      if (!days.Contains(date)) continue;
      if (!of.present) {
        ++sums->anonymous_orders;
        sums->anonymous += amount;
        continue;
      }
      if (sums->minor.size() <= of.bits) {
        sums->minor.resize(of.bits + 1);
        sums->bought.resize(of.bits + 1);
      }
      sums->bought[of.bits] = true;
      sums->minor[of.bits] += amount;
    }
  }
  RELATA_RETURN_IF_ERROR(at.status());
  RELATA_RETURN_IF_ERROR(Finish(wide_now, now));
  return Finish(wide_then, then);
}

StatusOr<StageCounts> CountStagesOnRows(const store::Reader& reader, Date on, const crm::LifecycleRule& rule,
                                        const Bits& active) {
  RELATA_ASSIGN_OR_RETURN(const AllFacts facts, GatherFacts(reader, on, rule));
  StageCounts counts = {};
  for (RecordId id = 1; id < facts.by_id.size(); ++id) {
    if (!facts.by_id[id].exists || HasBit(active, id)) continue;
    ++counts[static_cast<size_t>(crm::DeriveLifecycle(facts.by_id[id].facts, on, rule))];
  }
  return counts;
}

}  // namespace relata::answers
