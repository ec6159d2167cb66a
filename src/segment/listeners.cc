// Lets one thread at a time tell what is new.
#include "src/segment/listeners.h"

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"

namespace relata::segment {

namespace {

constexpr size_t kAtOnce = 1'000;

}  // namespace

uint64_t Listeners::Add(uint32_t segment, LogPosition after, Callback callback) {
  absl::MutexLock lock(&mutex_);
  if (listeners_.empty()) position_ = after;
  position_ = std::min(position_, after);
  const uint64_t id = next_id_++;
  listeners_.push_back(std::make_shared<Listener>(Listener{id, segment, after, std::move(callback)}));
  any_.store(true, std::memory_order_release);
  return id;
}

void Listeners::Remove(uint64_t id) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(listeners_, [&](const auto& listener) { return listener->id == id; });
  any_.store(!listeners_.empty(), std::memory_order_release);
  while (telling_ && teller_ != std::this_thread::get_id()) told_.Wait(&mutex_);
}

Status Listeners::Tell() {
  if (!any_.load(std::memory_order_acquire)) return absl::OkStatus();
  {
    absl::MutexLock lock(&mutex_);
    if (telling_) {
      again_ = true;
      return absl::OkStatus();
    }
    telling_ = true;
    teller_ = std::this_thread::get_id();
  }
  Status status;
  for (bool again = true; again;) {
    absl::Cleanup over = [&] {  // a call may throw
      absl::MutexLock lock(&mutex_);
      EndTelling();
    };
    status.Update(TellNew());
    std::move(over).Cancel();
    absl::MutexLock lock(&mutex_);
    again = std::exchange(again_, false);
    if (!again) EndTelling();  // under one lock with the look, so that whoever comes now tells by itself
  }
  return status;
}

void Listeners::EndTelling() {
  telling_ = false;
  teller_ = {};
  told_.SignalAll();
}

Status Listeners::TellNew() {
  RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, store_->Read());
  for (;;) {
    LogPosition after;
    {
      absl::MutexLock lock(&mutex_);
      after = position_;
    }
    if (after >= now.position()) return absl::OkStatus();
    StatusOr<std::vector<ToldCommit>> commits = ReadTold(now, after, kAtOnce, 0);
    if (!commits.ok() || commits->empty()) {
      absl::MutexLock lock(&mutex_);
      if (position_ != after) continue;
      position_ = now.position();
      return commits.status();
    }
    for (const ToldCommit& commit : *commits) {
      if (!TellCommit(now, commit, &after)) break;
    }
  }
}

bool Listeners::TellCommit(const store::Reader& reader, const ToldCommit& commit, LogPosition* after) {
  const LogPosition position{reader.position().epoch, commit.sequence};
  std::vector<std::shared_ptr<const Listener>> listeners;
  {
    absl::MutexLock lock(&mutex_);
    if (position_ != *after) return false;
    position_ = *after = position;
    for (const std::shared_ptr<Listener>& listener : listeners_) {
      // One that was added meanwhile may have put the position back to commits that others know.
      if (listener->told >= position) continue;
      listener->told = position;
      listeners.push_back(listener);
    }
  }
  for (const Flip& flip : commit.flips) {
    for (const std::shared_ptr<const Listener>& listener : listeners) {
      if (listener->segment == 0 || listener->segment == flip.segment)
        listener->callback(reader, commit, flip);
    }
  }
  return true;
}

}  // namespace relata::segment
