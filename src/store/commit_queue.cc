// Lets one thread at a time lead the writers that wait.
#include "src/store/commit_queue.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "src/kv/error.h"
#include "src/store/store.h"

namespace relata::store {

namespace {

constexpr size_t kMaxGroup = 64;
// However long a commit takes: threads that come back do so at once.
constexpr absl::Duration kLongestGathering = absl::Milliseconds(10);

}  // namespace

Status CommitQueue::Run(const WriteLabel& label, Closure closure, bool alone) {
  Member me{.label = label, .closure = closure, .alone = alone};
  absl::ReleasableMutexLock lock(&mutex_);
  Enqueue(&me);
  for (;;) {
    const Stage stage = me.stage;
    switch (stage) {
      case Stage::kLead:
        mutex_.Unlock();
        Lead(&me);
        mutex_.Lock();
        break;
      case Stage::kTurn: {
        Group* const group = group_;
        me.stage = Stage::kRan;
        mutex_.Unlock();
        RunTurn(&me, group);
        mutex_.Lock();
        break;
      }
      case Stage::kAgainAlone:
        me.alone = true;
        me.stage = Stage::kWaiting;
        Enqueue(&me);
        break;
      case Stage::kWaiting:
      case Stage::kRan:
        while (me.stage == stage) me.wake.Wait(&mutex_);
        break;
      case Stage::kDone:
        lock.Release();
        if (me.exception != nullptr) std::rethrow_exception(me.exception);
        return me.status;
    }
  }
}

void CommitQueue::Enqueue(Member* me) {
  waiting_.push_back(me);
  if (waiting_.size() == expected_) came_.Signal();
  if (led_) return;
  led_ = true;
  me->stage = Stage::kLead;
}

void CommitQueue::Lead(Member* me) {
  Group group;
  {
    absl::MutexLock lock(&mutex_);
    group.members = Gather(*me);
  }
  const auto began = std::chrono::steady_clock::now();
  if (group.members.size() == 1) {
    RunAlone(me);
  } else {
    WriteTogether(&group);
  }
  absl::MutexLock lock(&mutex_);
  last_commit_ = absl::FromChrono(std::chrono::steady_clock::now() - began);
  // Those that were served may come again beside those that came meanwhile.
  expected_ = std::min(group.members.size() + waiting_.size(), kMaxGroup);
  if (waiting_.empty()) {
    led_ = false;
  } else {
    waiting_.front()->stage = Stage::kLead;
    waiting_.front()->wake.Signal();
  }
}

std::vector<CommitQueue::Member*> CommitQueue::Gather(const Member& me) {
  if (!me.alone && waiting_.size() < expected_) {
    const absl::Time until = absl::Now() + std::min(last_commit_ / 2, kLongestGathering);
    while (waiting_.size() < expected_ && !came_.WaitWithDeadline(&mutex_, until)) {
    }
  }
  std::vector<Member*> group;
  do {
    group.push_back(waiting_.front());
    waiting_.pop_front();
  } while (!me.alone && !waiting_.empty() && !waiting_.front()->alone && group.size() < kMaxGroup);
  return group;
}

void CommitQueue::RunAlone(Member* me) {
  SetRunning(std::this_thread::get_id());
  me->exception = nullptr;
  try {
    me->status = store_->UpdateAlone(me->label, me->closure);
  } catch (...) {
    me->exception = std::current_exception();
  }
  absl::MutexLock lock(&mutex_);
  running_ = {};
  ++figures_.closures;
  ++figures_.commits;
  me->stage = Stage::kDone;
}

void CommitQueue::WriteTogether(Group* group) {
  Status status;
  for (;;) {  // again where the map had to grow
    StatusOr<kv::WriteTransaction> txn = store_->environment_->BeginWrite();
    status = txn.status();
    if (!status.ok()) break;
    const StatusOr<State> state = ReadState(*txn, store_->trees_.meta);
    status = state.status();
    if (!status.ok()) break;
    group->txn = &*txn;
    group->committed = state->sequence;
    group->turn = 0;
    group->ran = false;
    {
      absl::MutexLock lock(&mutex_);
      group_ = group;
    }
    RunTurn(group->members.front(), group);
    {
      absl::MutexLock lock(&mutex_);
      while (!group->ran) ran_.Wait(&mutex_);
    }
    const bool full = group->members[group->turn]->full;
    if (full) {
      txn->Abort();
    } else {
      status = txn->Commit();
      if (!kv::IsMapFull(status)) break;
    }
    status = store_->environment_->GrowMap();
    if (!status.ok()) break;
  }
  // A commit of which it is not known whether it was kept must not be run again.
  const Stage stage = status.ok() || absl::IsUnavailable(status) ? Stage::kDone : Stage::kAgainAlone;
  absl::MutexLock lock(&mutex_);
  if (stage == Stage::kDone) figures_.closures += group->members.size(), ++figures_.commits;
  for (Member* member : group->members) {
    if (!status.ok()) member->status = status, member->exception = nullptr;
    member->stage = stage;
    member->wake.Signal();
  }
}

// The one that has run wakes the next itself: a leader in between would be woken once more for each.
void CommitQueue::RunTurn(Member* me, Group* group) {
  RunNested(me, *group);
  absl::MutexLock lock(&mutex_);
  if (me->full || !group->txn->status().ok() || group->turn + 1 == group->members.size()) {
    group->ran = true;
    ran_.Signal();
    return;
  }
  Member* const next = group->members[++group->turn];
  next->stage = Stage::kTurn;
  next->wake.Signal();
}

void CommitQueue::RunNested(Member* me, const Group& group) {
  SetRunning(std::this_thread::get_id());
  me->full = false;
  me->exception = nullptr;
  me->status = [&]() -> Status {
    try {
      RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction nested, group.txn->BeginNested());
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction,
                              store_->MakeTransaction(std::move(nested), me->label, group.committed));
      Status status = me->closure(*transaction);
      me->full = transaction->met_full_map();
      if (status.ok() && !me->full) status = transaction->Commit();
      me->full |= kv::IsMapFull(status);
      return status;
    } catch (...) {
      me->exception = std::current_exception();
      return absl::OkStatus();
    }
  }();
  SetRunning({});
}

void CommitQueue::SetRunning(std::thread::id thread) {
  absl::MutexLock lock(&mutex_);
  running_ = thread;
}

bool CommitQueue::RunsOnThisThread() const {
  absl::MutexLock lock(&mutex_);
  return running_ == std::this_thread::get_id();
}

CommitQueue::Figures CommitQueue::figures() const {
  absl::MutexLock lock(&mutex_);
  Figures figures = figures_;
  figures.waiting = waiting_.size();
  return figures;
}

}  // namespace relata::store
