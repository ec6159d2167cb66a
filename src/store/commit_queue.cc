// Lets one thread at a time lead the writers that wait.
#include "src/store/commit_queue.h"

#include <memory>
#include <utility>

#include "src/kv/error.h"
#include "src/store/store.h"

namespace relata::store {

namespace {

constexpr size_t kMaxGroup = 64;

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
        kv::WriteTransaction* group = group_;
        const uint64_t committed = committed_;
        mutex_.Unlock();
        RunNested(&me, group, committed);
        mutex_.Lock();
        me.stage = Stage::kRan;
        ran_.Signal();
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
  if (led_) return;
  led_ = true;
  me->stage = Stage::kLead;
}

void CommitQueue::Lead(Member* me) {
  std::vector<Member*> group;
  {
    absl::MutexLock lock(&mutex_);
    // The one that leads is the first that waits.
    do {
      group.push_back(waiting_.front());
      waiting_.pop_front();
    } while (!me->alone && !waiting_.empty() && !waiting_.front()->alone && group.size() < kMaxGroup);
  }
  if (group.size() == 1) {
    RunAlone(me);
  } else {
    WriteTogether(group);
  }
  absl::MutexLock lock(&mutex_);
  if (waiting_.empty()) {
    led_ = false;
  } else {
    waiting_.front()->stage = Stage::kLead;
    waiting_.front()->wake.Signal();
  }
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

void CommitQueue::WriteTogether(const std::vector<Member*>& group) {
  Status status;
  for (;;) {  // again where the map had to grow
    StatusOr<kv::WriteTransaction> txn = store_->environment_->BeginWrite();
    status = txn.status();
    if (!status.ok()) break;
    const StatusOr<State> state = ReadState(*txn, store_->trees_.meta);
    status = state.status();
    if (!status.ok()) break;
    bool full = false;
    for (Member* member : group) {
      if (member == group.front()) {
        RunNested(member, &*txn, state->sequence);
      } else {
        absl::MutexLock lock(&mutex_);
        group_ = &*txn;
        committed_ = state->sequence;
        member->stage = Stage::kTurn;
        member->wake.Signal();
        while (member->stage != Stage::kRan) ran_.Wait(&mutex_);
      }
      full = member->full;
      if (full || !txn->status().ok()) break;
    }
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
  if (stage == Stage::kDone) figures_.closures += group.size(), ++figures_.commits;
  for (Member* member : group) {
    if (!status.ok()) member->status = status, member->exception = nullptr;
    member->stage = stage;
    member->wake.Signal();
  }
}

void CommitQueue::RunNested(Member* me, kv::WriteTransaction* group, uint64_t committed) {
  SetRunning(std::this_thread::get_id());
  me->full = false;
  me->exception = nullptr;
  me->status = [&]() -> Status {
    try {
      RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction nested, group->BeginNested());
      RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction,
                              store_->MakeTransaction(std::move(nested), me->label, committed));
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
