// This file reads one value of a mapping: where it comes from, and how its text is understood.
#include <utility>

#include "relata/base/strings.h"
#include "src/exchange/mapping_json.h"

namespace relata::exchange {
namespace {

using Kind = ValueSpec::Kind;

constexpr std::pair<std::string_view, Aggregate> kAggregates[] = {
    {"first", Aggregate::kFirst}, {"last", Aggregate::kLast}, {"sum", Aggregate::kSum},
    {"min", Aggregate::kMin},     {"max", Aggregate::kMax},   {"count", Aggregate::kCount}};

constexpr std::pair<std::string_view, NamePart> kNameParts[] = {{"salutation", NamePart::kSalutation},
                                                                {"initials", NamePart::kInitials},
                                                                {"first", NamePart::kFirst},
                                                                {"particle", NamePart::kParticle},
                                                                {"last", NamePart::kLast}};

constexpr std::pair<std::string_view, int64_t> kUnits[] = {
    {"seconds", 1'000'000}, {"minutes", 60'000'000}, {"hours", 3'600'000'000}, {"days", 86'400'000'000}};

// The entry of `table` so named.
template <class Entry, size_t kSize>
auto Choose(const Entry (&table)[kSize], const JsonReader::Object& object, std::string_view key,
            std::string_view what, JsonReader* reader) -> decltype(table[0].second) {
  const std::string text = object.Text(key);
  std::vector<std::string_view> names;
  for (const Entry& entry : table) {
    if (entry.first == text) return entry.second;
    names.push_back(entry.first);
  }
  reader->FailUnknown(object.Place(key), what, text, names);
  return table[0].second;
}

std::string Constant(const Json& value, const std::string& place, JsonReader* reader) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return value.dump();
  return reader->Text(value, place);
}

std::vector<TemplatePiece> ReadTemplate(const std::string& text, const std::string& place,
                                        JsonReader* reader) {
  std::vector<TemplatePiece> pieces;
  for (size_t from = 0; from < text.size();) {
    const size_t open = text.find('{', from);
    const size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (open != text.npos && close == text.npos) {
      reader->Fail(place, StrCat("a '{' is not closed in ", Quoted(text)));
      break;
    }
    if (open == text.npos) {
      pieces.push_back({.text = text.substr(from)});
      break;
    }
    pieces.push_back(
        {.text = text.substr(from, open - from), .column = text.substr(open + 1, close - open - 1)});
    from = close + 1;
  }
  return pieces;
}

ValueMap ReadMap(const Json& value, const std::string& place, std::optional<std::string> otherwise,
                 JsonReader* reader) {
  std::vector<std::pair<std::string, std::string>> labels;
  if (!value.is_object()) reader->Fail(place, "an object is expected: what the file says, and what it means");
  for (const auto& [label, meaning] : value.items()) {
    if (value.is_object()) labels.emplace_back(label, Constant(meaning, StrCat(place, ".", label), reader));
  }
  StatusOr<ValueMap> map = ValueMap::Make(labels, std::move(otherwise));
  if (map.ok()) return *std::move(map);
  reader->Fail(place, map.status());
  return {};
}

// One thing a reference may name.
ValueSpec ReadTarget(const JsonReader::Object& object, std::string target, const ValueDefaults& defaults,
                     JsonReader* reader) {
  ValueSpec part;
  part.kind = Kind::kReference;
  part.place = object.place();
  part.target = std::move(target);
  if (const Json* key = object.Find("key")) part.key = ReadKey(*key, object.Place("key"), defaults, reader);
  return part;
}

void ReadReference(const JsonReader::Object& object, const ValueDefaults& defaults, ValueSpec* spec,
                   JsonReader* reader) {
  const Json& reference = *object.Find("reference");
  const std::string place = object.Place("reference");
  if (reference.is_string()) {
    spec->parts.push_back(ReadTarget(object, reference.get<std::string>(), defaults, reader));
  } else {
    for (const auto& [item, where] : reader->Items(reference, place)) {
      const JsonReader::Object alternative(reader, *item, where, {"to", "key"});
      spec->parts.push_back(ReadTarget(alternative, alternative.Required("to"), defaults, reader));
    }
  }
  const std::string unknown = object.Text("unknown", "reject");
  spec->reject_unknown = unknown == "reject";
  if (unknown != "reject" && unknown != "empty") {
    reader->FailUnknown(object.Place("unknown"), "way", unknown, {"reject", "empty"});
  }
}

// Where the value comes from: exactly one of the keys that say so.
void ReadOrigin(const JsonReader::Object& object, const ValueDefaults& defaults, ValueSpec* spec,
                JsonReader* reader) {
  int origins = 0;
  auto is = [&](std::string_view key) { return object.Has(key) && ++origins > 0; };
  if (is("column")) spec->columns = {object.Required("column")};
  if (is("join")) {
    spec->kind = Kind::kJoin;
    spec->columns = object.Texts("join");
    spec->text = object.Text("with", " ");
  }
  if (is("template")) {
    spec->kind = Kind::kTemplate;
    spec->pieces = ReadTemplate(object.Text("template"), object.Place("template"), reader);
  }
  if (is("constant")) {
    spec->kind = Kind::kConstant;
    spec->text = Constant(*object.Find("constant"), object.Place("constant"), reader);
  }
  if (is("multiply")) {
    spec->kind = Kind::kMultiply;
    for (const auto& [item, where] : reader->Items(*object.Find("multiply"), object.Place("multiply"))) {
      spec->parts.push_back(ReadValue(*item, where, defaults, reader));
    }
  }
  if (is("position_in")) {
    spec->kind = Kind::kPosition;
    spec->target = object.Required("position_in");
  }
  if (is("copy")) {
    const std::string path = object.Required("copy");
    const size_t dot = path.find('.');
    if (dot == path.npos)
      object.Fail("copy", "a reference field and a field of its record are expected: \"order.ordered_on\"");
    spec->kind = Kind::kCopy;
    spec->target = path.substr(0, dot);
    spec->text = dot == path.npos ? std::string() : path.substr(dot + 1);
  }
  if (is("reference")) {
    spec->kind = Kind::kReference;
    ReadReference(object, defaults, spec, reader);
  }
  if (is("latitude")) {
    spec->kind = Kind::kPoint;
    for (std::string_view key : {"latitude", "longitude"}) {
      if (const Json* part = object.Find(key)) {
        spec->parts.push_back(ReadValue(*part, object.Place(key), defaults, reader));
      } else {
        object.Fail(key, "is missing beside the other coordinate");
      }
    }
  }
  if (origins == 1) return;
  reader->Fail(object.place(), origins == 0 ? "says not where the value comes from; give \"column\", or "
                                              "\"constant\", \"template\", \"reference\", …"
                                            : "says twice where the value comes from");
}

void ReadNumber(const JsonReader::Object& object, ValueSpec* spec, JsonReader* reader) {
  if (object.Has("number")) {
    ReadNumberFormat(object.Text("number"), object.Place("number"), &spec->number.format, reader);
  }
  spec->number.float_dirt = object.Bool("float_dirt", spec->number.float_dirt);
  if (const Json* digits = object.Find("digits")) {
    if (digits->is_number_unsigned() && *digits <= unsigned{Decimal::kMaxScale}) {
      spec->number.digits = digits->get<uint8_t>();
    } else {
      object.Fail("digits", "a number from 0 to 18 is expected");
    }
  }
  if (object.Has("round")) {
    constexpr std::pair<std::string_view, Rounding> kRoundings[] = {
        {"exact", Rounding::kExact}, {"half_even", Rounding::kHalfEven}, {"half_up", Rounding::kHalfUp}};
    spec->number.rounding = Choose(kRoundings, object, "round", "way to round", reader);
  }
  if (object.Bool("percent")) spec->factor = Decimal{1, 2};
  if (object.Has("factor")) {
    const StatusOr<Decimal> factor = Decimal::Parse(object.Text("factor"));
    if (factor.ok()) {
      spec->factor = *factor;
    } else {
      reader->Fail(object.Place("factor"), factor.status());
    }
  }
  spec->one_minus = object.Bool("one_minus");
}

}  // namespace

