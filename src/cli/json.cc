// Turns values into JSON.
#include "src/cli/json.h"

#include <cmath>

#include "src/cli/terminal.h"

namespace relata::cli {

namespace {

struct Writer {
  const schema::Catalogue& catalogue;

  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool value) const { return value; }
  Json operator()(int64_t value) const { return value; }
  Json operator()(double value) const { return std::isfinite(value) ? Json(value) : Json(); }
  Json operator()(const Money& value) const { return ToJson(value); }
  Json operator()(const Point& value) const { return {{"lat", value.lat()}, {"lon", value.lon()}}; }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const TextSet& value) const { return value; }
  Json operator()(const Reference& value) const { return value.id; }
  Json operator()(const ReferenceSet& value) const { return value; }
  Json operator()(const RecordRef& value) const {
    const EntityType* type = catalogue.Find(value.type);
    return {{"entity", type == nullptr ? Json() : Json(type->name)}, {"id", value.id}};
  }
  Json operator()(const ObjectBytes& value) const { return {{"bytes", value.bytes.size()}}; }
  template <class T>
  Json operator()(const T& value) const {  // what its text says exactly
    return value.ToString();
  }
};

}  // namespace

Json ToJson(const Money& money) {
  return {{"currency", money.currency.code()}, {"amount", money.Amount().ToString()}};
}

Json ToJson(const Value& value, const schema::Catalogue& catalogue) {
  return std::visit(Writer{catalogue}, value.variant());
}

Json ToJson(const Record& record, const schema::Catalogue& catalogue) {
  Json json = {{"id", record.id()}};
  for (const auto& [name, value] : record.fields()) json[name] = ToJson(value, catalogue);
  return json;
}

void PrintJson(const Json& json) {
  Print(json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace));
  Print("\n");
}

}  // namespace relata::cli
