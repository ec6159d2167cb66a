// Defines what a name of an entity type, field or index may be, and which names are taken by the engine.
#ifndef RELATA_SCHEMA_NAMES_H_
#define RELATA_SCHEMA_NAMES_H_

#include <cstddef>
#include <string_view>

namespace relata::schema {

inline constexpr size_t kMaxNameLength = 100;
inline constexpr size_t kMaxFields = 400;  // live ones of one entity type
inline constexpr uint16_t kMaxSetCode = 63;

inline constexpr std::string_view kIdName = "id";
inline constexpr std::string_view kCreatedAtName = "created_at";
inline constexpr std::string_view kUpdatedAtName = "updated_at";
inline constexpr std::string_view kCurrencyName =
    "currency";  // of the record's money fields without one of their own
inline constexpr std::string_view kBaseSuffix = "_base";  // of the amount in the store's base currency

// [a-z][a-z0-9_]*, at most kMaxNameLength bytes.
bool IsName(std::string_view name);
// Names joined by dots: "visiting.city".
bool IsFieldName(std::string_view name);

// What a message tells about a name that is none of these.
inline constexpr std::string_view kNameRule =
    "expected a lower-case letter followed by lower-case letters, digits and underscores, at most 100 in all";

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_NAMES_H_
