// Random worlds and definitions of segments.
#include "tests/segment/twin_segments.h"

#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "tests/query/naive.h"

namespace relata::twin {
namespace {

using expr::Expr;
using expr::Kind;

bool Names(const Expr& expr, const std::string& segment) {
  if (expr->kind == Kind::kSegment && expr->parts[0]->literal() == expr::Literal(segment)) return true;
  for (const Expr& part : expr->parts) {
    if (Names(part, segment)) return true;
  }
  return false;
}

Expr Renamed(const Expr& expr, const std::string& from, const std::string& to) {
  std::vector<Expr> parts;
  for (const Expr& part : expr->parts) parts.push_back(Renamed(part, from, to));
  if (expr->kind == Kind::kSegment && expr->parts[0]->literal() == expr::Literal(from)) {
    parts[0] = Expr(Kind::kLiteral, expr::Literal(to), {});
  }
  return Expr(expr->kind, expr->detail, std::move(parts));
}

// Texts of conditions that look at the clock, of the kinds that people write.
class Windows {
 public:
  Windows(const World& world, const TwinEntity& entity, Random* random)
      : schema_(world.schema), entity_(entity), random_(*random) {}

  // Empty where the entity has nothing to say it of.
  std::string Some() {
    std::string text = random_.Chance(4) ? OfRank() : random_.Chance(55) ? OfMoment() : OfRelated();
    if (text.empty()) text = OfMoment();
    if (random_.Chance(20)) text = StrCat("not (", text, ")");
    return text;
  }

 private:
  std::string Op() {
    constexpr const char* kOperators[] = {"<", "<=", ">", ">=", ">=", "<", "=", "<>"};
    return random_.Of(kOperators);
  }
  int64_t Days() {
    constexpr int64_t kDays[] = {0, 1, 2, 7, 10, 30, 60, 90, 365};
    return random_.Of(kDays);
  }
  std::string Span() {
    switch (random_.Below(4)) {
      case 0:
        return StrCat(Days(), " days");
      case 1:
        return StrCat("interval '", random_.Between(1, 14), " months'");
      case 2:
        return StrCat("interval '", random_.Between(1, 3), " years'");
      default:
        return StrCat("interval '", random_.Between(1, 8), " weeks'");
    }
  }
  std::string Clock() {
    const std::string sign = random_.Chance(70) ? " - " : " + ";
    if (random_.Chance(35)) {
      constexpr const char* kShort[] = {"1 hours",    "3 hours", "36 hours", "90 minutes",
                                        "30 seconds", "1 days",  "7 days",   "1 months"};
      return StrCat("now()", sign, "interval '", random_.Of(kShort), "'");
    }
    return random_.Chance(15) ? std::string("today()") : StrCat("today()", sign, Span());
  }
  std::string Period() {
    constexpr const char* kPeriods[] = {
        "this week",           "last month", "next month", "this quarter", "last year", "this month",
        "this fiscal quarter", "next week",  "this year",  "last quarter", "last week"};
    return random_.Of(kPeriods);
  }

  static std::vector<const FieldSpec*> Moments(const TwinEntity& entity) {
    std::vector<const FieldSpec*> moments;
    for (const FieldSpec& field : entity.fields) {
      if (field.type == ValueType::kDate || field.type == ValueType::kTimestamp) moments.push_back(&field);
    }
    return moments;
  }

  // A date or timestamp of the record, of one it refers to, or the first or last of related ones.
  std::string Moment() {
    std::vector<std::string> paths;
    for (const FieldSpec* field : Moments(entity_)) {
      for (int weight = 0; weight < 4; ++weight) paths.push_back(field->name);
    }
    for (const FieldSpec& reference : entity_.fields) {
      if (reference.type != ValueType::kReference) continue;
      for (const FieldSpec* field : Moments(schema_.At(reference.targets[0])))
        paths.push_back(StrCat(reference.name, ".", field->name));
    }
    for (const auto& [name, collection] : schema_.CollectionsOf(entity_)) {
      constexpr const char* kExtremes[] = {"min", "max", "first", "last"};
      for (const FieldSpec* field : Moments(*collection.entity))
        paths.push_back(StrCat(random_.Of(kExtremes), "(", name, ".", field->name, ")"));
    }
    return paths.empty() ? std::string() : random_.Of(paths);
  }

  std::string OfMoment() {
    const std::string moment = Moment();
    if (moment.empty()) return "now() >= now()";
    switch (random_.Below(11)) {
      case 0:
        return StrCat(moment, " in ", Period());
      case 1:
        return StrCat("anniversary(", moment, ", within ", random_.Between(1, 40), " days)");
      case 2:
        return StrCat("anniversary(", moment, ", within ", Period(), ")");
      case 3:
        return StrCat("age(", moment, ") ", Op(), " ", random_.Between(0, 30));
      case 4:
        return StrCat(moment, " between today() - ", Span(), " and ", Clock());
      case 5:
        return StrCat(moment, " + ", Span(), " ", Op(), " today()");
      case 6:
        return OfCalendar(moment);
      case 7:
        return StrCat("coalesce(", moment, ", ", Moment(), ") ", Op(), " ", Clock());
      default:
        return random_.Chance(80) ? StrCat(moment, " ", Op(), " ", Clock())
                                  : StrCat(Clock(), " ", Op(), " ", moment);
    }
  }

