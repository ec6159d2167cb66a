// relata as a peer: checksums on, bulk load, one snapshot held for all reads; commits on disk, threads share
// one database, which groups what they commit at the same time.
#include <algorithm>
#include <optional>

#include "benchmarks/expect.h"
#include "benchmarks/peer.h"
#include "relata/engine/maintenance.h"
#include "relata/query/object_cache.h"

namespace benchmarks {

namespace {

using relata::BulkLoad;
using relata::Database;
using relata::Id;
using relata::Snapshot;
using relata::StatusOr;
using relata::View;

class RelataPeer : public Peer {
 public:
  explicit RelataPeer(const std::string& path, uint64_t map_size = 0)
      : db_(Value(Database::Open(path, {.map_size = map_size}))) {
    Require(db_.Register<Row>().ok(), "register");
  }
  std::string_view name() const override { return "relata"; }

  void Load(std::span<const Row> rows) override {
    BulkLoad load = Value(BulkLoad::Begin(&db_, {"row"}));
    for (const Row& row : rows) Value(load.Insert(row));
    Require(load.Finish().ok(), "finish");
  }

  int64_t ReadById(std::span<const uint64_t> ids) override {
    const Snapshot now = Value(db_.Read());
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const StatusOr<View<Row>> row = now.Get(Id<Row>(id));
      Require(row.ok(), "row");
      sum += row->Get<&Row::credit_limit>().minor;
    }
    return sum;
  }

  int64_t ReadByNumber(std::span<const int64_t> numbers) override {
    const Snapshot now = Value(db_.Read());
    int64_t sum = 0;
    for (const int64_t number : numbers) {
      const StatusOr<View<Row>> row = now.FindBy<&Row::number>(number);
      Require(row.ok(), "number");
      sum += row->Get<&Row::credit_limit>().minor;
    }
    return sum;
  }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    const Snapshot now = Value(db_.Read());
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const StatusOr<Row> row = now.Load(Id<Row>(id));
      Require(row.ok(), "row");
      sum += Touched(*row);
    }
    return sum;
  }

  // With an object cache that holds a tenth of the rows.
  int64_t ReadSkewed(std::span<const uint64_t> ids) override {
    const Snapshot now = Value(db_.Read());
    if (!hot_.has_value()) hot_.emplace(std::max<size_t>(1, Value(now.Count<Row>()) / 10));
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const auto row = hot_->Get(now, Id<Row>(id));
      Require(row.ok(), "row");
      sum += Touched(**row);
    }
    return sum;
  }

  double LogBytes() override { return static_cast<double>(Value(relata::StatsOf(db_)).log_bytes); }

  std::function<void(const Row&)> Committer() override {
    return [this](const Row& row) {
      Value(db_.Update([&](relata::Transaction& tx) { return tx.Insert(row); }));
    };
  }

 protected:
  static int64_t Touched(const Row& row) {
    int64_t sum = row.credit_limit.minor;
    for (const std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone, &row.email,
                                    &row.kvk_number, &row.industry}) {
      sum += static_cast<int64_t>(text->size());
    }
    return sum;
  }

  Database db_;
  std::optional<relata::ObjectCache<Row>> hot_;
};

class RecordPeer : public RelataPeer {
 public:
  using RelataPeer::RelataPeer;
  std::string_view name() const override { return "record"; }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    const Snapshot now = Value(db_.Read());
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const relata::Record record = Value(now.Get("row", id));
      sum += record.Find("credit_limit")->As<relata::Money>()->minor;
      for (const std::string_view field :
           {"name", "street", "postcode", "city", "phone", "email", "kvk_number", "industry"}) {
        sum += static_cast<int64_t>(record.Find(field)->As<std::string>()->size());
      }
    }
    return sum;
  }
};

}  // namespace

std::unique_ptr<Peer> MakeRelataDynamic(const std::string& path) {
  return std::make_unique<RecordPeer>(path);
}
std::unique_ptr<Peer> MakeRelata(const std::string& path, uint64_t map_size) {
  return std::make_unique<RelataPeer>(path, map_size);
}

}  // namespace benchmarks
