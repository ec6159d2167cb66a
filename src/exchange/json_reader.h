// Defines JsonReader, which walks a JSON document and keeps the first thing that is wrong with it, with its
// place.
//
//   JsonReader reader("mapping.json");
//   JsonReader::Object file(&reader, value, "files[0]", {"file", "source", "records"});
//   spec.source = file.Text("source");                   // "" and a failure if it is no text
//   RELATA_RETURN_IF_ERROR(reader.status());             // "mapping.json: files[0].source: …"
//
// After the first failure calls go on and return something empty, so that reading code stays straight and
// asks once at the end. Every object may hold "comment". Thread safety: one thread at a time.
#ifndef RELATA_EXCHANGE_JSON_READER_H_
#define RELATA_EXCHANGE_JSON_READER_H_

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/status.h"

namespace relata::exchange {

using Json = nlohmann::ordered_json;

class JsonReader {
 public:
  explicit JsonReader(std::string_view document) : document_(document) {}

  // The document; InvalidArgument with line and column where it is no JSON. Comments as in C++ are passed
  // over.
  static StatusOr<Json> Read(std::string_view text, std::string_view document);

  // Keeps the first failure.
  void Fail(std::string_view place, std::string_view what);
  void Fail(std::string_view place, const Status& status);
  // Fails with the nearest of the known names.
  void FailUnknown(std::string_view place, std::string_view what, std::string_view name,
                   const std::vector<std::string_view>& known);
  const Status& status() const { return status_; }

  std::string Text(const Json& value, const std::string& place);
  bool Bool(const Json& value, const std::string& place);
  // A text, or a list of texts.
  std::vector<std::string> Texts(const Json& value, const std::string& place);
  // The value's items, or the value itself where it is no list; each with its place.
  std::vector<std::pair<const Json*, std::string>> Items(const Json& value, const std::string& place);

  class Object;

 private:
  std::string document_;
  Status status_;
};

// One object with the keys it may have.
class JsonReader::Object {
 public:
  // Fails where `value` is no object, or has a key that is not `known`.
  Object(JsonReader* reader, const Json& value, std::string place,
         std::initializer_list<std::string_view> known);

  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  const Json* Find(std::string_view key) const;
  std::string Place(std::string_view key) const;
  const std::string& place() const { return place_; }

  // The value, or `otherwise` where there is none.
  std::string Text(std::string_view key, std::string_view otherwise = {}) const;
  bool Bool(std::string_view key, bool otherwise = false) const;
  std::vector<std::string> Texts(std::string_view key) const;
  // Fails where it is missing or empty.
  std::string Required(std::string_view key) const;
  void Fail(std::string_view key, std::string_view what) const;

 private:
  JsonReader* reader_;
  const Json* value_;
  std::string place_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_JSON_READER_H_