  std::string OfCalendar(const std::string& moment) {
    constexpr const char* kParts[] = {"year", "quarter", "month", "month", "week", "day"};
    const std::string part = random_.Of(kParts);
    return StrCat(part, "(", moment, ") ", random_.Chance(70) ? "=" : Op(), " ", part, "(today())");
  }

  std::string OfRank() {
    for (const FieldSpec& field : entity_.fields) {
      const bool number = field.type == ValueType::kInt64 || field.type == ValueType::kDouble;
      if (number && random_.Chance(60)) {
        return StrCat("percentile(", field.name, ") ", Op(), " ", 10 * random_.Between(1, 9));
      }
    }
    return {};
  }

  std::string OfRelated() {
    std::vector<std::pair<std::string, TwinCollection>> dated;
    for (const auto& [name, collection] : schema_.CollectionsOf(entity_)) {
      if (!Moments(*collection.entity).empty()) dated.emplace_back(name, collection);
    }
    if (dated.empty()) return {};
    const auto& [name, collection] = random_.Of(dated);
    const std::string field = random_.Of(Moments(*collection.entity))->name;
    const std::string recent = StrCat(name, " where ", field, " ", Op(), " ", Clock());
    switch (random_.Below(collection.entity->moment.empty() ? 5U : 9U)) {
      case 0:
        return StrCat("exists(", recent, ")");
      case 1:
        return StrCat("none(", recent, ")");
      case 2:
        return StrCat("count(", recent, ") ", Op(), " ", random_.Between(0, 3));
      case 3:
        return StrCat("sum(", name, ".int1 where ", field, " >= ", Clock(), ") ", Op(), " ",
                      random_.Between(-3, 12));
      case 4:
        return StrCat("all(", name, ", ", field, " ", Op(), " ", Clock(), ")");
      case 5:
        return StrCat("stopped(", name, ", ", Days() + 1, " days)");
      case 6:
        return StrCat("first_time(", name, ", within ", Days() + 1, " days)");
      case 7:
        return StrCat("restarted(", name, ", ", Days() + 1, " days, within ", Days() + 1, " days)");
      default:
        return StrCat("trend(count(", name, "), ", Days() + 1, " days) ", Op(), " ", random_.Between(-1, 1));
    }
  }

