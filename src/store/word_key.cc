// Keys of words: made of a field, taken apart, and looked up.
#include "src/store/word_key.h"

#include <algorithm>
#include <bit>

#include "src/base/coding.h"
#include "src/base/words.h"

namespace relata::store {
namespace {

constexpr char kEnd = '\x01';
constexpr size_t kExactSteps = 8;

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The bytes of the first `count` characters; all of them if there are no more.
size_t BytesOf(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size()) {
    if (BeginsCharacter(text[at]) && count-- == 0) break;
    ++at;
  }
  return at;
}

KeyRange Between(std::string low) {
  std::string high = KeyAfter(low);
  return {.low = std::move(low), .high = std::move(high)};
}

// Adds the keys of one text, still without the length; returns the number of words.
size_t AddText(std::string_view text, size_t* count, std::vector<std::string>* keys) {
  size_t words = 0;
  const auto next = [&]() -> std::string& {
    if (keys->size() == *count) keys->emplace_back();
    std::string& key = (*keys)[(*count)++];
    key.clear();
    return key;
  };
  VisitWords(text, [&](std::string_view word) {
    ++words;
    next().append(word).push_back(kEnd);
    for (size_t characters = 1; characters <= kMaxPrefixCharacters; ++characters) {
      const size_t bytes = BytesOf(word, characters);
      if (bytes == word.size()) break;
      std::string& key = next();
      key.push_back(kEnd);
      key.append(word.substr(0, bytes)).push_back(kEnd);
    }
  });
  return words;
}

}  // namespace

uint8_t LengthStep(size_t words) {
  if (words <= kExactSteps) return static_cast<uint8_t>(words);
  const size_t doubled = static_cast<size_t>(std::bit_width((words - 1) / kExactSteps));
  return static_cast<uint8_t>(std::min<size_t>(kExactSteps + doubled, kLengthSteps));
}

void WordKeys(const Cell& cell, bool set, std::vector<std::string>* keys) {
  size_t count = 0;
  size_t words = 0;
  if (set) {
    std::string_view bytes = cell.bytes;
    uint64_t length = 0;
    while (GetVarint64(&bytes, &length) && length <= bytes.size()) {
      words += AddText(bytes.substr(0, length), &count, keys);
      bytes.remove_prefix(length);
    }
  } else {
    words = AddText(cell.bytes, &count, keys);
  }
  keys->resize(count);
  if (count == 0) return;
  std::sort(keys->begin(), keys->end());
  keys->erase(std::unique(keys->begin(), keys->end()), keys->end());
  const char step = static_cast<char>(LengthStep(words));
  for (std::string& key : *keys) key.push_back(step);
}

KeyRange EntriesOf(std::string_view word) {
  std::string low(word);
  low.push_back(kEnd);
  return Between(std::move(low));
}

KeyRange EntriesBeginningWith(std::string_view beginning) { return Between(std::string(beginning)); }

KeyRange EntriesOfPrefix(std::string_view prefix) {
  std::string low(1, kEnd);
  low.append(prefix).push_back(kEnd);
  return Between(std::move(low));
}

bool IsShortPrefix(std::string_view prefix) { return BytesOf(prefix, kMaxPrefixCharacters) == prefix.size(); }

bool ReadWordKey(std::string_view values, WordKey* key) {
  if (values.size() < 3 || values[values.size() - 2] != kEnd) return false;
  key->length_step = static_cast<uint8_t>(values.back());
  values.remove_suffix(2);
  key->prefix = values.front() == kEnd;
  if (key->prefix) values.remove_prefix(1);
  key->text = values;
  return !values.empty() && values.find(kEnd) == std::string_view::npos && key->length_step >= 1 &&
         key->length_step <= kLengthSteps;
}

}  // namespace relata::store
