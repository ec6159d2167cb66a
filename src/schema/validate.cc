// The check of a cell against its field.
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/text.h"
#include "src/schema/conversion.h"
#include "src/schema/pattern.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

// One cell under examination. Refusals print the value as FromCell reads it.
class CellCheck {
 public:
  CellCheck(const EntityType& type, const Field& field, const Cell& cell)
      : type_(type), field_(field), cell_(cell) {}

  Status All() const {
    const FieldOptions& options = field_.options;
    if (!cell_.present && field_.nullable) {
      return options.required ? Required() : absl::OkStatus();
    }
    RELATA_RETURN_IF_ERROR(Form());
    const bool can_be_empty = field_.is_set() || field_.type == ValueType::kText;
    if (options.required && can_be_empty && cell_.bits == 0 && cell_.bytes.empty()) return Required();
    if (options.min_value || options.max_value) RELATA_RETURN_IF_ERROR(Range());
    // The empty text of a field that cannot be null says "none": only `required` asks for more.
    return field_.type == ValueType::kText && cell_.present ? Text() : absl::OkStatus();
  }

 private:
  Status Required() const {
    return absl::InvalidArgumentError(StrCat(PathOf(type_, field_),
                                             ": empty, but the field is required; give a value of type ",
                                             ValueTypeName(field_.type)));
  }

  Status Fail(std::string_view what) const {
    const StatusOr<Value> value = FromCell(type_, field_, cell_, Currency());
    return Refuse(type_, field_, value.ok() ? value->ToString() : StrCat(cell_.bits), what);
  }

  bool IsRecord(uint64_t id) const { return id != 0 && id <= kMaxRecordId; }

  // What any reader of the type relies on.
  Status Form() const {
    const int64_t bits = cell_.AsInt();
    switch (field_.type) {
      case ValueType::kBool:
        return cell_.bits <= 1 ? absl::OkStatus() : Fail("is no truth value: give 0 or 1");
      case ValueType::kDouble:
        return std::isnan(cell_.AsDouble()) ? Fail("is not a number: leave the field empty instead")
                                            : absl::OkStatus();
      case ValueType::kDate:
        return Date::Min().days <= bits && bits <= Date::Max().days
                   ? absl::OkStatus()
                   : Fail("is no date in the years 1 to 9999");
      case ValueType::kTimestamp:
        return Timestamp{bits}.IsValid() ? absl::OkStatus() : Fail("is no instant in the years 1 to 9999");
      case ValueType::kPoint:
        return MemberTraits<Point>::Read(Cell::OfInt(bits)).IsValid()
                   ? absl::OkStatus()
                   : Fail("is no place: latitudes lie in -90..90, longitudes in -180..180 degrees");
      case ValueType::kCurrency: {
        Currency currency;
        return MemberTraits<Currency>::FromBits(bits, &currency)
                   ? absl::OkStatus()
                   : Fail("is no currency: give a code of ISO 4217 as EUR");
      }
      case ValueType::kEnum:
      case ValueType::kLabelSet:
        return FromCell(type_, field_, cell_, Currency()).ok()
                   ? absl::OkStatus()
                   : Fail(StrCat("is a code without a label: the field has ", LabelList(field_),
                                 "; give one of these, or add the label first"));
      case ValueType::kReference:
        return IsRecord(cell_.bits) ? absl::OkStatus()
                                    : Fail(StrCat("names no record: give the id of one",
                                                  field_.nullable ? ", or leave the field empty"
                                                                  : "; the field cannot be empty"));
      case ValueType::kAnyReference:
        return AnyReference();
      case ValueType::kText:
        return IsValidUtf8(cell_.bytes) ? absl::OkStatus() : Fail("is no UTF-8: convert the text first");
      case ValueType::kTextSet:
        return TextSetForm();
      case ValueType::kReferenceSet: {
        std::vector<RecordId> ids;
        return DecodeReferenceSet(cell_.bytes, &ids)
                   ? absl::OkStatus()
                   : Fail("is no set of ids: they must name records, ascending and once each");
      }
      default:
        return absl::OkStatus();
    }
  }

  Status AnyReference() const {
    if (!IsRecord(cell_.bits & kMaxRecordId)) {
      return Fail(StrCat("names no record: give type and id of one",
                         field_.nullable ? ", or leave the field empty" : "; the field cannot be empty"));
    }
    for (EntityTypeId target : field_.targets) {
      if (target == cell_.bits >> 48) return absl::OkStatus();
    }
    return Fail("names a record of a type that the field does not refer to");
  }

  Status TextSetForm() const {
    std::vector<std::string> texts;
    if (!DecodeTextSet(cell_.bytes, &texts))
      return Fail("is no set of texts: they must be ascending and once each");
    for (const std::string& text : texts) {
      if (!IsValidUtf8(text)) return Fail("has a text that is no UTF-8: convert it first");
    }
    return absl::OkStatus();
  }

  // The limit as the field would hold it. Fields are only ever defined with limits that fit.
  StatusOr<Cell> Limit(const Value& limit) const {
    std::string scratch;
    return ToCell(type_, field_, limit, Currency(), &scratch);
  }

  bool Below(const Cell& a, const Cell& b) const {
    return field_.type == ValueType::kDouble ? a.AsDouble() < b.AsDouble() : a.AsInt() < b.AsInt();
  }

  Status Range() const {
    if (field_.options.min_value) {
      RELATA_ASSIGN_OR_RETURN(const Cell least, Limit(*field_.options.min_value));
      if (Below(cell_, least))
        return Fail(StrCat("is less than ", *field_.options.min_value, ", the least allowed"));
    }
    if (field_.options.max_value) {
      RELATA_ASSIGN_OR_RETURN(const Cell most, Limit(*field_.options.max_value));
      if (Below(most, cell_))
        return Fail(StrCat("is more than ", *field_.options.max_value, ", the most allowed"));
    }
    return absl::OkStatus();
  }

  Status Text() const {
    const FieldOptions& options = field_.options;
    if (options.min_length || options.max_length) {
      const size_t length = CodePoints(cell_.bytes);
      if (options.min_length && length < *options.min_length) {
        return Fail(StrCat("has ", length, " characters; at least ", *options.min_length, " are needed"));
      }
      if (options.max_length && length > *options.max_length) {
        return Fail(
            StrCat("has ", length, " characters; at most ", *options.max_length, " fit, so shorten it"));
      }
    }
    if (!options.pattern.empty() && !MatchesPattern(options.pattern, cell_.bytes)) {
      return Fail(StrCat("does not match the field's pattern ", Quoted(options.pattern)));
    }
    return absl::OkStatus();
  }

  const EntityType& type_;
  const Field& field_;
  const Cell& cell_;
};

}  // namespace

Status ValidateCell(const EntityType& type, const Field& field, const Cell& cell) {
  return CellCheck(type, field, cell).All();
}

size_t CodePoints(std::string_view utf8) {
  size_t count = 0;
  for (char c : utf8) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

}  // namespace relata::schema
