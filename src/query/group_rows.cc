// Groups rows by hash of their keys' codes.
#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/query/aggregation.h"
#include "src/query/grouping.h"

namespace relata::query {

namespace {

struct RowGroup {
  std::vector<OwnedDatum> keys;
  std::vector<Aggregation> aggregates;
};

class RowGrouping {
 public:
  RowGrouping(const PreparedGroups& prepared, Execution* execution)
      : prepared_(prepared), terms_(prepared.spec->aggregates), execution_(*execution) {
    for (const Column& column : prepared.keys) keys_.emplace_back(execution_.query(), column);
    for (size_t i = 0; i < terms_.size(); ++i) {
      if (terms_[i].of) {
        values_.emplace_back(ColumnReader(execution_.query(), prepared.values[i]));
      } else {
        values_.emplace_back();
      }
    }
  }

  Status Collect() {
    if (keys_.empty()) RELATA_RETURN_IF_ERROR(NewGroup("").status());
    const bool rows_needed = !keys_.empty() || std::any_of(values_.begin(), values_.end(),
                                                           [](const auto& v) { return v.has_value(); });
    std::string code;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, execution_.Next());
      if (!more) return absl::OkStatus();
      Candidate& record = *execution_.current();
      if (rows_needed) RELATA_RETURN_IF_ERROR(LoadRow(execution_.query(), &record, execution_.budget()));
      code.clear();
      for (size_t i = 0; i < keys_.size(); ++i) {
        RELATA_ASSIGN_OR_RETURN(const expr::Datum value, keys_[i].Read(record));
        OrderCode().Append(prepared_.types[i], value, &code);
      }
      const auto found = by_code_.find(code);
      size_t place = 0;
      if (found != by_code_.end()) {
        place = found->second;
      } else {
        RELATA_ASSIGN_OR_RETURN(place, NewGroup(code));
        for (ColumnReader& reader : keys_) {
          RELATA_ASSIGN_OR_RETURN(const expr::Datum value, reader.Read(record));
          groups_[place].keys.emplace_back(value);
        }
      }
      RELATA_RETURN_IF_ERROR(AddTo(&groups_[place], record));
    }
  }

  GroupTable Table() {
    GroupTable table;
    table.size = groups_.size();
    table.columns.resize(prepared_.types.size());
    for (RowGroup& group : groups_) {
      for (size_t i = 0; i < keys_.size(); ++i) table.columns[i].values.push_back(std::move(group.keys[i]));
      for (size_t i = 0; i < terms_.size(); ++i) {
        const expr::Type type = terms_[i].of ? prepared_.values[i].program.type() : expr::Type();
        table.columns[keys_.size() + i].values.push_back(
            group.aggregates[i].Result(terms_[i].aggregate, type));
      }
    }
    return table;
  }

 private:
  StatusOr<size_t> NewGroup(const std::string& code) {
    RELATA_RETURN_IF_ERROR(execution_.budget()->Hold(
        sizeof(RowGroup) + 2 * code.size() + terms_.size() * sizeof(Aggregation), "groups"));
    by_code_.emplace(code, groups_.size());
    groups_.emplace_back().aggregates.resize(terms_.size());
    return groups_.size() - 1;
  }

  Status AddTo(RowGroup* group, const Candidate& record) {
    for (size_t i = 0; i < terms_.size(); ++i) {
      expr::Datum value = Cell::OfBits(1);  // a record counts for one
      expr::Type type;
      if (values_[i]) {
        RELATA_ASSIGN_OR_RETURN(value, values_[i]->Read(record));
        type = prepared_.values[i].program.type();
      }
      RELATA_RETURN_IF_ERROR(group->aggregates[i].Add(terms_[i].aggregate, type, value, execution_.budget()));
    }
    return absl::OkStatus();
  }

  const PreparedGroups& prepared_;
  const std::vector<AggregateTerm>& terms_;
  Execution& execution_;
  std::vector<ColumnReader> keys_;
  std::vector<std::optional<ColumnReader>> values_;
  absl::flat_hash_map<std::string, size_t> by_code_;
  std::deque<RowGroup> groups_;
};

}  // namespace

StatusOr<GroupTable> GroupOnRows(const PreparedGroups& groups, Execution* execution) {
  RowGrouping grouping(groups, execution);
  RELATA_RETURN_IF_ERROR(grouping.Collect());
  return grouping.Table();
}

}  // namespace relata::query
