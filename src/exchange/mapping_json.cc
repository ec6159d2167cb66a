// This file reads a mapping's sources, files and records; mapping_value.cc reads the values in them.
#include "src/exchange/mapping_json.h"

#include "relata/base/strings.h"

namespace relata::exchange {
namespace {

std::optional<Currency> ReadCurrency(const JsonReader::Object& object, JsonReader* reader) {
  const std::string code = object.Text("currency");
  if (code.empty()) return std::nullopt;
  const StatusOr<Currency> currency = Currency::Parse(code);
  if (currency.ok()) return *currency;
  reader->Fail(object.Place("currency"), currency.status());
  return std::nullopt;
}

SourceSpec ReadSource(const std::string& code, const Json& value, const std::string& place,
                      JsonReader* reader) {
  const JsonReader::Object object(reader, value, place,
                                  {"name", "location", "storage", "code_used", "records_payments"});
  SourceSpec source{.code = code};
  for (std::string_view key : {"name", "location", "storage", "code_used"}) {
    if (object.Has(key)) source.texts.emplace_back(key, object.Text(key));
  }
  if (object.Has("records_payments")) source.records_payments = object.Bool("records_payments");
  return source;
}

CsvOptions ReadCsv(const Json& value, const std::string& place, std::vector<std::string>* columns,
                   JsonReader* reader) {
  const JsonReader::Object object(reader, value, place,
                                  {"separator", "quote", "encoding", "trim", "columns"});
  CsvOptions options;
  if (object.Has("separator")) {
    const std::string separator = object.Text("separator");
    if (separator.size() == 1) {
      options.separator = separator[0];
    } else if (separator == "tab") {
      options.separator = '\t';
    } else {
      object.Fail("separator", "one character is expected, or \"tab\"");
    }
  }
  if (object.Has("quote")) {
    const std::string quote = object.Text("quote");
    if (quote.size() > 1) object.Fail("quote", "one character is expected, or none");
    options.quote = quote.empty() ? '\0' : quote[0];
  }
  if (object.Has("encoding")) {
    const StatusOr<Encoding> encoding = ParseEncoding(object.Text("encoding"));
    if (encoding.ok()) {
      options.encoding = *encoding;
    } else {
      reader->Fail(object.Place("encoding"), encoding.status());
    }
  }
  if (object.Has("trim")) options.trim = object.Bool("trim");
  *columns = object.Texts("columns");
  options.header = columns->empty();
  return options;
}

Condition ReadCondition(const Json& value, const std::string& place, JsonReader* reader) {
  Condition condition{.place = place};
  if (value.is_string()) {
    condition.column = value.get<std::string>();
    return condition;
  }
  const JsonReader::Object object(reader, value, place, {"column", "is", "is_not", "empty"});
  if (object.Has("empty")) {
    condition.kind = Condition::Kind::kEmpty;
    condition.column = object.Required("empty");
    return condition;
  }
  condition.column = object.Required("column");
  if (object.Has("is")) {
    condition.kind = Condition::Kind::kIs;
    condition.texts = object.Texts("is");
  } else if (object.Has("is_not")) {
    condition.kind = Condition::Kind::kIsNot;
    condition.texts = object.Texts("is_not");
  }
  return condition;
}

Repeats ReadRepeats(const JsonReader::Object& object, bool aggregates, JsonReader* reader) {
  const std::string text = object.Text("repeats", aggregates ? "first" : "reject");
  if (text == "first") return Repeats::kFirst;
  if (text == "number") return Repeats::kNumber;
  if (text != "reject") {
    reader->FailUnknown(object.Place("repeats"), "way", text, {"reject", "first", "number"});
  }
  return Repeats::kReject;
}

RecordSpec ReadRecord(const Json& value, const std::string& place, const ValueDefaults& defaults,
                      JsonReader* reader) {
  const JsonReader::Object object(
      reader, value, place,
      {"entity", "name", "mode", "repeats", "prefix", "key", "when", "match", "same_as", "fields"});
  RecordSpec record{.place = place};
  record.entity = object.Required("entity");
  record.name = object.Text("name", record.entity);
  record.prefix = object.Text("prefix");
  record.match = object.Text("match");
  const std::string mode = object.Text("mode", "insert");
  record.update_only = mode == "update";
  if (mode != "insert" && mode != "update") {
    reader->FailUnknown(object.Place("mode"), "mode", mode, {"insert", "update"});
  }
  if (const Json* key = object.Find("key")) {
    record.key = ReadKey(*key, object.Place("key"), defaults, reader);
  } else {
    reader->Fail(place, "the key 'key' is missing: which columns tell the source's records apart?");
  }
  if (const Json* when = object.Find("when")) {
    for (const auto& [item, where] : reader->Items(*when, object.Place("when"))) {
      record.when.push_back(ReadCondition(*item, where, reader));
    }
  }
  if (const Json* fields = object.Find("fields"); fields != nullptr && fields->is_object()) {
    for (const auto& [name, field] : fields->items()) {
      if (name == "comment") continue;
      record.fields.emplace_back(name, ReadValue(field, StrCat(place, ".fields.", name), defaults, reader));
    }
  } else if (fields != nullptr) {
    object.Fail("fields", "an object is expected: field names, each with the column that feeds it");
  }
  if (const Json* same_as = object.Find("same_as")) {
    record.same_as = ReadValue(*same_as, object.Place("same_as"), defaults, reader);
    if (record.same_as->kind != ValueSpec::Kind::kReference || record.same_as->parts.size() != 1 ||
        record.same_as->parts.front().key.empty()) {
      object.Fail("same_as",
                  "a reference with a key is expected: the record that is known by this key as well");
    }
  }
  record.repeats = ReadRepeats(object, record.aggregates(), reader);
  return record;
}

TableSpec ReadTable(const Json& value, const std::string& place, const ValueDefaults& defaults,
                    JsonReader* reader) {
  const JsonReader::Object object(reader, value, place, {"name", "key", "value"});
  TableSpec table{.name = object.Required("name")};
  const std::pair<std::string_view, ValueSpec*> columns[] = {{"key", &table.key}, {"value", &table.value}};
  for (const auto& [name, spec] : columns) {
    if (const Json* column = object.Find(name)) {
      *spec = ReadValue(*column, object.Place(name), defaults, reader);
    } else {
      object.Fail(name, "is missing: a table has a key and a value");
    }
  }
  return table;
}

FileSpec ReadFile(const Json& value, const std::string& place, JsonReader* reader) {
  const JsonReader::Object object(reader, value, place,
                                  {"file", "source", "csv", "currency", "number", "float_dirt", "date",
                                   "trim", "escapes", "empty", "records", "table"});
  FileSpec file{.place = place};
  file.patterns = object.Texts("file");
  if (file.patterns.empty()) reader->Fail(place, "the key 'file' is missing: which files are these?");
  file.source = object.Required("source");
  file.currency = ReadCurrency(object, reader);
  if (const Json* csv = object.Find("csv")) {
    file.csv = ReadCsv(*csv, object.Place("csv"), &file.columns, reader);
  }
  ValueDefaults defaults;
  if (object.Has("number")) {
    ReadNumberFormat(object.Text("number"), object.Place("number"), &defaults.number.format, reader);
  }
  defaults.number.float_dirt = object.Bool("float_dirt");
  ReadDatePattern(object.Text("date", "iso"), object.Place("date"), &defaults.date, reader);
  defaults.trim = object.Bool("trim", true);
  defaults.escapes = object.Bool("escapes");
  defaults.empties = object.Texts("empty");
  if (const Json* records = object.Find("records")) {
    for (const auto& [item, where] : reader->Items(*records, object.Place("records"))) {
      file.records.push_back(ReadRecord(*item, where, defaults, reader));
    }
  } else if (const Json* table = object.Find("table")) {
    file.table = ReadTable(*table, object.Place("table"), defaults, reader);
  } else {
    reader->Fail(place, "the key 'records' is missing: what does each row make?");
  }
  return file;
}

}  // namespace

void ReadNumberFormat(const std::string& text, const std::string& place, NumberFormat* format,
                      JsonReader* reader) {
  const StatusOr<NumberFormat> parsed = NumberFormat::FromExample(text);
  if (parsed.ok()) {
    *format = *parsed;
  } else {
    reader->Fail(place, parsed.status());
  }
}

void ReadDatePattern(const std::string& text, const std::string& place, std::optional<DatePattern>* pattern,
                     JsonReader* reader) {
  StatusOr<DatePattern> parsed = DatePattern::Parse(text);
  if (parsed.ok()) {
    *pattern = *std::move(parsed);
  } else {
    reader->Fail(place, parsed.status());
  }
}

Mapping ReadMapping(const Json& document, JsonReader* reader) {
  const JsonReader::Object object(reader, document, "", {"mapping", "currency", "sources", "files"});
  Mapping mapping;
  const Json* version = object.Find("mapping");
  if (version == nullptr || *version != 1) {
    reader->Fail("mapping", "1 is expected: the version of the format that this file is written in");
  }
  mapping.currency = ReadCurrency(object, reader);
  if (const Json* sources = object.Find("sources"); sources != nullptr && sources->is_object()) {
    for (const auto& [code, source] : sources->items()) {
      if (code == "comment") continue;
      mapping.sources.push_back(ReadSource(code, source, StrCat("sources.", code), reader));
    }
  } else {
    reader->Fail("sources", "an object is expected: the code of each source, and what is known of it");
  }
  if (const Json* files = object.Find("files")) {
    for (const auto& [item, where] : reader->Items(*files, "files")) {
      mapping.files.push_back(ReadFile(*item, where, reader));
    }
  } else {
    reader->Fail("files", "is missing");
  }
  return mapping;
}

}  // namespace relata::exchange
