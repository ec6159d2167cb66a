// Collation by ICU: one collator per locale and process, shared by all threads once made.
#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/strings.h"
#include "src/base/text.h"

namespace relata {
namespace {

// ICU counts in 32 bits; what lies beyond has no part in the order.
constexpr size_t kLongestOrdered = size_t{1} << 28;

icu::StringPiece ToPiece(std::string_view text) {
  return icu::StringPiece(text.data(), static_cast<int32_t>(std::min(text.size(), kLongestOrdered)));
}

Status Unknown(std::string_view name) {
  return absl::InvalidArgumentError(StrCat("locale ", Quoted(name), ": not known to ICU ", IcuVersion(),
                                           "; expected a language tag as nl or sv-SE"));
}

// The locale ICU knows by that name, which may be a language tag or have underscores.
StatusOr<icu::Locale> ParseLocale(std::string_view name) {
  std::string tag(name);
  std::replace(tag.begin(), tag.end(), '_', '-');
  char id[ULOC_FULLNAME_CAPACITY];
  int32_t parsed = 0;
  UErrorCode error = U_ZERO_ERROR;
  uloc_forLanguageTag(tag.c_str(), id, sizeof(id), &parsed, &error);
  // The parser stops at what it does not understand and calls that success; and any letters make a language,
  // of which only "und", undetermined, is none and yet has an order.
  if (U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING ||
      static_cast<size_t>(parsed) != name.size() ||
      (*uloc_getISO3Language(id) == '\0' && tag.compare(0, 3, "und") != 0)) {
    return Unknown(name);
  }
  return icu::Locale(id);
}

}  // namespace

struct Collator::State {
  std::unique_ptr<icu::Collator> icu;
};

Collator::Collator(std::unique_ptr<State> state) : state_(std::move(state)) {}

Collator::~Collator() = default;

StatusOr<const Collator*> Collator::ForLocale(std::string_view name) {
  struct Cache {
    absl::Mutex mutex;
    absl::flat_hash_map<std::string, const Collator*> by_locale ABSL_GUARDED_BY(mutex);
  };
  static auto* cache = new Cache();

  RELATA_ASSIGN_OR_RETURN(const icu::Locale locale, ParseLocale(name));
  absl::MutexLock lock(&cache->mutex);
  const Collator*& cached = cache->by_locale[locale.getName()];
  if (cached == nullptr) {
    UErrorCode error = U_ZERO_ERROR;
    auto state = std::make_unique<State>();
    state->icu.reset(icu::Collator::createInstance(locale, error));
    if (U_FAILURE(error)) {
      cache->by_locale.erase(locale.getName());
      return Unknown(name);
    }
    cached = new Collator(std::move(state));
  }
  return cached;
}

void Collator::AppendSortKey(std::string_view utf8, std::string* key) const {
  const auto text = icu::UnicodeString::fromUTF8(ToPiece(utf8));
  const size_t start = key->size();
  // Most keys fit in this; else ICU says how much it needs.
  size_t room = utf8.size() * 3 + 16;
  for (int attempt = 0; attempt < 2; ++attempt) {
    key->resize(start + room);
    const int32_t capacity = static_cast<int32_t>(std::min<size_t>(room, INT32_MAX));
    const int32_t length =
        state_->icu->getSortKey(text, reinterpret_cast<uint8_t*>(key->data() + start), capacity);
    if (length <= capacity) {
      // ICU ends the key with a zero byte, its only one. The order without it is the same.
      key->resize(start + static_cast<size_t>(std::max(length, 1)) - 1);
      return;
    }
    room = static_cast<size_t>(length);
  }
}

int Collator::Compare(std::string_view a, std::string_view b) const {
  UErrorCode error = U_ZERO_ERROR;
  return state_->icu->compareUTF8(ToPiece(a), ToPiece(b), error);
}

}  // namespace relata
