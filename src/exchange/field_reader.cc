// This file makes cells of fixed and text fields; reference_reader.cc those that refer to other records.
#include "src/exchange/field_reader.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/nearest.h"
#include "src/exchange/read_number.h"
#include "src/schema/conversion.h"

namespace relata::exchange {

using Kind = ValueSpec::Kind;

StatusOr<KeyReader> KeyReader::Bind(const std::vector<ValueSpec>& parts, const Columns& columns) {
  KeyReader reader;
  for (const ValueSpec& part : parts) {
    RELATA_ASSIGN_OR_RETURN(TextReader text, TextReader::Bind(part, columns));
    StrAppend(&reader.column_, reader.column_.empty() ? "" : "+", text.column());
    reader.parts_.push_back(std::move(text));
  }
  return reader;
}

bool KeyReader::Read(const RowChunk::Row& row, std::string_view prefix, std::string* code, bool* empty,
                     RowProblem* problem) {
  code->assign(prefix);
  size_t filled = 0;
  const TextReader* missing = nullptr;
  for (size_t i = 0; i < parts_.size(); ++i) {
    std::string_view text;
    if (!parts_[i].Read(row, &scratch_, &text, problem)) return false;
    if (i > 0 || !prefix.empty()) code->push_back(kCodeSeparator);
    code->append(text);
    if (!text.empty()) {
      filled += parts_[i].spec().kind == Kind::kConstant ? 0 : 1;
    } else if (missing == nullptr) {
      missing = &parts_[i];
    }
  }
  if (empty != nullptr) {
    *empty = filled == 0;
    if (*empty) return true;
  }
  return missing == nullptr || missing->Fault("", "the key is empty", problem);
}

StatusOr<FieldReader> FieldReader::Bind(const ValueSpec& spec, const store::TypeRuntime& type,
                                        const Field& field, const BindContext& context) {
  FieldReader reader;
  reader.spec_ = &spec;
  reader.field_ = &field;
  reader.entity_ = type.type->name;
  reader.rule_ = spec.number;
  auto wrong = [&](std::string_view what) {
    return absl::InvalidArgumentError(StrCat(spec.place, ": ", type.type->name, ".", field.name, " is a ",
                                             ValueTypeName(field.type), " field: ", what));
  };
  if (field.is_reference() != (spec.kind == Kind::kReference) && spec.kind != Kind::kCopy) {
    return wrong(field.is_reference() ? "give it a \"reference\"" : "it cannot take a reference");
  }
  if ((field.type == ValueType::kPoint) != (spec.kind == Kind::kPoint)) {
    return wrong("give a point, and only that, \"latitude\" and \"longitude\"");
  }
  switch (spec.kind) {
    case Kind::kReference:
      RELATA_RETURN_IF_ERROR(reader.BindReference(context));
      return reader;
    case Kind::kCopy:
      RELATA_RETURN_IF_ERROR(reader.BindCopy(type, context));
      return reader;
    case Kind::kPosition:
      if (field.type != ValueType::kInt64) return wrong("a position is a whole number");
      for (size_t i = 0; i < context.file->records.size(); ++i) {
        if (context.file->records[i].name == spec.target) reader.position_of_ = i;
      }
      return reader;
    case Kind::kMultiply:
      if (field.type != ValueType::kMoney && field.type != ValueType::kDecimal) {
        return wrong("a product is an amount or a decimal");
      }
      [[fallthrough]];
    case Kind::kPoint:
      for (const ValueSpec& part : spec.parts) {
        if (part.kind != Kind::kColumn && part.kind != Kind::kConstant) return wrong("its parts are columns");
        RELATA_ASSIGN_OR_RETURN(TextReader text, TextReader::Bind(part, *context.columns));
        reader.parts_.push_back(std::move(text));
      }
      return reader;
    default:
      break;
  }
  const bool summed = spec.aggregate == Aggregate::kSum || spec.aggregate == Aggregate::kCount;
  if (summed && field.type != ValueType::kMoney && field.type != ValueType::kDecimal &&
      field.type != ValueType::kInt64) {
    return wrong("only whole numbers, decimals and amounts can be summed");
  }
  if (field.type == ValueType::kObject) return wrong("it cannot be imported");
  if (spec.split && !field.is_set()) return wrong("only sets are split");
  RELATA_ASSIGN_OR_RETURN(reader.text_, TextReader::Bind(spec, *context.columns));
  return reader;
}

std::string_view FieldReader::column() const {
  return text_.column().empty() ? std::string_view(field_->name) : text_.column();
}

Cell FieldReader::Whole(int64_t bits) const {
  return bits == 0 && !field_->nullable ? Cell::Absent() : Cell::OfInt(bits);
}

uint8_t FieldReader::Digits(const ReadContext& context) const {
  if (field_->type != ValueType::kMoney) return field_->scale;
  const Currency currency = field_->currency.is_none() ? context.currency : field_->currency;
  return static_cast<uint8_t>(currency.exponent());
}

bool FieldReader::Empty(ReadContext* context, Cell* cell) const {
  *cell = Cell::Absent();
  if (field_->nullable || field_->is_variable() || field_->type == ValueType::kLabelSet ||
      field_->type == ValueType::kCurrency) {
    return true;
  }
  context->problem->column = column();
  context->problem->value.clear();
  context->problem->reason = StrCat("is empty, but ", entity_, " needs its ", field_->name);
  return false;
}

bool FieldReader::Refuse(const RowChunk::Row& row, const Status& status, RowProblem* problem) {
  problem->column = column();
  problem->value.clear();
  problem->reason = ToStd(status.message());
  std::string_view text;
  RowProblem unread;
  if (!text_.column().empty() && text_.Read(row, &scratch_, &text, &unread)) problem->value = text;
  return false;
}

bool FieldReader::Read(const RowChunk::Row& row, ReadContext* context, Cell* cell) {
  switch (spec_->kind) {
    case Kind::kReference:
      return ReadReferences(row, context, cell);
    case Kind::kCopy:
      return ReadCopy(context, cell);
    case Kind::kMultiply:
      return ReadProduct(row, context, cell);
    case Kind::kPoint:
      return ReadPoint(row, context, cell);
    case Kind::kPosition:
      *cell = Whole(static_cast<int64_t>((*context->positions)[position_of_]));
      return true;
    default:
      return ReadText(row, context, cell);
  }
}

bool FieldReader::ReadText(const RowChunk::Row& row, ReadContext* context, Cell* cell) {
  std::string_view text;
  if (!text_.Read(row, &scratch_, &text, context->problem)) return false;
  if (text.empty()) return Empty(context, cell);
  if (field_->is_set()) return ReadSet(text, context, cell);
  if (field_->type != ValueType::kText) return ReadFixed(text, context, cell);
  if (!scratch_.empty() && text.data() >= scratch_.data() &&
      text.data() <= scratch_.data() + scratch_.size()) {
    std::string* kept = context->cells->NewBytes();
    kept->assign(text);
    text = *kept;
  }
  *cell = Cell::OfBytes(text);
  return true;
}

bool FieldReader::ReadFixed(std::string_view text, ReadContext* context, Cell* cell) {
  // A status here says what is wrong with the text, in words fit for the rejects file.
  auto take = [&](const auto& read, auto bits) {
    if (!read.ok()) return text_.Fault(text, read.status(), context->problem);
    *cell = Whole(bits(*read));
    return true;
  };
  switch (field_->type) {
    case ValueType::kBool:
      return take(ReadBool(text), [](bool yes) { return int64_t{yes}; });
    case ValueType::kInt64:
      return take(ReadInteger(text, rule_.format), [](int64_t number) { return number; });
    case ValueType::kDouble: {
      const StatusOr<Decimal> number = ReadDecimal(text, rule_);
      if (!number.ok()) return text_.Fault(text, number.status(), context->problem);
      *cell = Cell::OfDouble(number->ToDouble());
      return true;
    }
    case ValueType::kMoney: {
      const Currency currency = field_->currency.is_none() ? context->currency : field_->currency;
      return take(ReadMoney(text, currency, rule_), [](const Money& money) { return money.minor; });
    }
    case ValueType::kDecimal: {
      NumberRule rule = rule_;
      const bool whole_value = !spec_->factor && !spec_->one_minus;
      if (whole_value && !rule.digits) rule.digits = field_->scale;
      StatusOr<Decimal> number = ReadDecimal(text, rule);
      if (number.ok() && spec_->factor) number = number->Mul(*spec_->factor);
      if (number.ok() && spec_->one_minus) number = Decimal::FromInteger(1).Sub(*number);
      if (number.ok()) number = number->Rescale(field_->scale);
      return take(number, [](const Decimal& decimal) { return decimal.units; });
    }
    case ValueType::kDate:
      return take(spec_->date->ReadDate(text), [](Date date) { return int64_t{date.days}; });
    case ValueType::kTimestamp:
      return take(spec_->date->ReadTimestamp(text, *context->zone), [](Timestamp at) { return at.micros; });
    case ValueType::kDuration: {
      if (spec_->unit_micros == 0) return take(Duration::Parse(text), [](Duration d) { return d.micros; });
      StatusOr<Decimal> number = ReadDecimal(text, rule_);
      if (number.ok()) number = number->Mul(Decimal::FromInteger(spec_->unit_micros), 0);
      return take(number, [](const Decimal& decimal) { return decimal.units; });
    }
    case ValueType::kCurrency:
      return take(Currency::Parse(text), [](Currency currency) { return int64_t{currency.packed()}; });
    case ValueType::kEnum: {
      const Label* label = field_->FindLabel(text);
      if (label != nullptr) {
        *cell = Whole(label->code);
        return true;
      }
      std::vector<std::string_view> names;
      std::string list;
      for (const Label& known : field_->labels) {
        names.push_back(known.name);
        StrAppend(&list, list.empty() ? "" : ", ", known.name);
      }
      return text_.Fault(text, StrCat(Quoted(text), " is none of ", list, DidYouMean(text, names)),
                         context->problem);
    }
    default:
      return text_.Fault(text, "cannot be read into this kind of field", context->problem);
  }
}

bool FieldReader::ReadSet(std::string_view text, ReadContext* context, Cell* cell) {
  TextSet elements;
  while (!text.empty()) {
    const size_t end = spec_->split ? text.find(*spec_->split) : text.npos;
    const std::string_view element = Trim(text.substr(0, end));
    if (!element.empty()) elements.emplace_back(element);
    text = end == text.npos ? std::string_view() : text.substr(end + spec_->split->size());
  }
  if (field_->type == ValueType::kLabelSet) {
    uint64_t mask = 0;
    for (const std::string& element : elements) {
      const Label* label = field_->FindLabel(std::string_view(element));
      if (label == nullptr) return text_.Fault(element, "is none of the field's labels", context->problem);
      mask |= uint64_t{1} << (label->code & 63);
    }
    *cell = Whole(static_cast<int64_t>(mask));
    return true;
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  std::string* bytes = context->cells->NewBytes();
  EncodeTextSet(elements, bytes);
  *cell = elements.empty() ? Cell::Absent() : Cell::OfBytes(*bytes);
  return true;
}

bool FieldReader::ReadFactor(const TextReader& reader, const RowChunk::Row& row, Decimal* number, bool* empty,
                             RowProblem* problem) {
  std::string_view text;
  if (!reader.Read(row, &scratch_, &text, problem)) return false;
  if (text.empty()) {
    *empty = true;
    return true;
  }
  StatusOr<Decimal> read = ReadDecimal(text, reader.spec().number);
  if (read.ok() && reader.spec().factor) read = read->Mul(*reader.spec().factor);
  if (read.ok() && reader.spec().one_minus) read = Decimal::FromInteger(1).Sub(*read);
  if (!read.ok()) return reader.Fault(text, read.status(), problem);
  *number = *read;
  return true;
}

bool FieldReader::ReadProduct(const RowChunk::Row& row, ReadContext* context, Cell* cell) {
  const uint8_t digits = Digits(*context);
  Decimal product = Decimal::FromInteger(1);
  for (size_t i = 0; i < parts_.size(); ++i) {
    Decimal factor;
    bool empty = false;
    if (!ReadFactor(parts_[i], row, &factor, &empty, context->problem)) return false;
    if (empty) return Empty(context, cell);
    // Every step but the last is exact: a product is rounded once.
    const bool last = i + 1 == parts_.size();
    const int scale = product.scale + factor.scale;
    if (!last && scale > Decimal::kMaxScale) {
      return parts_[i].Fault("", "the product has too many decimals", context->problem);
    }
    const StatusOr<Decimal> next = product.Mul(factor, last ? digits : static_cast<uint8_t>(scale));
    if (!next.ok()) return parts_[i].Fault("", next.status(), context->problem);
    product = *next;
  }
  *cell = Whole(product.units);
  return true;
}

bool FieldReader::ReadPoint(const RowChunk::Row& row, ReadContext* context, Cell* cell) {
  Decimal coordinates[2];
  for (size_t i = 0; i < 2; ++i) {
    bool empty = false;
    if (!ReadFactor(parts_[i], row, &coordinates[i], &empty, context->problem)) return false;
    if (empty) return Empty(context, cell);
  }
  const StatusOr<Point> point = Point::FromDegrees(coordinates[0].ToDouble(), coordinates[1].ToDouble());
  if (!point.ok()) return parts_[0].Fault(coordinates[0].ToString(), point.status(), context->problem);
  *cell = Whole(MemberTraits<Point>::ToBits(*point));
  return true;
}

}  // namespace relata::exchange
