// Searches without rank: the ids of each word as a bitmap, the rarest word first.
#include "src/query/text_search.h"

#include <algorithm>
#include <span>
#include <utility>

#include "src/store/word_key.h"

namespace relata::query {
namespace {

// The entries of all records that have the word: one range, or two where the index has its prefix.
std::vector<store::KeyRange> RangesOf(const SearchWord& word) {
  if (!word.prefix) return {store::EntriesOf(word.text)};
  if (!store::IsShortPrefix(word.text)) return {store::EntriesBeginningWith(word.text)};
  return {store::EntriesOf(word.text), store::EntriesOfPrefix(word.text)};
}

StatusOr<uint64_t> EstimateWord(const store::Reader& reader, const store::IndexRuntime& index,
                                const SearchWord& word) {
  uint64_t sum = 0;
  for (const store::KeyRange& range : RangesOf(word)) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t count, index.tree.EstimateCount(reader.kv(), range));
    sum += count;
  }
  return sum;
}

}  // namespace

const store::IndexRuntime* WordIndexOf(const store::TypeRuntime& type, FieldId field) {
  for (const store::IndexRuntime& index : type.indexes) {
    if (index.coder.words() && index.ready() && index.index->parts.front().field == field) return &index;
  }
  return nullptr;
}

StatusOr<bool> FindIds(const store::Reader& reader, const store::TypeRuntime& type, FieldId field,
                       const std::vector<SearchWord>& words, IdSet* ids) {
  const store::IndexRuntime* index = WordIndexOf(type, field);
  if (index == nullptr) return false;
  *ids = IdSet();
  std::vector<std::pair<uint64_t, const SearchWord*>> by_count;
  for (const SearchWord& word : words) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t count, EstimateWord(reader, *index, word));
    by_count.emplace_back(count, &word);
  }
  std::sort(by_count.begin(), by_count.end());
  for (const auto& [count, word] : by_count) {
    IdCollector collector;
    for (const store::KeyRange& range : RangesOf(*word)) {
      RELATA_RETURN_IF_ERROR(index->tree.VisitIds(
          reader.kv(), range, [&](std::span<const RecordId> some) { collector.Add(some); }));
    }
    if (word == by_count.front().second) {
      *ids = collector.Take();
    } else {
      *ids &= collector.Take();
    }
    if (ids->isEmpty()) break;
  }
  return true;
}

StatusOr<std::optional<uint64_t>> EstimateIds(const store::Reader& reader, const store::TypeRuntime& type,
                                              FieldId field, const std::vector<SearchWord>& words) {
  const store::IndexRuntime* index = WordIndexOf(type, field);
  if (index == nullptr) return std::nullopt;
  if (words.empty()) return 0;
  RELATA_ASSIGN_OR_RETURN(const uint64_t rows, reader.CountRows(type));
  double expected = static_cast<double>(rows);
  for (const SearchWord& word : words) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t count, EstimateWord(reader, *index, word));
    if (count == 0) return 0;
    expected *= std::min(1.0, static_cast<double>(count) / static_cast<double>(std::max<uint64_t>(rows, 1)));
  }
  return static_cast<uint64_t>(expected + 0.5);
}

}  // namespace relata::query
