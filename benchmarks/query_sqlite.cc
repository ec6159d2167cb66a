// SQLite as a query peer: a 256 MiB page cache, memory-mapped reads, a connection without a mutex, statements
// prepared once, one read transaction held throughout. The load is one transaction of prepared inserts,
// indexes made afterwards, ANALYZE at the end; in the rollback mode, which writes new pages once where WAL
// writes them twice, and with a second thread for sorting. WAL and full sync from then on.
//
// Indexes: those of relata's CRM model on the same columns, and two covering ones for the questions: orders
// by (relation, date) with the total, interactions by (relation, moment). Order of names and search use a
// column with the folded name, since SQLite folds ASCII only. FTS5 keeps prefixes of one, two and three
// letters and no copy of the text.
#include <sqlite3.h>

#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {
namespace {

class QuerySqlite : public QueryPeer {
 public:
  explicit QuerySqlite(const std::string& path) : path_(path) {
    Require(
        sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) == SQLITE_OK,
        "sqlite3_open");
    Run("pragma synchronous=full; pragma cache_size=-262144; pragma mmap_size=17179869184;"
        "pragma temp_store=memory;");
  }
  ~QuerySqlite() override {
    for (sqlite3_stmt* statement :
         {scan_, window_, group_, pyramid_, page_, deep_page_, ahead_, ranked_, one_}) {
      sqlite3_finalize(statement);
    }
    sqlite3_close(db_);
  }

  std::string_view name() const override { return "sqlite"; }
  bool Answers(Question) const override { return true; }

  void Load(const Company& company) override {
    Run("pragma threads=1; create table relation(id integer primary key, number integer, name text, folded "
        "text, legal_form "
        "text, kvk_number text, vat_number text, iban text, street text, house_number text, postcode text, "
        "city text, country text, phone text, email text, website text, language text, industry_code text, "
        "industry text, source text, acquired_on integer, credit_limit integer, payment_term_days integer, "
        "account_manager integer);"
        "create table orders(id integer primary key, relation integer, ordered_on integer, total integer, "
        "vat "
        "integer, seller integer, cancelled integer);"
        "create table interaction(id integer primary key, relation integer, at integer, employee integer, "
        "minutes integer, channel integer, outcome text, inbound integer, subject text);"
        "create virtual table words using fts5(name, content='', prefix='1 2 3', "
        "tokenize='unicode61 remove_diacritics 2');"
        "begin");
    LoadRelations(company);
    LoadOrders(company);
    LoadInteractions(company);
    Run("create unique index by_number on relation(number); create index by_folded on relation(folded);"
        "create index by_city on relation(city); create index by_postcode on relation(postcode);"
        "create index by_email on relation(email); create index by_kvk on relation(kvk_number);"
        "create index by_manager on relation(account_manager);"
        "create index orders_of on orders(relation, ordered_on, total, cancelled);"
        "create index by_date on orders(ordered_on); create index by_seller on orders(seller);"
        "create index interactions_of on interaction(relation, at); create index by_at on interaction(at);"
        "create index by_employee on interaction(employee);"
        "insert into words(words) values('optimize'); commit; analyze;"
        "pragma journal_mode=wal");  // stays in the file
  }

  std::unique_ptr<QueryPeer> Beside() override { return std::make_unique<QuerySqlite>(path_); }

