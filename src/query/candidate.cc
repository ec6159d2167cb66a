// Rows looked up, conditions and keys computed.
#include "src/query/candidate.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"

namespace relata::query {

Status LoadRow(const Prepared& query, Candidate* candidate, Budget* budget) {
  if (candidate->has_row) return absl::OkStatus();
  ++budget->work().rows_read;
  RELATA_RETURN_IF_ERROR(
      query.reader->Find(*query.type, candidate->id, &candidate->row, &candidate->has_row));
  if (candidate->has_row) return absl::OkStatus();
  return absl::DataLossError(StrCat("an index of ", query.type->type->name, " names record ", candidate->id,
                                    ", which is not there; run `relata check` and rebuild the index"));
}

std::vector<SegmentTest> Matcher::TakeSegments(std::span<const SegmentTest> segments,
                                               std::vector<expr::StepIndex>* residual) {
  std::vector<SegmentTest> taken;
  for (const SegmentTest& test : segments) {
    if (test.members != nullptr && std::erase(*residual, test.conjunct) > 0) taken.push_back(test);
  }
  return taken;
}

StatusOr<bool> Matcher::Matches(Candidate* candidate) {
  RELATA_RETURN_IF_ERROR(budget_->Tick());
  for (const SegmentTest& test : segments_) {
    if (test.members->Contains(candidate->id) != test.member) return false;
  }
  const std::vector<expr::StepIndex>* left = &residual_;
  if (!columns_.empty()) {
    const std::optional<bool> matches = columns_.Match(candidate->id);
    if (matches && !*matches) return false;
    if (matches) left = &on_row_;
  }
  if (!left->empty()) RELATA_RETURN_IF_ERROR(LoadRow(query_, candidate, budget_));
  for (const expr::StepIndex conjunct : *left) {
    RELATA_ASSIGN_OR_RETURN(const expr::Datum value,
                            evaluator_->Evaluate(conjunct, candidate->id, candidate->row));
    if (!value.present || value.bits == 0) return false;
  }
  ++matched_;
  return true;
}

ColumnReader::ColumnReader(const Prepared& query, const Column& column) : column_(column) {
  if (!column.slot) evaluator_.emplace(column.program, *query.reader);
}

StatusOr<expr::Datum> ColumnReader::Read(const Candidate& candidate) {
  if (evaluator_) return evaluator_->Evaluate(candidate.id, candidate.row);
  expr::Datum value = candidate.row.Get(*column_.slot);
  if (!column_.nullable) value.present = true;  // what a row leaves out is zero
  return value;
}

OrderKeys::OrderKeys(const Prepared& query, Budget* budget) : query_(query), budget_(budget) {
  for (const OrderColumn& term : query.order) readers_.emplace_back(query, term.column);
}

Status OrderKeys::Make(Candidate* candidate, std::string* key) {
  key->clear();
  if (!readers_.empty()) RELATA_RETURN_IF_ERROR(LoadRow(query_, candidate, budget_));
  for (size_t i = 0; i < readers_.size(); ++i) {
    RELATA_ASSIGN_OR_RETURN(const expr::Datum value, readers_[i].Read(*candidate));
    query_.order[i].code.Append(query_.order[i].column.program.type(), value, key);
  }
  AppendBE64(key, candidate->id);
  return absl::OkStatus();
}

StatusOr<CursorPlace> OrderKeys::PlaceOf(Candidate* candidate) {
  CursorPlace place;
  place.id = candidate->id;
  if (!readers_.empty()) RELATA_RETURN_IF_ERROR(LoadRow(query_, candidate, budget_));
  for (ColumnReader& reader : readers_) {
    RELATA_ASSIGN_OR_RETURN(const expr::Datum value, reader.Read(*candidate));
    place.values.emplace_back(value);
  }
  return place;
}

std::string OrderKeys::KeyOf(const CursorPlace& place) const {
  std::string key;
  for (size_t i = 0; i < query_.order.size(); ++i) {
    query_.order[i].code.Append(query_.order[i].column.program.type(), place.values[i].view(), &key);
  }
  AppendBE64(&key, place.id);
  return key;
}

RecordId OrderKeys::IdOf(std::string_view key) {
  return LoadBE64(key.data() + key.size() - sizeof(RecordId));
}

}  // namespace relata::query
