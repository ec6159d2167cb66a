// NearWords: candidates by deletion and exchange are looked up; the characters that might be put in are read
// from the tree.
#include "src/query/near_words.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/store/key_range.h"
#include "src/store/word_key.h"

namespace relata::query {
namespace {

// U+2E80, the first radical of Chinese; bytes compare as characters do.
constexpr std::string_view kFirstIdeograph = "\xe2\xba\x80";

size_t CharacterBytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

class NearWalk {
 public:
  NearWalk(kv::Cursor* cursor, std::string_view word, std::vector<std::string>* found)
      : cursor_(cursor), word_(word), found_(found) {
    for (size_t at = 0; at < word.size(); at += CharacterBytes(word[at])) begins_.push_back(at);
    begins_.push_back(word.size());
  }

  size_t characters() const { return begins_.size() - 1; }

  Status Deletions() {
    for (size_t i = 0; i < characters(); ++i) {
      RELATA_RETURN_IF_ERROR(Try(StrCat(Before(i), From(i + 1))));
    }
    return absl::OkStatus();
  }
  Status Exchanges() {
    for (size_t i = 0; i + 1 < characters(); ++i) {
      RELATA_RETURN_IF_ERROR(Try(StrCat(Before(i), At(i + 1), At(i), From(i + 2))));
    }
    return absl::OkStatus();
  }
  // A character in the place of the i-th, or before it; i may be the end.
  Status Additions(size_t i) {
    const std::string_view before = Before(i);
    // Past the word that ends here: what follows its end is 01.
    std::string from = StrCat(before, "\x02");
    while (true) {
      std::string next;
      RELATA_RETURN_IF_ERROR(NextCharacter(before, from, &next));
      if (next.empty() || next >= kFirstIdeograph) return absl::OkStatus();
      const std::string begun = StrCat(before, next);
      if (i < characters()) RELATA_RETURN_IF_ERROR(Try(StrCat(begun, From(i + 1))));
      RELATA_RETURN_IF_ERROR(Try(StrCat(begun, From(i))));
      from = store::KeyAfter(begun);
    }
  }

 private:
  std::string_view Before(size_t i) const { return word_.substr(0, begins_[i]); }
  std::string_view From(size_t i) const { return word_.substr(begins_[i]); }
  std::string_view At(size_t i) const { return word_.substr(begins_[i], begins_[i + 1] - begins_[i]); }

  Status Try(std::string candidate) {
    if (candidate == word_ || candidate.empty()) return absl::OkStatus();
    const store::KeyRange entries = store::EntriesOf(candidate);
    cursor_->Seek(entries.low);
    if (!cursor_->Valid()) return cursor_->status();
    if (cursor_->key().starts_with(entries.low)) found_->push_back(std::move(candidate));
    return absl::OkStatus();
  }

  // The character behind `before` in the first word at or after `from`; empty if no such word begins so.
  Status NextCharacter(std::string_view before, std::string_view from, std::string* next) {
    cursor_->Seek(from);
    if (!cursor_->Valid()) return cursor_->status();
    std::string_view key = cursor_->key();
    if (!key.starts_with(before) || key.size() == before.size()) return absl::OkStatus();
    key.remove_prefix(before.size());
    next->assign(key.substr(0, CharacterBytes(key.front())));
    return absl::OkStatus();
  }

  kv::Cursor* cursor_;
  std::string_view word_;
  std::vector<size_t> begins_;  // of the characters, and the end
  std::vector<std::string>* found_;
};

}  // namespace

Status NearWords(kv::Cursor* cursor, std::string_view word, std::vector<std::string>* found) {
  found->clear();
  NearWalk walk(cursor, word, found);
  if (walk.characters() < kMinTypoCharacters) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(walk.Deletions());
  RELATA_RETURN_IF_ERROR(walk.Exchanges());
  for (size_t i = 0; i <= walk.characters(); ++i) RELATA_RETURN_IF_ERROR(walk.Additions(i));
  std::sort(found->begin(), found->end());
  found->erase(std::unique(found->begin(), found->end()), found->end());
  return absl::OkStatus();
}

}  // namespace relata::query
