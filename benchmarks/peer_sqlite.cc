// SQLite as a peer: WAL with full sync, a 256 MiB page cache, memory-mapped reads, connections without a
// mutex, statements prepared once, one read transaction held for all reads. The load is one transaction of
// prepared inserts with the indexes made afterwards, in the rollback mode, which writes new pages once where
// WAL writes them twice, and with a second thread for sorting. A thread has a connection of its own; those
// that commit take turns by a mutex, since SQLite's own waiting sleeps.
#include <sqlite3.h>

#include <mutex>

#include "benchmarks/peer.h"

namespace benchmarks {

namespace {

class SqlitePeer : public Peer {
 public:
  explicit SqlitePeer(const std::string& path) {
    path_ = path;
    Require(
        sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) == SQLITE_OK,
        "sqlite3_open");
    sqlite3_busy_timeout(db_, 60'000);
    Run("pragma synchronous=full; pragma cache_size=-262144; pragma mmap_size=17179869184;"
        "pragma temp_store=memory; pragma threads=1");
    Run("create table if not exists r(id integer primary key, number integer, name text, street text, "
        "postcode text, "
        "city text, phone text, email text, kvk_number text, industry text, credit_limit integer, "
        "acquired_on integer)");
  }
  ~SqlitePeer() override {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }
  std::string_view name() const override { return "sqlite"; }

  void Load(std::span<const Row> rows) override {
    Run("begin");
    sqlite3_stmt* insert = Prepare(kInsert);
    int64_t id = 0;
    for (const Row& row : rows) Insert(insert, ++id, row);
    sqlite3_finalize(insert);
    Run("create unique index by_number on r(number); create index by_name on r(name); create index by_city "
        "on r(city); "
        "create index by_industry on r(industry); create index by_acquired on r(acquired_on); commit;");
    Run("pragma journal_mode=wal");  // stays in the file
  }

  int64_t ReadById(std::span<const uint64_t> ids) override {
    return Sum("select credit_limit from r where id=?", ids);
  }
  int64_t ReadByNumber(std::span<const int64_t> numbers) override {
    return Sum("select credit_limit from r where number=?", numbers);
  }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    Run("begin");
    sqlite3_stmt* query = Prepare("select * from r where id=?");
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      sqlite3_bind_int64(query, 1, static_cast<int64_t>(id));
      Require(sqlite3_step(query) == SQLITE_ROW, sqlite3_errmsg(db_));
      Row row;
      row.number = sqlite3_column_int64(query, 1);
      int at = 2;
      for (std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone, &row.email,
                                &row.kvk_number, &row.industry}) {
        text->assign(reinterpret_cast<const char*>(sqlite3_column_text(query, at)),
                     static_cast<size_t>(sqlite3_column_bytes(query, at)));
        ++at;
        sum += static_cast<int64_t>(text->size());
      }
      row.credit_limit.minor = sqlite3_column_int64(query, 10);
      row.acquired_on.days = sqlite3_column_int(query, 11);
      sum += row.credit_limit.minor;
      sqlite3_reset(query);
    }
    sqlite3_finalize(query);
    Run("commit");
    return sum;
  }

  std::function<int64_t(std::span<const uint64_t>)> Reader() override {
    return [own = std::make_shared<SqlitePeer>(path_)](std::span<const uint64_t> ids) {
      return own->ReadById(ids);
    };
  }
  std::function<void(const Row&)> Committer() override {
    return [this, own = std::make_shared<SqlitePeer>(path_)](const Row& row) {
      const std::lock_guard lock(turn_);
      own->Commit(row);
    };
  }

 private:
  static constexpr const char* kInsert = "insert into r values(?,?,?,?,?,?,?,?,?,?,?,?)";

  void Commit(const Row& row) {
    if (insert_ == nullptr) insert_ = Prepare(kInsert);
    Run("begin immediate");
    Insert(insert_, 0, row);
    Run("commit");
  }
  // Under the next id if `id` is 0.
  void Insert(sqlite3_stmt* insert, int64_t id, const Row& row) {
    id == 0 ? sqlite3_bind_null(insert, 1) : sqlite3_bind_int64(insert, 1, id);
    sqlite3_bind_int64(insert, 2, row.number);
    int at = 3;
    for (const std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone, &row.email,
                                    &row.kvk_number, &row.industry}) {
      sqlite3_bind_text(insert, at++, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
    }
    sqlite3_bind_int64(insert, 11, row.credit_limit.minor);
    sqlite3_bind_int64(insert, 12, row.acquired_on.days);
    Require(sqlite3_step(insert) == SQLITE_DONE, sqlite3_errmsg(db_));
    sqlite3_reset(insert);
  }
  void Run(const char* sql) {
    Require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }
  sqlite3_stmt* Prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    Require(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
    return statement;
  }
  template <class T>
  int64_t Sum(const char* sql, std::span<const T> keys) {
    Run("begin");
    sqlite3_stmt* query = Prepare(sql);
    int64_t sum = 0;
    for (const T key : keys) {
      sqlite3_bind_int64(query, 1, static_cast<int64_t>(key));
      Require(sqlite3_step(query) == SQLITE_ROW, sqlite3_errmsg(db_));
      sum += sqlite3_column_int64(query, 0);
      sqlite3_reset(query);
    }
    sqlite3_finalize(query);
    Run("commit");
    return sum;
  }

  std::string path_;
  std::mutex turn_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> MakeSqlite(const std::string& path) { return std::make_unique<SqlitePeer>(path); }

}  // namespace benchmarks