ValueSpec ReadValue(const Json& value, const std::string& place, const ValueDefaults& defaults,
                    JsonReader* reader) {
  ValueSpec spec;
  spec.place = place;
  spec.trim = defaults.trim;
  spec.escapes = defaults.escapes;
  spec.empties = defaults.empties;
  spec.number = defaults.number;
  spec.date = defaults.date;
  if (value.is_string()) {
    spec.columns = {value.get<std::string>()};
    if (spec.columns[0].empty()) reader->Fail(place, "the column's name is empty");
    return spec;
  }
  if (value.is_object() && value.size() <= 2) {
    for (const auto& [key, aggregate] : kAggregates) {
      const auto inner = value.find(std::string(key));
      if (inner == value.end()) continue;
      if (aggregate == Aggregate::kCount) {
        spec.kind = Kind::kConstant;
        spec.text = std::string(1, '1');  // not from a literal, which GCC 12 misreads
      } else {
        spec = ReadValue(*inner, StrCat(place, ".", key), defaults, reader);
      }
      if (spec.aggregate != Aggregate::kNone) reader->Fail(place, "is gathered from rows twice");
      spec.aggregate = aggregate;
      return spec;
    }
  }
  const JsonReader::Object object(
      reader, value, place,
      {"column",    "join",    "with",    "template",  "constant",  "multiply", "position_in", "copy",
       "reference", "key",     "unknown", "latitude",  "longitude", "first",    "last",        "sum",
       "min",       "max",     "count",   "optional",  "trim",      "escapes",  "id",          "name_part",
       "empty",     "default", "map",     "otherwise", "lookup",    "split",    "number",      "float_dirt",
       "digits",    "round",   "percent", "factor",    "one_minus", "date",     "unit"});
  ReadOrigin(object, defaults, &spec, reader);
  ReadNumber(object, &spec, reader);
  spec.optional = object.Bool("optional");
  spec.trim = object.Bool("trim", spec.trim);
  spec.escapes = object.Bool("escapes", spec.escapes);
  spec.id = object.Bool("id");
  if (object.Has("name_part"))
    spec.name_part = Choose(kNameParts, object, "name_part", "part of a name", reader);
  if (object.Has("empty")) spec.empties = object.Texts("empty");
  if (const Json* fallback = object.Find("default")) {
    spec.fallback = Constant(*fallback, object.Place("default"), reader);
  }
  if (const Json* map = object.Find("map")) {
    std::optional<std::string> otherwise;
    if (object.Has("otherwise")) otherwise = object.Text("otherwise");
    spec.map = ReadMap(*map, object.Place("map"), std::move(otherwise), reader);
  } else if (object.Has("otherwise")) {
    object.Fail("otherwise", "means something beside \"map\" only");
  }
  spec.lookup = object.Text("lookup");
  if (object.Has("split")) spec.split = object.Required("split");
  if (object.Has("date")) ReadDatePattern(object.Text("date"), object.Place("date"), &spec.date, reader);
  if (object.Has("unit")) spec.unit_micros = Choose(kUnits, object, "unit", "unit of time", reader);
  return spec;
}

std::vector<ValueSpec> ReadKey(const Json& value, const std::string& place, const ValueDefaults& defaults,
                               JsonReader* reader) {
  std::vector<ValueSpec> parts;
  for (const auto& [item, where] : reader->Items(value, place)) {
    parts.push_back(ReadValue(*item, where, defaults, reader));
  }
  return parts;
}

}  // namespace relata::exchange