  const TwinSchema& schema_;
  const TwinEntity& entity_;
  Random& random_;
};

}  // namespace

const std::vector<std::string>& SegmentConstructs() {
  static const auto* const kConstructs = [] {
    auto* const constructs = new std::vector<std::string>(Constructs());
    for (const char* more : {"was()", "changed()", "held()", "in segment", "record in segment", "sample"}) {
      constructs->push_back(more);
    }
    return constructs;
  }();
  return *kConstructs;
}

void CountNegated(const Expr& expr, std::map<std::string, int>* counts) {
  if (expr->kind == Kind::kNot) return CountConstructs(expr->parts[0], counts);
  for (const Expr& part : expr->parts) CountNegated(part, counts);
}

World MakeSegmentWorld(uint64_t seed) {
  Random random(seed);
  World world = MakeWorld(&random, 8);
  for (TwinEntity& entity : world.schema.entities) {
    for (FieldSpec& field : entity.fields) {
      const bool set = field.type == ValueType::kLabelSet || field.type == ValueType::kTextSet ||
                       field.type == ValueType::kReferenceSet;
      const bool converted = field.type == ValueType::kMoney && field.currency.is_none();
      field.options.history = !set && !converted && random.Chance(35);
      if (field.targets.empty()) continue;
      constexpr OnDelete kAll[] = {OnDelete::kClear, OnDelete::kClear, OnDelete::kCascade,
                                   OnDelete::kRestrict};
      field.on_delete = random.Of(kAll);
      const bool can_clear = field.nullable || field.type == ValueType::kReferenceSet;
      if (!can_clear && field.on_delete == OnDelete::kClear) field.on_delete = OnDelete::kCascade;
    }
  }
  for (const TwinEntity& entity : world.schema.entities) {
    for (const auto& [id, row] : world.data.Of(entity.name)) world.data.Remember(entity, id, world.now);
  }
  return world;
}

bool Has(const Expr& made, const Wanted& wanted) {
  std::map<std::string, int> counts;
  if (wanted.negated) {
    CountNegated(made, &counts);
  } else {
    CountConstructs(made, &counts);
  }
  return counts.count(wanted.construct) > 0;
}

bool TellsApart(const World& world, const TwinSegment& segment) {
  Naive naive(world.schema, world.data, world.now);
  size_t members = 0;
  for (const auto& [id, row] : world.data.Of(segment.entity)) {
    const NaiveResult result = naive.Evaluate(segment.expression, segment.entity, id);
    if (result.error) return false;
    members += ToTruth(result.value) == Truth(true) ? 1 : 0;
  }
  return members > 0 && members < world.data.Of(segment.entity).size();
}

namespace {

// What random conditions have too seldom to wait for it; empty for anything else, and where the entity has
// not the fields for it.
std::string MadeDirectly(const std::string& construct, const TwinEntity& entity, Random* random) {
  if (construct == "sample") return StrCat("sample(50 percent, 's", random->Below(100), "')");
  std::vector<std::string> fields;
  for (const FieldSpec& field : entity.fields) {
    if (field.options.history) fields.push_back(field.name);
  }
  if (construct != "changed()" || fields.empty()) return {};
  return StrCat("changed(", random->Of(fields), ", within 1000 days)");
}

TwinSegment AnySegment(const World& world, Random* random, const Wanted& wanted, const std::string& entity) {
  const TwinEntity* of = entity.empty() ? &random->Of(world.schema.entities) : &world.schema.At(entity);
  const TimeZone zone = TimeZone::Load(world.schema.time_zone).value();
  Generator generator(world, random);
  const auto anything = [&] {
    Expr made;
    for (int tries = 0; tries < 60; ++tries) {
      // Not every entity has the fields for it.
      if (entity.empty() && tries % 10 == 9) of = &random->Of(world.schema.entities);
      if (wanted.asked) {
        const std::string text = MadeDirectly(wanted.construct, *of, random);
        if (!text.empty()) return expr::Parse(text, zone).value();
      }
      made = generator.Condition(of->name, 1 + static_cast<int>(random->Below(4)));
      if (Has(made, {wanted.construct})) break;
    }
    return expr::Parse(expr::Print(made), zone).value();
  };
  const auto window = [&] {
    const std::string text = Windows(world, *of, random).Some();
    const StatusOr<Expr> parsed = expr::Parse(text, zone);
    if (!parsed.ok()) std::fprintf(stderr, "%s\n%s\n", text.c_str(), parsed.status().ToString().c_str());
    return parsed.value();
  };
  Expr condition;
  switch (wanted.asked ? (wanted.negated ? 2U : 0U) : random->Below(8)) {
    case 0:
    case 1:
      condition = anything();
      break;
    case 2:
    case 3:
      condition = Expr(Kind::kNot, {}, {anything()});
      break;
    case 4:
    case 5:
      condition = window();
      break;
    default: {
      const Expr some = anything();  // first: it settles the entity
      condition = Expr(random->Chance(60) ? Kind::kAnd : Kind::kOr, {}, {window(), some});
      break;
    }
  }
  // What its text says is what is asked.
  return {of->name, expr::Parse(expr::Print(condition), zone).value()};
}

}  // namespace

TwinSegment SomeSegment(const World& world, Random* random, const Wanted& wanted, const std::string& entity) {
  if (!wanted.asked && random->Chance(50)) return AnySegment(world, random, wanted, entity);
  TwinSegment best;
  int most = -1;
  for (int tries = 0; tries < 5 && most < 3; ++tries) {
    TwinSegment made = AnySegment(world, random, wanted, entity);
    const int worth = (Has(made.expression, wanted) ? 2 : 0) + (TellsApart(world, made) ? 1 : 0);
    if (worth <= most) continue;
    most = worth;
    best = std::move(made);
  }
  return best;
}

bool IsUsed(const World& world, const std::string& segment) {
  for (const auto& [name, other] : world.schema.segments) {
    if (name != segment && Names(other.expression, segment)) return true;
  }
  return false;
}

World WithoutUsersOf(const World& world, const std::string& segment) {
  World without = world;
  std::vector<std::string> gone = {segment};
  while (!gone.empty()) {
    const std::string name = gone.back();
    gone.pop_back();
    without.schema.segments.erase(name);
    for (const auto& [user, other] : without.schema.segments) {
      if (Names(other.expression, name)) gone.push_back(user);
    }
  }
  return without;
}

void RenameSegment(const std::string& from, const std::string& to, TwinSchema* schema) {
  auto node = schema->segments.extract(from);
  node.key() = to;
  schema->segments.insert(std::move(node));
  for (auto& [name, segment] : schema->segments) segment.expression = Renamed(segment.expression, from, to);
}

std::set<RecordId> NaiveMembers(const World& world, const std::string& segment, Timestamp now) {
  const TwinSegment& asked = world.schema.segments.at(segment);
  Naive naive(world.schema, world.data, now);
  std::set<RecordId> members;
  for (const auto& [id, row] : world.data.Of(asked.entity)) {
    const NaiveResult result = naive.Evaluate(asked.expression, asked.entity, id);
    if (result.error)
      std::fprintf(stderr, "%s: %s\n", Print(asked.expression).c_str(), result.error->c_str());
    RELATA_CHECK(!result.error);
    if (ToTruth(result.value) == Truth(true)) members.insert(id);
  }
  return members;
}

bool NaiveMember(const World& world, const std::string& segment, RecordId id, Timestamp now) {
  const TwinSegment& asked = world.schema.segments.at(segment);
  if (world.data.Of(asked.entity).count(id) == 0) return false;
  Naive naive(world.schema, world.data, now);
  return ToTruth(naive.Evaluate(asked.expression, asked.entity, id).value) == Truth(true);
}

}  // namespace relata::twin
