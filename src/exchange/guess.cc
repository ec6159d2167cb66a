// This file proposes a mapping from headers and first rows: by what columns are called, in English and
// Dutch, and by what their values look like.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "relata/base/strings.h"
#include "relata/exchange/import.h"
#include "src/exchange/csv_reader.h"
#include "src/exchange/guess_words.h"
#include "src/exchange/json_reader.h"
#include "src/exchange/read_date.h"
#include "src/exchange/read_number.h"
#include "src/exchange/read_value.h"

namespace relata::exchange {
namespace {

constexpr size_t kRows = 1'000;
constexpr std::string_view kDatePatterns[] = {"iso",        "dd-mm-yyyy", "d-m-yyyy",
                                              "dd/mm/yyyy", "d/m/yyyy",   "mm/dd/yyyy",
                                              "m/d/yyyy",   "dd.mm.yyyy", "yyyymmdd"};
constexpr std::string_view kNumberForms[] = {"1234.56", "1.234,56", "1,234.56"};

// What the first rows show of a column.
struct Column {
  std::string name;
  std::vector<std::string> values;  // those not empty
  bool distinct = true;
  size_t empty = 0;
};

bool AllDates(const Column& column, std::string_view pattern) {
  const StatusOr<DatePattern> form = DatePattern::Parse(pattern);
  return form.ok() && std::all_of(column.values.begin(), column.values.end(),
                                  [&](const std::string& text) { return form->ReadDate(text).ok(); });
}

bool AllNumbers(const Column& column, std::string_view example) {
  const StatusOr<NumberFormat> format = NumberFormat::FromExample(example);
  return format.ok() && std::all_of(column.values.begin(), column.values.end(), [&](const std::string& text) {
           return ReadDecimal(text, {.format = *format}).ok();
         });
}

// Ids such as 12680.0, which a spreadsheet or a float column made.
bool AllFloatIds(const Column& column) {
  return std::all_of(column.values.begin(), column.values.end(), [](const std::string& text) {
    return text.size() > 2 && text.ends_with(".0") && ReadInteger(text, {}).ok();
  });
}

StatusOr<std::vector<Column>> ReadColumns(const std::string& path, CsvReader* reader) {
  std::vector<Column> columns;
  for (const std::string& name : reader->header()) columns.push_back({.name = name});
  std::vector<absl::flat_hash_set<std::string>> seen(columns.size());
  size_t rows = 0;
  for (CsvRow row; rows < kRows; ++rows) {
    RELATA_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) break;
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string text(Trim(row[i]));
      if (text.empty()) {
        ++columns[i].empty;
        continue;
      }
      columns[i].distinct &= seen[i].insert(text).second;
      columns[i].values.push_back(text);
    }
  }
  if (columns.empty())
    return absl::InvalidArgumentError(StrCat(path, ": is empty; there is nothing to guess"));
  return columns;
}

// The first form that all columns of such values are written in.
template <size_t kSize, class Fits>
std::string_view CommonForm(const std::string_view (&forms)[kSize], const std::vector<const Column*>& columns,
                            Fits fits) {
  for (std::string_view form : forms) {
    if (std::all_of(columns.begin(), columns.end(),
                    [&](const Column* column) { return fits(*column, form); })) {
      return form;
    }
  }
  return {};
}

// The column most likely to tell records apart: named as a key, filled, without repeats; the first of equals.
const Column* KeyOf(const std::vector<Column>& columns) {
  const Column* best = nullptr;
  int best_points = 0;
  for (const Column& column : columns) {
    int points = LooksLikeKey(column.name) ? 2 : 0;
    if (column.distinct && column.empty == 0 && !column.values.empty()) points += 2;
    if (&column == &columns.front()) ++points;
    if (points <= best_points) continue;
    best = &column;
    best_points = points;
  }
  return best;
}

// A file's entry, and what could not be guessed.
class Proposal {
 public:
  Proposal(const std::string& path, const CsvReader& reader, std::vector<Column> columns)
      : file_(std::filesystem::path(path).filename()), reader_(reader), columns_(std::move(columns)) {
    std::vector<std::string_view> names;
    for (const Column& column : columns_) names.push_back(column.name);
    entity_ = GuessEntity(file_, names);
    for (const Column& column : columns_) guesses_.push_back(GuessField(entity_, column.name));
    key_ = KeyOf(columns_);
  }

