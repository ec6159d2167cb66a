// Patterns of text fields, compiled by RE2 and kept for the process.
#include "src/schema/pattern.h"

#include <re2/re2.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/strings.h"

namespace relata::schema {
namespace {

class PatternCache {
 public:
  std::shared_ptr<const re2::RE2> Get(const std::string& pattern) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      if (const auto found = compiled_.find(pattern); found != compiled_.end()) return found->second;
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    absl::MutexLock lock(&mutex_);
    // Stores come and go in a process that serves many; what is still used is soon back.
    if (compiled_.size() >= kMaxPatterns) compiled_.clear();
    return compiled_.emplace(pattern, std::move(compiled)).first->second;
  }

 private:
  static constexpr size_t kMaxPatterns = 1024;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const re2::RE2>> compiled_ ABSL_GUARDED_BY(mutex_);
};

PatternCache& Cache() {
  static PatternCache& cache = *new PatternCache;  // never destroyed: a thread may outlive main
  return cache;
}

}  // namespace

Status CheckPattern(const std::string& pattern) {
  const std::shared_ptr<const re2::RE2> compiled = Cache().Get(pattern);
  if (compiled->ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      StrCat("the pattern ", Quoted(pattern), " is no regular expression of RE2: ", compiled->error()));
}

bool MatchesPattern(const std::string& pattern, std::string_view text) {
  const std::shared_ptr<const re2::RE2> compiled = Cache().Get(pattern);
  return compiled->ok() && re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled);
}

}  // namespace relata::schema
