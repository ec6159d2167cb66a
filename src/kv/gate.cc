// Counts who reads and writes, so that the map is moved only when nobody does.
#include "src/kv/gate.h"

#include <utility>

#include "absl/time/clock.h"

namespace relata::kv {

void Gate::EnterRead(Passage* passage, MDB_txn** idle) {
  passage->thread = std::this_thread::get_id();
  passage->began = std::chrono::steady_clock::now();
  absl::MutexLock lock(&mutex_);
  if (taken_ != Taken::kNo) WaitForWay();
  passage->previous = newest_;
  passage->next = nullptr;
  (newest_ != nullptr ? newest_->next : oldest_) = passage;
  newest_ = passage;
  ++count_;
  if (idle == nullptr) return;
  *idle = nullptr;
  if (idle_.empty()) return;
  *idle = idle_.back();
  idle_.pop_back();
}

bool Gate::LeaveRead(Passage* passage, MDB_txn* idle) {
  absl::MutexLock lock(&mutex_);
  if (idle != nullptr) {
    if (idle_.size() >= most_idle_) return false;
    idle_.push_back(idle);
  }
  (passage->previous != nullptr ? passage->previous->next : oldest_) = passage->next;
  (passage->next != nullptr ? passage->next->previous : newest_) = passage->previous;
  --count_;
  return true;
}

bool Gate::EnterWrite() {
  const std::thread::id thread = std::this_thread::get_id();
  absl::MutexLock lock(&mutex_);
  if (writing_ && writer_ == thread) return false;
  do {
    mutex_.Await(absl::Condition(
        +[](bool* writing) { return !*writing; }, &writing_));
    if (taken_ != Taken::kNo) WaitForWay();
  } while (writing_);
  writing_ = true;
  writer_ = thread;
  return true;
}

void Gate::LeaveWrite() {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
}

// One that waits to be alone waits for this thread if it reads or writes already: then making it wait in turn
// would stop both until the deadline.
void Gate::WaitForWay() {
  if (ThisThreadReadsLocked() || (writing_ && writer_ == std::this_thread::get_id())) {
    mutex_.Await(absl::Condition(
        +[](Taken* taken) { return *taken != Taken::kYes; }, &taken_));
  } else {
    mutex_.Await(absl::Condition(
        +[](Taken* taken) { return *taken == Taken::kNo; }, &taken_));
  }
}

Gate::Alone Gate::EnterAlone(absl::Duration deadline, bool now_or_never) {
  const absl::Time until = absl::Now() + (now_or_never ? absl::ZeroDuration() : deadline);
  absl::MutexLock lock(&mutex_);
  if (mutex_.AwaitWithDeadline(absl::Condition(
                                   +[](Taken* taken) { return *taken == Taken::kNo; }, &taken_),
                               until)) {
    taken_ = Taken::kWanted;
    const auto quiet =
        +[](Gate* gate) ABSL_NO_THREAD_SAFETY_ANALYSIS { return gate->count_ == 0 && !gate->writing_; };
    if (mutex_.AwaitWithDeadline(absl::Condition(quiet, this), until)) {
      taken_ = Taken::kYes;
      return Alone::kYes;
    }
    taken_ = Taken::kNo;
  }
  return count_ > 0 ? Alone::kNoReaders : Alone::kNoWriter;
}

void Gate::LeaveAlone() {
  absl::MutexLock lock(&mutex_);
  taken_ = Taken::kNo;
}

std::vector<MDB_txn*> Gate::TakeIdle() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(idle_, {});
}

bool Gate::ThisThreadReads() const {
  absl::MutexLock lock(&mutex_);
  return ThisThreadReadsLocked();
}

bool Gate::ThisThreadReadsLocked() const {
  for (const Passage* passage = oldest_; passage != nullptr; passage = passage->next) {
    if (passage->thread == std::this_thread::get_id()) return true;
  }
  return false;
}

bool Gate::ThisThreadWrites() const {
  absl::MutexLock lock(&mutex_);
  return writing_ && writer_ == std::this_thread::get_id();
}

bool Gate::Empty() const {
  absl::MutexLock lock(&mutex_);
  return count_ == 0 && !writing_;
}

Gate::Readers Gate::readers() const {
  absl::MutexLock lock(&mutex_);
  Readers readers;
  readers.count = count_;
  if (oldest_ != nullptr)
    readers.oldest = absl::FromChrono(std::chrono::steady_clock::now() - oldest_->began);
  return readers;
}

}  // namespace relata::kv