  Json Make() const {
    Json entry = {{"file", file_}, {"source", "source"}};
    AddDialect(&entry);
    const std::string_view date = FormOf(FieldKind::kDate, kDatePatterns, AllDates);
    if (!date.empty() && date != "iso") entry["date"] = date;
    const std::string_view number = FormOf(FieldKind::kNumber, kNumberForms, AllNumbers);
    if (!number.empty() && number != kNumberForms[0]) entry["number"] = number;

    Json record = {{"entity", entity_}};
    if (key_ != nullptr) record["key"] = ColumnJson(*key_);
    if (key_ != nullptr && !key_->distinct) record["repeats"] = "number";
    Json fields = Json::object();
    std::string unknown;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const FieldGuess& guess = guesses_[i];
      if (guess.field.empty() || fields.contains(guess.field)) {
        if (&columns_[i] != key_) StrAppend(&unknown, unknown.empty() ? "" : ", ", columns_[i].name);
        continue;
      }
      fields[guess.field] = guess.kind == FieldKind::kReference
                                ? Json({{"reference", guess.target}, {"key", ColumnJson(columns_[i])}})
                                : ColumnJson(columns_[i]);
    }
    record["fields"] = std::move(fields);
    if (!unknown.empty()) record["comment"] = StrCat("not mapped: ", unknown);
    entry["records"] = Json::array({std::move(record)});
    return entry;
  }
  const std::string& entity() const { return entity_; }

 private:
  static Json ColumnJson(const Column& column) {
    if (!column.values.empty() && AllFloatIds(column) && LooksLikeKey(column.name)) {
      return {{"column", column.name}, {"id", true}};
    }
    return column.name;
  }

  void AddDialect(Json* entry) const {
    Json csv = Json::object();
    if (reader_.dialect().separator == '\t') {
      csv["separator"] = "tab";
    } else if (reader_.dialect().separator != ',') {
      csv["separator"] = std::string(1, reader_.dialect().separator);
    }
    const Encoding encoding = reader_.encoding();
    if (encoding != Encoding::kDetect && encoding != Encoding::kUtf8)
      csv["encoding"] = EncodingName(encoding);
    if (!csv.empty()) (*entry)["csv"] = std::move(csv);
  }

  template <size_t kSize, class Fits>
  std::string_view FormOf(FieldKind kind, const std::string_view (&forms)[kSize], Fits fits) const {
    std::vector<const Column*> columns;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (guesses_[i].kind == kind && !columns_[i].values.empty()) columns.push_back(&columns_[i]);
    }
    return columns.empty() ? std::string_view() : CommonForm(forms, columns, fits);
  }

  std::string file_;
  const CsvReader& reader_;
  std::vector<Column> columns_;
  std::string entity_;
  std::vector<FieldGuess> guesses_;
  const Column* key_ = nullptr;
};

}  // namespace

StatusOr<std::string> GuessMapping(const std::vector<std::string>& files) {
  Json entries = Json::array();
  std::map<std::string, int> times;
  for (const std::string& path : files) {
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, ByteSource::OpenFile(path));
    RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> reader, CsvReader::Open(std::move(source), {}));
    RELATA_ASSIGN_OR_RETURN(std::vector<Column> columns, ReadColumns(path, reader.get()));
    const Proposal proposal(path, *reader, std::move(columns));
    Json entry = proposal.Make();
    // A second file of the same entity needs a name of its own.
    if (const int number = ++times[proposal.entity()]; number > 1) {
      entry["records"][0]["name"] = StrCat(proposal.entity(), "_", number);
    }
    entries.push_back(std::move(entry));
  }
  const Json mapping = {
      {"comment", "A proposal: look it over, name the source, and complete what was not mapped."},
      {"mapping", 1},
      {"sources", {{"source", {{"name", "Source"}, {"records_payments", false}}}}},
      {"files", std::move(entries)}};
  return mapping.dump(2) + "\n";
}

}  // namespace relata::exchange