  void PrepareScans() override {
    Run("begin");
    scan_ = Compile(
        "select id from relation where industry_code=? and acquired_on>=? and credit_limit>=? and "
        "payment_term_days<=?");
    BindText(scan_, 1, kScanIndustry);
    Bind(scan_, 2, kScanAcquiredFrom.days);
    Bind(scan_, 3, kScanCreditFrom);
    Bind(scan_, 4, kScanTermUpTo);
    window_ = Compile(
        "select relation from orders where ordered_on>=? group by relation having sum(total)>? "
        "and (select max(at) from interaction i where i.relation=orders.relation)<?");
    Bind(window_, 1, kYearFrom.days);
    Bind(window_, 2, kWindowOver);
    Bind(window_, 3, int64_t{kQuietSince.days} * 86'400);
  }

  void Prepare(int64_t depth) override {
    PrepareScans();
    group_ = Compile("select city, industry_code, count(*), sum(credit_limit) from relation group by 1, 2");
    pyramid_ = Compile(
        "with revenue as (select relation, sum(total) s from orders indexed by orders_of where ordered_on>=? "
        "and ordered_on<? and cancelled=0 group by relation having s>0), ranked as (select s, row_number() "
        "over (order by s desc, relation) r, count(*) over () n from revenue) "
        "select count(*), sum(s), min(s) from ranked group by case when r<=(n*100+9999)/10000 then 0 when "
        "r<=(n*500+9999)/10000 then 1 when r<=(n*2000+9999)/10000 then 2 else 3 end order by 3 desc");
    Bind(pyramid_, 1, kYearFrom.days);
    Bind(pyramid_, 2, kYearTo.days);
    page_ = Compile("select id from relation where credit_limit>=? order by folded, id limit ?");
    Bind(page_, 1, kPageCreditFrom);
    Bind(page_, 2, kPageSize);
    deep_page_ = Compile(
        "select id from relation where credit_limit>=? and (folded, id)>(?, ?) order by "
        "folded, id limit ?");
    Bind(deep_page_, 1, kPageCreditFrom);
    Bind(deep_page_, 4, kPageSize);
    sqlite3_stmt* place =
        Compile("select folded, id from relation where credit_limit>=? order by folded, id limit 1 offset ?");
    Bind(place, 1, kPageCreditFrom);
    Bind(place, 2, depth - 1);
    Require(sqlite3_step(place) == SQLITE_ROW, "too few relations for the deep page");
    sqlite3_bind_value(deep_page_, 2, sqlite3_column_value(place, 0));
    sqlite3_bind_value(deep_page_, 3, sqlite3_column_value(place, 1));
    sqlite3_finalize(place);
    ahead_ = Compile("select rowid from words where words match ? limit 10");
    ranked_ = Compile("select rowid from words where words match ? order by rank limit 10");
  }

  Ids Scan() override { return IdsOf(scan_); }
  Ids Window() override { return IdsOf(window_); }
  Ids Page(bool deep) override { return IdsOf(deep ? deep_page_ : page_); }

  std::vector<GroupRow> Group() override {
    std::vector<GroupRow> rows;
    while (Step(group_)) {
      rows.push_back({TextAt(group_, 0), TextAt(group_, 1), sqlite3_column_int64(group_, 2),
                      sqlite3_column_int64(group_, 3)});
    }
    return rows;
  }
  std::vector<ClassRow> Pyramid() override {
    std::vector<ClassRow> rows;
    while (Step(pyramid_)) {
      rows.push_back({sqlite3_column_int64(pyramid_, 0), sqlite3_column_int64(pyramid_, 1),
                      sqlite3_column_int64(pyramid_, 2)});
    }
    return rows;
  }
  Ids TypeAhead(std::string_view word, std::string_view prefix) override {
    match_.clear();
    AppendQuoted(word);
    match_ += ' ';
    AppendQuoted(prefix);
    match_ += '*';
    BindText(ahead_, 1, match_);
    return IdsOf(ahead_);
  }
  Ids RankedAhead(std::string_view prefix) override {
    match_.clear();
    AppendQuoted(prefix);
    match_ += '*';
    BindText(ranked_, 1, match_);
    return IdsOf(ranked_);
  }
  int64_t ReadOne(int64_t id) override {
    if (one_ == nullptr) one_ = Compile("select credit_limit from relation where id=?");
    Bind(one_, 1, id);
    const Ids found = IdsOf(one_);
    return found.empty() ? -1 : found.front();
  }

 private:
  void Run(const char* sql) {
    Require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }
  sqlite3_stmt* Compile(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    Require(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
    return statement;
  }
  static void Bind(sqlite3_stmt* statement, int at, int64_t value) {
    sqlite3_bind_int64(statement, at, value);
  }
  // The text must stay until the statement has run.
  static void BindText(sqlite3_stmt* statement, int at, std::string_view text) {
    sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  // False, and the statement ready to run again, after the last row.
  bool Step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    Require(code == SQLITE_DONE, sqlite3_errmsg(db_));
    sqlite3_reset(statement);
    return false;
  }
  Ids IdsOf(sqlite3_stmt* statement) {
    Ids ids;
    while (Step(statement)) ids.push_back(sqlite3_column_int64(statement, 0));
    return ids;
  }
  static std::string TextAt(sqlite3_stmt* statement, int column) {
    return {reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
            static_cast<size_t>(sqlite3_column_bytes(statement, column))};
  }

  void AppendQuoted(std::string_view word) {
    match_ += '"';
    match_.append(word);
    match_ += '"';
  }

  void LoadRelations(const Company& company) {
    sqlite3_stmt* insert =
        Compile("insert into relation values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    sqlite3_stmt* words = Compile("insert into words(rowid, name) values(?,?)");
    company.ForEachRelation([&](const RelationRow& row) {
      Bind(insert, 1, row.id);
      Bind(insert, 2, row.number);
      int at = 3;
      for (const std::string_view text :
           {row.name, std::string_view(row.folded), row.legal_form, row.kvk_number, row.vat_number, row.iban,
            row.street, row.house_number, row.postcode, row.city, row.country, row.phone, row.email,
            row.website, row.language, row.industry_code, row.industry, row.source}) {
        BindText(insert, at++, text);
      }
      Bind(insert, 21, row.acquired_on);
      Bind(insert, 22, row.credit_limit);
      Bind(insert, 23, row.payment_term_days);
      Bind(insert, 24, row.account_manager);
      Step(insert);
      Bind(words, 1, row.id);
      BindText(words, 2, row.folded);
      Step(words);
    });
    sqlite3_finalize(insert);
    sqlite3_finalize(words);
  }
  void LoadOrders(const Company& company) {
    sqlite3_stmt* insert = Compile("insert into orders values(?,?,?,?,?,?,?)");
    int64_t id = 0;
    for (const OrderRow& row : company.orders()) {
      Bind(insert, 1, ++id);
      Bind(insert, 2, row.relation);
      Bind(insert, 3, row.ordered_on);
      Bind(insert, 4, row.total);
      Bind(insert, 5, row.vat);
      Bind(insert, 6, row.seller);
      Bind(insert, 7, row.cancelled);
      Step(insert);
    }
    sqlite3_finalize(insert);
  }
  void LoadInteractions(const Company& company) {
    sqlite3_stmt* insert = Compile("insert into interaction values(?,?,?,?,?,?,?,?,?)");
    int64_t id = 0;
    for (const InteractionRow& row : company.interactions()) {
      Bind(insert, 1, ++id);
      Bind(insert, 2, row.relation);
      Bind(insert, 3, row.at);
      Bind(insert, 4, row.employee);
      Bind(insert, 5, row.minutes);
      Bind(insert, 6, row.channel);
      BindText(insert, 7, Company::OutcomeText(row.outcome));
      Bind(insert, 8, row.inbound);
      BindText(insert, 9, Company::SubjectText(row.subject));
      Step(insert);
    }
    sqlite3_finalize(insert);
  }

  std::string path_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt *scan_ = nullptr, *window_ = nullptr, *group_ = nullptr, *pyramid_ = nullptr, *page_ = nullptr,
               *deep_page_ = nullptr, *ahead_ = nullptr, *ranked_ = nullptr, *one_ = nullptr;
  std::string match_;
};

}  // namespace

std::unique_ptr<QueryPeer> MakeQuerySqlite(const std::string& path) {
  return std::make_unique<QuerySqlite>(path);
}

std::string SqliteVersion() { return sqlite3_libversion(); }

}  // namespace benchmarks
