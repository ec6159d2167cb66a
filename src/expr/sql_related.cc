// Prints what looks at other records: aggregates, hierarchy and rank.
#include "relata/base/strings.h"
#include "src/expr/sql_printer.h"

namespace relata::expr {
namespace {

constexpr std::string_view kWhole =
    "CASE WHEN high BETWEEN -2147483648 AND 2147483647 THEN (high << 32) | (low & 4294967295) END";

}  // namespace

// The related records under `alias`, whose scope is the innermost while their condition is printed.
std::string SqlPrinter::FromRelated(const RelatedRecords& related, std::string_view alias) {
  const store::TypeRuntime* type = program_.schema().Find(related.type);
  const Field& reference = type->type->fields[related.reference];
  const std::string parent = Within(related.parent, Binding::kArithmetic);
  const EntityTypeId target = program_.step(related.parent).type.target;
  const std::string column = StrCat(alias, ".", Name(reference.name));
  std::string sql = StrCat("FROM ", Name(type->type->name), " AS ", alias, " WHERE ");
  if (reference.type == ValueType::kReferenceSet) {
    const std::string set = NewAlias();
    StrAppend(&sql, alias, ".\"id\" IN (SELECT ", set, ".\"id\" FROM ",
              Name(StrCat(type->type->name, ".", reference.name)), " AS ", set, " WHERE ", set,
              ".\"element\" = ", parent, ")");
  } else if (reference.type == ValueType::kAnyReference && target != 0) {
    StrAppend(&sql, column, " = ", parent, " AND ", alias, ".", Name(reference.name + ".type"), " = ",
              Quote(TypeName(target)));
  } else {
    StrAppend(&sql, FieldOf(alias, reference).text, " = ", parent);
  }
  if (related.condition != kNone) {
    scopes_.push_back({std::string(alias), type});
    StrAppend(&sql, " AND ", Within(related.condition, Binding::kComparison));
    scopes_.pop_back();
  }
  return sql;
}

// A field of the related record is aggregated as it stands. Anything else is computed first: an aggregate of
// what belongs to the record around alone would be taken for an aggregate of that one's query.
SqlPrinter::Source SqlPrinter::SourceOf(const RelatedRecords& related) {
  const std::string alias = NewAlias();
  std::string from = FromRelated(related, alias);
  if (related.value == kNone) return {alias + ".\"id\"", std::move(from)};
  const Step& value = program_.step(related.value);
  scopes_.push_back({alias, program_.schema().Find(related.type)});
  std::string sql = Ordered(related.value);
  scopes_.pop_back();
  if (value.op == Op::kField && value.scope == 0 && !Holds(value, Base::kEnum)) return {sql, std::move(from)};
  return {"v", StrCat("FROM (SELECT ", sql, " AS v ", from, ")")};
}

// SQLite's sum fails where it overflows on the way or at the end. So the upper and lower halves are summed by
// themselves, and put together (kWhole) where that fits.
std::string SqlPrinter::SumAndCount(const Source& source) {
  const std::string low = StrCat("coalesce(sum(", source.value, " & 4294967295), 0)");
  const std::string high = StrCat("coalesce(sum(", source.value, " >> 32), 0) + (", low, " >> 32)");
  return StrCat("FROM (SELECT ", high, " AS high, ", low, " AS low, count(", source.value, ") AS many ",
                source.from, ")");
}

SqlPrinter::Sql SqlPrinter::Related(const Step& step) {
  const RelatedRecords& related = *step.related;
  if (step.op == Op::kExists) return {StrCat("EXISTS (SELECT 1 ", FromRelated(related, NewAlias()), ")")};
  if (step.op == Op::kCount && related.value == kNone) {
    return {StrCat("(SELECT count(*) ", FromRelated(related, NewAlias()), ")")};
  }
  const Source source = SourceOf(related);
  const bool doubles = related.value != kNone && Holds(program_.step(related.value), Base::kDouble);
  const auto select = [&](std::string_view before, std::string_view after) {
    return Sql{StrCat("(SELECT ", before, source.value, after, " ", source.from, ")")};
  };
  switch (step.op) {
    case Op::kCount:
      return select("count(", ")");
    case Op::kCountDistinct:
      return select("count(DISTINCT ", ")");
    case Op::kMin:
    case Op::kMax: {
      const Sql found = select(step.op == Op::kMin ? "min(" : "max(", ")");
      return Holds(step, Base::kEnum) ? Sql{LabelOf(found.text, *step.type.field)} : found;
    }
    case Op::kSum:
      if (doubles) return {FiniteOnly(select("coalesce(sum(", "), 0.0)").text)};
      return {StrCat("(SELECT ", kWhole, " ", SumAndCount(source), ")")};
    case Op::kAvg: {
      if (doubles) return {FiniteOnly(select("avg(", ")").text)};
      const std::string from = SumAndCount(source);
      if (Holds(step, Base::kMoney)) return {HalfEven(StrCat("SELECT ", kWhole, " AS n, many AS d ", from))};
      std::string unit = "1";
      unit.append(program_.step(related.value).type.scale, '0');
      return {StrCat("(SELECT CAST(", kWhole, " AS REAL) / (many * ", unit, ".0) ", from, ")")};
    }
    default:
      return Fail(step, "it is no aggregate");
  }
}

SqlPrinter::Sql SqlPrinter::FirstOrLast(const Step& step) {
  const RelatedRecords& related = *step.related;
  const store::TypeRuntime* type = program_.schema().Find(related.type);
  const std::string alias = NewAlias();
  const std::string from = FromRelated(related, alias);
  std::string value = alias + ".\"id\"";
  if (related.value != kNone) {
    scopes_.push_back({alias, type});
    value = Operand(related.value);
    scopes_.pop_back();
  }
  // Without a moment: before all that have one, as SQLite has it with nulls.
  const std::string direction = step.op == Op::kFirst ? "" : " DESC";
  std::string order;
  if (related.has_moment) {
    order = StrCat(FieldOf(alias, type->type->fields[related.moment]).text, direction, ", ");
  }
  StrAppend(&order, alias, ".\"id\"", direction);
  return {StrCat("(SELECT ", value, " ", from, " AND ", value, " IS NOT NULL ORDER BY ", order, " LIMIT 1)")};
}

// Up from a record along the parents: UNION takes each record once, so a ring ends. Two-valued where the
// other record is known.
SqlPrinter::Sql SqlPrinter::Hierarchy(const Step& step) {
  const Scope scope = At(step);
  const std::string type = Name(scope.type->type->name);
  const std::string parent = Name(scope.type->type->fields[step.slot].name);
  const std::string other = Within(step.args[0], Binding::kArithmetic);
  const bool known =
      (Arg(step, 0).op == Op::kConstant && Arg(step, 0).constant.present) || Arg(step, 0).op == Op::kId;
  if (step.op == Op::kChildOf) {
    const std::string same = StrCat(scope.alias, ".", parent, " IS ", other);
    if (known) return {same, Binding::kComparison};
    return {StrCat("CASE WHEN ", other, " IS NOT NULL THEN ", same, " END")};
  }
  const auto above = [&](std::string_view record) {
    const std::string first = NewAlias();
    const std::string next = NewAlias();
    return StrCat("WITH RECURSIVE above(id) AS (SELECT ", first, ".", parent, " FROM ", type, " AS ", first,
                  " WHERE ", first, ".\"id\" = ", record, " UNION SELECT ", next, ".", parent, " FROM ", type,
                  " AS ", next, ", above WHERE ", next, ".\"id\" = above.id) ",
                  "SELECT id FROM above WHERE id IS NOT NULL");
  };
  const std::string self = scope.alias + ".\"id\"";
  const bool below = step.op == Op::kDescendantOf;
  const std::string found =
      below ? StrCat(other, " IN (", above(self), ")") : StrCat(self, " IN (", above(other), ")");
  if (known) return {found, Binding::kComparison};
  return {StrCat("CASE WHEN ", other, " IS NOT NULL THEN ", found, " END")};
}

SqlPrinter::Sql SqlPrinter::Ranked(const Step& step) {
  const Rank& rank = *step.rank;
  const Scope around = At(step);
  const std::string alias = NewAlias();
  scopes_.push_back({alias, around.type});
  const std::string by = Ordered(rank.by);
  std::string per;
  for (size_t i = 0; i < rank.per.size(); ++i) StrAppend(&per, i == 0 ? "" : ", ", Bare(rank.per[i]));
  scopes_.pop_back();
  const std::string all =
      StrCat(" FROM ", Name(around.type->type->name), " AS ", alias, " WHERE (", by, ") IS NOT NULL");
  const std::string id = alias + ".\"id\"";
  if (step.op == Op::kPercentile) {
    return {StrCat("(SELECT share FROM (SELECT ", id, ", cume_dist() OVER (ORDER BY ", by, ") AS share", all,
                   ") AS ", alias, " WHERE ", id, " = ", around.alias, ".\"id\")")};
  }
  const std::string partition = per.empty() ? "" : StrCat("PARTITION BY ", per, " ");
  return {
      StrCat(around.alias, ".\"id\" IN (SELECT \"id\" FROM (SELECT ", id, ", row_number() OVER (", partition,
             "ORDER BY ", by, " DESC, ", id, ") AS place", all, ") WHERE place <= ", rank.count, ")"),
      Binding::kComparison};
}

}  // namespace relata::expr
