// Defines Reader: what can be asked of the store at one moment, inside a snapshot or a transaction.
//
// Thread safety: one thread at a time. Lifetime: that of the snapshot or transaction behind it; in a
// transaction, views die with its next write.
#ifndef RELATA_STORE_READER_H_
#define RELATA_STORE_READER_H_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/record.h"
#include "relata/record/row_view.h"
#include "relata/store/change.h"
#include "src/kv/cursor.h"
#include "src/kv/transaction.h"
#include "src/store/meta.h"
#include "src/store/schema_runtime.h"

namespace relata::store {

class Membership;

class Reader {
 public:
  const SchemaRuntime& schema() const { return *schema_; }
  const std::shared_ptr<const SchemaRuntime>& shared_schema() const { return schema_; }
  const kv::Transaction& kv() const { return *txn_; }
  // What `now()` means here, fixed at the beginning.
  Timestamp now() const { return now_; }
  // The last commit that is visible; in a transaction, the one before it.
  LogPosition position() const { return {state_.epoch, state_.sequence}; }
  // The last commit that is surely in the file. In a transaction that shares its commit, position() may be
  // later: the commits between are of its earlier members and share its fate.
  uint64_t committed_sequence() const { return committed_; }

  // The row; `*found` false where there is none. O(log n).
  Status Find(const TypeRuntime& type, RecordId id, RowView* row, bool* found) const;
  // The row; NotFound names type and id.
  StatusOr<RowView> Get(const TypeRuntime& type, RecordId id) const;
  StatusOr<bool> Exists(const TypeRuntime& type, RecordId id) const;
  // All live fields by name.
  StatusOr<Record> GetRecord(const TypeRuntime& type, RecordId id) const;
  StatusOr<Record> ToRecord(const TypeRuntime& type, RecordId id, const RowView& row) const;

  // The record with these values in a unique index, one cell per part. NotFound, or FailedPrecondition while
  // the index is being built.
  StatusOr<RecordId> FindUnique(const TypeRuntime& type, const IndexRuntime& index,
                                std::span<const Cell> values) const;
  // Records whose leading index parts equal these, in index order, at most `limit`. Long texts, whose keys
  // are cut, are compared with the rows.
  Status FindEqual(const TypeRuntime& type, const IndexRuntime& index, std::span<const Cell> values,
                   size_t limit, std::vector<RecordId>* ids) const;
  // Records of `referrer` whose reference field points to `target`, by id.
  Status FindReferrers(const TypeRuntime& referrer, const Field& field, RecordRef target,
                       std::vector<RecordId>* ids) const;
  // O(depth).
  StatusOr<uint64_t> CountRows(const TypeRuntime& type) const;
  bool verifies() const { return verify_; }
  kv::Tree history_tree() const { return history_; }

  // Who is in which segment here; nullptr until the owner says who knows. Not owned.
  Membership* membership() const { return membership_; }
  void set_membership(Membership* membership) { membership_ = membership; }

 protected:
  Reader(std::shared_ptr<const SchemaRuntime> schema, kv::Tree history, Timestamp now, State state,
         bool verify)
      : schema_(std::move(schema)),
        history_(history),
        now_(now),
        state_(state),
        committed_(state.sequence),
        verify_(verify) {}
  Reader(Reader&&) = default;
  Reader& operator=(Reader&&) = default;

  std::shared_ptr<const SchemaRuntime> schema_;
  kv::Tree history_;
  const kv::Transaction* txn_ = nullptr;  // set by who owns it
  Timestamp now_;
  State state_;
  uint64_t committed_;
  bool verify_ = true;
  Membership* membership_ = nullptr;
};

// Walks the rows of a type by id.
//   for (RowCursor at(reader, type); at.Valid(); at.Next()) use(at.id(), at.row());
//   RELATA_RETURN_IF_ERROR(at.status());
class RowCursor {
 public:
  RowCursor(const Reader& reader, const TypeRuntime& type, RecordId from = 1);

  bool Valid() const { return status_.ok() && cursor_.Valid(); }
  void Next();
  RecordId id() const { return id_; }
  const RowView& row() const { return row_; }
  // OK at the end; DataLoss where a row is damaged.
  const Status& status() const { return status_; }

 private:
  void Load();

  const TypeRuntime* type_;
  bool verify_;
  kv::Cursor cursor_;
  RecordId id_ = 0;
  RowView row_;
  Status status_;
};

}  // namespace relata::store

#endif  // RELATA_STORE_READER_H_
