// Programs as nested lists.
#include "src/expr/debug.h"

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/expr/literal.h"
#include "src/expr/op_traits.h"
#include "src/expr/words.h"

namespace relata::expr {
namespace {

std::string ConstantText(const Step& step) {
  const Datum& datum = step.constant;
  if (!datum.present) return "null";
  const int64_t bits = datum.AsInt();
  switch (step.type.base) {
    case Base::kBool:
      return bits != 0 ? "true" : "false";
    case Base::kExact:
      return Decimal{bits, step.type.scale}.ToString();
    case Base::kDouble:
      return StrCat(datum.AsDouble());
    case Base::kMoney:
      return StrCat("'", Money::Minor(bits, step.type.currency), "'");
    case Base::kText:
      return QuoteText(datum.bytes);
    case Base::kDate:
      return Date{static_cast<int32_t>(bits)}.ToString();
    case Base::kTimestamp:
      return Timestamp{bits}.ToString();
    case Base::kInterval:
      return PrintLiteral(step.interval);
    case Base::kLength:
      return PrintLiteral(Length{bits});
    case Base::kPoint: {
      Point point;
      MemberTraits<Point>::FromBits(bits, &point);
      return StrCat("'", point, "'");
    }
    case Base::kEnum: {
      const Label* label = step.type.field->FindLabel(static_cast<uint16_t>(bits));
      return label == nullptr ? StrCat("label ", bits) : label->name;
    }
    case Base::kCurrency:
      return Currency::FromPacked(static_cast<uint16_t>(bits)).value_or(Currency()).code();
    case Base::kRecord:
      return StrCat("#", datum.bits & kMaxRecordId);
    default:
      return QuoteText(datum.bytes);
  }
}

class Writer {
 public:
  explicit Writer(const Program& program) : program_(program) {}

  void Write(StepIndex index, std::string* out) const {
    const Step& step = program_.step(index);
    switch (step.op) {
      case Op::kConstant:
        StrAppend(out, ConstantText(step));
        return;
      case Op::kField:
      case Op::kId:
        out->append(step.scope, '^');
        StrAppend(out, step.op == Op::kId ? std::string("id") : FieldName(step.entity, step.slot));
        return;
      case Op::kFieldOf:
        out->append("(. ");
        Write(step.args[0], out);
        StrAppend(out, " ", EntityName(step.entity), ".", FieldName(step.entity, step.slot), ")");
        return;
      default:
        break;
    }
    out->append("(");
    StrAppend(out, NameOf(step.op));
    WriteDetail(step, out);
    for (StepIndex arg : step.args) {
      out->append(" ");
      Write(arg, out);
    }
    out->append(")");
  }

 private:
  void WriteDetail(const Step& step, std::string* out) const {
    const std::string scale = StrCat(" ", static_cast<int>(step.type.scale));
    if (step.op == Op::kRescale) StrAppend(out, scale, step.type.base == Base::kMoney ? " money" : "");
    if (step.op == Op::kHas) StrAppend(out, " ", WordOf(step.test));
    if (step.op == Op::kAddInterval) {
      StrAppend(out, step.sign < 0 ? " - " : " + ", PrintLiteral(step.interval));
    }
    if (step.op == Op::kPeriodStart || step.op == Op::kPeriodEnd) {
      const int offset = step.period.offset;
      StrAppend(out,
                offset < 0   ? " last"
                : offset > 0 ? " next"
                             : " this",
                step.period.fiscal ? " fiscal " : " ", WordOf(step.period.unit).one);
    }
    if (step.op == Op::kInSegment) {
      const auto id = static_cast<uint32_t>(step.constant.bits);
      StrAppend(out, " ", QuoteText(program_.schema().catalogue().FindSegment(id)->name));
    } else if (step.constant.present) {
      StrAppend(out, " ", QuoteText(step.constant.bytes));
    }
    const bool of_slot = step.op == Op::kChildOf || step.op == Op::kDescendantOf ||
                         step.op == Op::kAncestorOf || IsHistory(step.op);
    if (of_slot) {
      out->append(" ");
      out->append(step.scope, '^');
      out->append(FieldName(step.entity, step.slot));
    }
    if (step.related != nullptr) WriteRelated(*step.related, out);
    if (step.rank != nullptr) WriteRank(step, out);
  }

  void WriteRelated(const RelatedRecords& related, std::string* out) const {
    StrAppend(out, " ", EntityName(related.type), ".", FieldName(related.type, related.reference));
    const Step& parent = program_.step(related.parent);
    if (parent.op != Op::kId || parent.scope != 0) {
      out->append(" of ");
      Write(related.parent, out);
    }
    for (StepIndex part : {related.value, related.condition}) {
      if (part == kNone) continue;
      out->append(part == related.condition ? " where " : " ");
      Write(part, out);
    }
  }

  void WriteRank(const Step& step, std::string* out) const {
    StrAppend(out, " ", EntityName(step.entity));
    if (step.op == Op::kTop) StrAppend(out, " ", step.rank->count);
    if (step.op == Op::kSample) StrAppend(out, " ", step.rank->share);
    if (step.rank->by != kNone) {
      out->append(" by ");
      Write(step.rank->by, out);
    }
    for (StepIndex per : step.rank->per) {
      out->append(" per ");
      Write(per, out);
    }
  }

  std::string EntityName(EntityTypeId id) const {
    const EntityType* type = program_.schema().catalogue().Find(id);
    return type == nullptr ? StrCat("type ", id) : type->name;
  }
  std::string FieldName(EntityTypeId id, FieldId slot) const {
    const EntityType* type = program_.schema().catalogue().Find(id);
    return type == nullptr || slot >= type->fields.size() ? StrCat("slot ", slot) : type->fields[slot].name;
  }

  const Program& program_;
};

}  // namespace

std::string DebugString(const Program& program) { return DebugString(program, program.root()); }

std::string DebugString(const Program& program, StepIndex step) {
  std::string text;
  Writer(program).Write(step, &text);
  return text;
}

}  // namespace relata::expr
