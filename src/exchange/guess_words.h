// Defines what names of files and columns usually mean, in English and Dutch.
//
//   GuessEntity("erp_debtors.csv", {…});                 // "relation"
//   GuessField("relation", "bezoek_plaats");             // visiting.city
//
// Thread safety: functions. Cost: a few hundred comparisons.
#ifndef RELATA_EXCHANGE_GUESS_WORDS_H_
#define RELATA_EXCHANGE_GUESS_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace relata::exchange {

enum class FieldKind { kText, kNumber, kDate, kReference };

// The field that a column is likely to feed; none where `field` is empty.
struct FieldGuess {
  std::string field;
  FieldKind kind = FieldKind::kText;
  std::string target;  // of a reference
};

// The entity that a file is likely to hold, by its name and columns; "relation" where nothing tells.
std::string GuessEntity(std::string_view file, const std::vector<std::string_view>& columns);
FieldGuess GuessField(std::string_view entity, std::string_view column);
// Whether a column's name says that it holds numbers or codes: "customer_id", "debiteurnr".
bool LooksLikeKey(std::string_view column);

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_GUESS_WORDS_H_
