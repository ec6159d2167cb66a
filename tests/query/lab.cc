// Asks both, and compares what they say.
#include "tests/query/lab.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/store/reader.h"
#include "tests/query/sqlite_store.h"
#include "tests/store/told_members.h"

namespace relata::twin {
namespace {

using expr::Base;
using expr::Datum;
using expr::Type;

std::string NewFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "relata-query-XXXXXX").string();
  RELATA_CHECK(mkdtemp(name.data()) != nullptr);
  return name;
}

bool Near(double a, double b) {
  return a == b || std::fabs(a - b) <= 1e-9 * std::max(std::fabs(a), std::fabs(b));
}

// What a datum says, as the naive interpreter would hold it.
NaiveValue FromDatum(const Datum& datum, const Type& type, const store::SchemaRuntime& schema) {
  if (!datum.present) return {};
  const int64_t number = datum.AsInt();
  switch (type.base) {
    case Base::kBool:
      return number != 0;
    case Base::kExact:
      return Decimal{number, type.scale};
    case Base::kDouble:
      return datum.AsDouble();
    case Base::kMoney:
      return Money::Minor(number, type.currency);
    case Base::kText:
      return std::string(datum.bytes);
    case Base::kDate:
      return Date{static_cast<int32_t>(number)};
    case Base::kTimestamp:
      return Timestamp{number};
    case Base::kInterval:
      return expr::Interval{0, number};
    case Base::kLength:
      return expr::Length{number};
    case Base::kCurrency:
      return Currency::FromPacked(static_cast<uint16_t>(datum.bits)).value();
    case Base::kEnum: {
      const Label* label = type.field->FindLabel(static_cast<uint16_t>(datum.bits));
      return label == nullptr ? std::string("no label") : label->name;
    }
    case Base::kRecord: {
      const EntityTypeId target =
          type.target != 0 ? type.target : static_cast<EntityTypeId>(datum.bits >> 48);
      return RecordOf{schema.Find(target)->type->name, datum.bits & kMaxRecordId};
    }
    case Base::kPoint:
      return Point{static_cast<int32_t>(datum.bits >> 32),
                   static_cast<int32_t>(static_cast<uint32_t>(datum.bits))};
    default:
      return std::string("a value that no expression has");
  }
}

}  // namespace

std::string ShowDatum(const Datum& datum, const Type& type, const store::SchemaRuntime& schema) {
  return FromDatum(datum, type, schema).ToString();
}

bool SameValue(const NaiveValue& naive, const Datum& datum, const Type& type,
               const store::SchemaRuntime& schema) {
  const NaiveValue other = FromDatum(datum, type, schema);
  if (naive.is_null() || other.is_null()) return naive.is_null() == other.is_null();
  if (const double* real = other.As<double>()) {
    const Decimal* exact = naive.As<Decimal>();
    if (exact != nullptr) return Near(ToDouble(*exact), *real);
    return naive.As<double>() != nullptr && Near(*naive.As<double>(), *real);
  }
  if (const EnumLabel* label = naive.As<EnumLabel>()) {
    return other.As<std::string>() != nullptr &&
           label->field->labels[label->order] == *other.As<std::string>();
  }
  try {
    return Equal(naive, other, TimeZone()) == Truth(true);
  } catch (const TypeError&) {
    return false;
  }
}

Lab::Lab(uint64_t seed, size_t most_rows) : folder_(NewFolder()) {
  Random random(seed);
  world_ = MakeWorld(&random, most_rows);
  zone_ = TimeZone::Load(world_.schema.time_zone).value();
  StatusOr<std::shared_ptr<store::Store>> store =
      MakeStore(world_.schema, world_.data, world_.now, folder_ + "/store.relata");
  if (!store.ok()) std::fprintf(stderr, "world %lu: %s\n", seed, store.status().ToString().c_str());
  RELATA_CHECK(store.ok());
  store_ = *std::move(store);
  snapshot_ = std::make_unique<store::Snapshot>(store_->Read().value());
}

Lab::~Lab() {
  snapshot_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

expr::Expr Lab::Reread(const expr::Expr& expr) const {
  const StatusOr<expr::Expr> parsed = expr::Parse(expr::Print(expr), zone_);
  return parsed.ok() ? *parsed : expr::Expr();
}

const std::map<RecordId, NaiveResult>& Lab::Expected(const std::string& entity, const expr::Expr& expr) {
  if (asked_ && asked_entity_ == entity && asked_ == expr) return expected_;
  asked_entity_ = entity;
  asked_ = expr;
  expected_.clear();
  Naive naive(world_.schema, world_.data, world_.now);
  for (const auto& [id, row] : world_.data.Of(entity)) expected_[id] = naive.Evaluate(expr, entity, id);
  return expected_;
}

Verdict Lab::CompareRows(const std::string& entity, const expr::Expr& expr) {
  const store::SchemaRuntime& schema = snapshot_->schema();
  const store::TypeRuntime& type = *schema.Find(entity);
  const StatusOr<expr::Program> program = expr::Compile(expr, type, snapshot_->shared_schema());
  if (!program.ok()) {
    const bool later = absl::IsUnimplemented(program.status());
    return {later ? Outcome::kNotYet : Outcome::kRefused, program.status().ToString()};
  }
  const Base base = program->type().base;
  if (base == Base::kTextSet || base == Base::kLabelSet || base == Base::kRecordSet) {
    return {Outcome::kRefused, "a set is no answer to compare"};
  }
  expr::RowEvaluator evaluator(*program, *snapshot_);
  const std::map<RecordId, NaiveResult>& expected = Expected(entity, expr);
  Verdict verdict;
  size_t rows = 0;  // that the twin has too
  for (store::RowCursor at(*snapshot_, type); at.Valid(); at.Next()) {
    const StatusOr<Datum> datum = evaluator.Evaluate(at.id(), at.row());
    if (absl::IsUnimplemented(datum.status())) return {Outcome::kNotYet, datum.status().ToString()};
    const auto found = expected.find(at.id());
    if (found == expected.end()) break;
    const NaiveResult& result = found->second;
    ++rows;
    const bool same = datum.ok() && !result.error && SameValue(result.value, *datum, program->type(), schema);
    ++verdict.values;
    if (same) continue;
    verdict.outcome = Outcome::kDiffers;
    verdict.what = StrCat(
        entity, " ", at.id(), ": naive ", result.error ? "error: " + *result.error : result.value.ToString(),
        ", rows ", datum.ok() ? ShowDatum(*datum, program->type(), schema) : datum.status().ToString());
    return verdict;
  }
  if (rows != world_.data.Of(entity).size()) return {Outcome::kDiffers, "another number of records"};
  return verdict;
}

}  // namespace relata::twin
