// This file reads JSON values and says where one is not what was expected.
#include "src/exchange/json_reader.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/nearest.h"

namespace relata::exchange {
namespace {

const Json kEmptyObject = Json::object();

std::string_view TypeOf(const Json& value) { return value.type_name(); }

}  // namespace

StatusOr<Json> JsonReader::Read(std::string_view text, std::string_view document) {
  try {
    return Json::parse(text.begin(), text.end(), nullptr, true, true);
  } catch (const Json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    const size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
    const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    std::string_view what = error.what();
    if (const size_t at = what.rfind(": "); at != what.npos) what = what.substr(at + 2);
    return absl::InvalidArgumentError(StrCat(document, ":", line, ":", column, ": no JSON: ", what));
  }
}

void JsonReader::Fail(std::string_view place, std::string_view what) {
  if (!status_.ok()) return;
  status_ = absl::InvalidArgumentError(StrCat(document_, ": ", place, place.empty() ? "" : ": ", what));
}

void JsonReader::Fail(std::string_view place, const Status& status) {
  if (!status.ok()) Fail(place, ToStd(status.message()));
}

void JsonReader::FailUnknown(std::string_view place, std::string_view what, std::string_view name,
                             const std::vector<std::string_view>& known) {
  std::string list;
  for (std::string_view each : known) StrAppend(&list, list.empty() ? "" : ", ", each);
  const std::string hint = DidYouMean(name, known);
  Fail(place, StrCat("unknown ", what, " ", Quoted(name), hint.empty() ? StrCat("; known: ", list) : hint));
}

std::string JsonReader::Text(const Json& value, const std::string& place) {
  if (value.is_string()) return value.get<std::string>();
  Fail(place, StrCat("a text is expected, not ", TypeOf(value)));
  return {};
}

bool JsonReader::Bool(const Json& value, const std::string& place) {
  if (value.is_boolean()) return value.get<bool>();
  Fail(place, StrCat("true or false is expected, not ", TypeOf(value)));
  return false;
}

std::vector<std::string> JsonReader::Texts(const Json& value, const std::string& place) {
  std::vector<std::string> texts;
  for (const auto& [item, where] : Items(value, place)) texts.push_back(Text(*item, where));
  return texts;
}

std::vector<std::pair<const Json*, std::string>> JsonReader::Items(const Json& value,
                                                                   const std::string& place) {
  if (!value.is_array()) return {{&value, place}};
  std::vector<std::pair<const Json*, std::string>> items;
  for (size_t i = 0; i < value.size(); ++i) items.emplace_back(&value[i], StrCat(place, "[", i, "]"));
  if (items.empty()) Fail(place, "the list is empty");
  return items;
}

JsonReader::Object::Object(JsonReader* reader, const Json& value, std::string place,
                           std::initializer_list<std::string_view> known)
    : reader_(reader), value_(&value), place_(std::move(place)) {
  if (!value.is_object()) {
    reader_->Fail(place_, StrCat("an object is expected, not ", TypeOf(value)));
    value_ = &kEmptyObject;
    return;
  }
  for (const auto& [key, unused] : value.items()) {
    if (key == "comment" || std::find(known.begin(), known.end(), key) != known.end()) continue;
    reader_->FailUnknown(place_, "key", key, std::vector<std::string_view>(known));
  }
}

const Json* JsonReader::Object::Find(std::string_view key) const {
  const auto at = value_->find(std::string(key));
  return at == value_->end() ? nullptr : &*at;
}

std::string JsonReader::Object::Place(std::string_view key) const {
  return place_.empty() ? std::string(key) : StrCat(place_, ".", key);
}

std::string JsonReader::Object::Text(std::string_view key, std::string_view otherwise) const {
  const Json* value = Find(key);
  return value == nullptr ? std::string(otherwise) : reader_->Text(*value, Place(key));
}

bool JsonReader::Object::Bool(std::string_view key, bool otherwise) const {
  const Json* value = Find(key);
  return value == nullptr ? otherwise : reader_->Bool(*value, Place(key));
}

std::vector<std::string> JsonReader::Object::Texts(std::string_view key) const {
  const Json* value = Find(key);
  return value == nullptr ? std::vector<std::string>() : reader_->Texts(*value, Place(key));
}

std::string JsonReader::Object::Required(std::string_view key) const {
  if (!Has(key)) {
    reader_->Fail(place_, StrCat("the key ", Quoted(key), " is missing"));
    return {};
  }
  std::string text = Text(key);
  if (text.empty()) Fail(key, "is empty");
  return text;
}

void JsonReader::Object::Fail(std::string_view key, std::string_view what) const {
  reader_->Fail(Place(key), what);
}

}  // namespace relata::exchange
