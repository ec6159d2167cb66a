// Keeps a transaction's counters and savepoints, and writes what its commit comes to.
#include <algorithm>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "src/kv/error.h"
#include "src/store/change_log.h"
#include "src/store/transaction.h"

namespace relata::store {

StatusOr<uint64_t> Transaction::NextCount(const std::string& key) {
  auto [at, fresh] = counters_.try_emplace(key, 0);
  if (fresh) {
    StatusOr<uint64_t> next = ReadCounter(*txn_, context_.trees.meta, key);
    if (!next.ok()) {
      counters_.erase(at);
      return next.status();
    }
    at->second = *next;
  }
  return at->second++;
}

StatusOr<RecordId> Transaction::NextId(EntityTypeId type) {
  if (next_ids_.size() <= type) next_ids_.resize(size_t{type} + 1, 0);
  RecordId& next = next_ids_[type];
  if (next == 0) {
    RELATA_ASSIGN_OR_RETURN(next, ReadCounter(*txn_, context_.trees.meta, NextIdKey(type)));
  }
  return next++;
}

StatusOr<uint64_t> Transaction::NextInSequence(std::string_view name) {
  touched_ = true;
  return NextCount(SequenceKey(name));
}

Status Transaction::AdvanceTo(Timestamp now) {
  if (now <= now_) return absl::OkStatus();
  touched_ = true;
  now_ = now;
  return absl::OkStatus();
}

Status Transaction::WriteCatalogue(const schema::Catalogue& catalogue) {
  touched_ = true;
  written_catalogue_ = std::make_unique<schema::Catalogue>(catalogue);
  return store::WriteCatalogue(kv_write(), context_.trees.meta, catalogue.version(), catalogue.Encode());
}

Status Transaction::BeginSavepoint() {
  RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction nested, kv_write()->BeginNested());
  txns_.push_back(std::make_unique<kv::WriteTransaction>(std::move(nested)));
  txn_ = txns_.back().get();
  savepoints_.push_back({.log_mark = log_.mark(),
                         .hook_mark = hook_session_ == nullptr ? 0 : hook_session_->Mark(),
                         .counters = counters_,
                         .next_ids = next_ids_});
  return absl::OkStatus();
}

Status Transaction::ReleaseSavepoint() {
  const Status status = txns_.back()->Commit();
  met_full_map_ |= kv::IsMapFull(status);
  txns_.pop_back();
  txn_ = txns_.back().get();
  savepoints_.pop_back();
  return status;
}

bool Transaction::met_full_map() const { return met_full_map_ || (open() && kv::IsMapFull(txn_->status())); }

void Transaction::RollBackToSavepoint() {
  met_full_map_ |= kv::IsMapFull(txns_.back()->status());
  txns_.back()->Abort();
  txns_.pop_back();
  txn_ = txns_.back().get();
  log_.RollBackTo(savepoints_.back().log_mark);
  if (hook_session_ != nullptr) hook_session_->RollBackTo(savepoints_.back().hook_mark);
  counters_ = std::move(savepoints_.back().counters);
  next_ids_ = std::move(savepoints_.back().next_ids);
  savepoints_.pop_back();
}

StatusOr<std::vector<RawChange>> Transaction::LoggedChanges() const {
  return log_.Changes([this](EntityTypeId id) { return schema_->catalogue().Find(id); });
}

StatusOr<CommitHook::Session*> Transaction::HookSession() {
  if (hook_session_ == nullptr && context_.hook != nullptr) {
    RELATA_ASSIGN_OR_RETURN(hook_session_, context_.hook->Begin(this));
  }
  return hook_session_.get();
}

Status Transaction::TellHook(const TypeRuntime& type, ChangeKind kind, RecordId id,
                             std::span<const FormerCell> former) {
  if (context_.hook == nullptr || bulk_) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(CommitHook::Session * session, HookSession());
  return session->BeforeWrite(this, type, kind, id, former);
}

Status Transaction::Commit() {
  while (savepoints() > 0) RELATA_RETURN_IF_ERROR(ReleaseSavepoint());
  kv::WriteTransaction* txn = kv_write();
  if (changed()) {
    std::string segments;
    RELATA_ASSIGN_OR_RETURN(CommitHook::Session * session, HookSession());
    if (session != nullptr) {
      RELATA_ASSIGN_OR_RETURN(segments, session->BeforeCommit(this));
    }
    if (!segments.empty()) {
      // From its first section on the log is kept as far back as the checkpoint needs it.
      RELATA_ASSIGN_OR_RETURN(const auto checkpoint, ReadSegmentsCheckpoint(*txn, context_.trees.meta));
      if (!checkpoint) {
        RELATA_RETURN_IF_ERROR(WriteSegmentsCheckpoint(txn, context_.trees.meta, state_.sequence));
      }
    }
    for (const auto& [key, next] : counters_) {
      RELATA_RETURN_IF_ERROR(WriteCounter(txn, context_.trees.meta, key, next));
    }
    for (size_t type = 0; type < next_ids_.size(); ++type) {
      if (next_ids_[type] == 0) continue;
      RELATA_RETURN_IF_ERROR(WriteCounter(txn, context_.trees.meta,
                                          NextIdKey(static_cast<EntityTypeId>(type)), next_ids_[type]));
    }
    const uint64_t sequence = state_.sequence + 1;
    RELATA_RETURN_IF_ERROR(txn->Append(context_.trees.log, kv::IdKey(sequence),
                                       log_.Finish(sequence, now_, principal_, cause_, segments)));
    state_.sequence = sequence;
    state_.last_now = std::max(state_.last_now, now_);
    RELATA_RETURN_IF_ERROR(WriteState(txn, context_.trees.meta, state_));
    if (const uint64_t retention = context_.options->log_retention; retention != 0) {
      RELATA_RETURN_IF_ERROR(CutLog(txn, context_.trees, state_, retention));
    }
  }
  const Status status = txn->Commit();
  txns_.clear();
  return status;
}

}  // namespace relata::store
