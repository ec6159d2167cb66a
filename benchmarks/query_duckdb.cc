// DuckDB as a query peer, through its C API: rows by the appender, dates and moments as its own types,
// statements prepared once, answers read chunk by chunk in its own vectors. It keeps no index here: its zone
// maps serve scans better, and its primary keys do not order. With one thread set, a question runs on the
// thread that asks it; two connections then run on two. Search is left out: its extension for it is not part
// of the library.
#include <duckdb.h>

#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {
namespace {

// The vectors of one chunk of an answer.
class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk chunk) : chunk_(chunk) {}
  idx_t size() const { return duckdb_data_chunk_get_size(chunk_); }
  template <class T>
  const T* Column(idx_t column) const {
    return static_cast<const T*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, column)));
  }

 private:
  duckdb_data_chunk chunk_;
};

std::string TextOf(duckdb_string_t text) {
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

// One open file, shared by the connections to it.
class Instance {
 public:
  Instance(const std::string& path, int threads) {
    duckdb_config config = nullptr;
    Require(duckdb_create_config(&config) == DuckDBSuccess, "duckdb_create_config");
    duckdb_set_config(config, "threads", std::to_string(threads).c_str());
    duckdb_set_config(config, "memory_limit", "6GB");
    char* message = nullptr;
    Require(duckdb_open_ext(path.c_str(), &db_, config, &message) == DuckDBSuccess,
            message == nullptr ? "duckdb_open" : message);
    duckdb_destroy_config(&config);
  }
  ~Instance() { duckdb_close(&db_); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  duckdb_database get() const { return db_; }

 private:
  duckdb_database db_ = nullptr;
};

class QueryDuckdb : public QueryPeer {
 public:
  explicit QueryDuckdb(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {
    Require(duckdb_connect(instance_->get(), &connection_) == DuckDBSuccess, "duckdb_connect");
  }
  ~QueryDuckdb() override {
    for (duckdb_prepared_statement* statement :
         {&scan_, &window_, &group_, &pyramid_, &page_, &deep_page_, &one_}) {
      duckdb_destroy_prepare(statement);
    }
    duckdb_disconnect(&connection_);
  }

  std::string_view name() const override { return "duckdb"; }
  bool Answers(Question question) const override {
    return question != Question::kTypeAhead && question != Question::kRankedAhead;
  }

  void Load(const Company& company) override {
    Run("create table relation(id bigint, number bigint, name varchar, folded varchar, legal_form varchar, "
        "kvk_number varchar, vat_number varchar, iban varchar, street varchar, house_number varchar, "
        "postcode "
        "varchar, city varchar, country varchar, phone varchar, email varchar, website varchar, language "
        "varchar, industry_code varchar, industry varchar, source varchar, acquired_on date, credit_limit "
        "bigint, payment_term_days integer, account_manager bigint)");
    Run("create table orders(id bigint, relation bigint, ordered_on date, total bigint, vat bigint, seller "
        "bigint, cancelled boolean)");
    Run("create table interaction(id bigint, relation bigint, moment timestamp, employee bigint, minutes "
        "integer, "
        "channel utinyint, outcome varchar, inbound boolean, subject varchar)");
    LoadRelations(company);
    LoadOrders(company);
    LoadInteractions(company);
    Run("checkpoint");
  }

  std::unique_ptr<QueryPeer> Beside() override { return std::make_unique<QueryDuckdb>(instance_); }

  void PrepareScans() override {
    const std::string quiet = "timestamp '" + Iso(kQuietSince) + " 00:00:00'";
    scan_ = Compile("select id from relation where industry_code='" + std::string(kScanIndustry) +
                    "' and acquired_on>=date '" + Iso(kScanAcquiredFrom) +
                    "' and credit_limit>=" + std::to_string(kScanCreditFrom) +
                    " and payment_term_days<=" + std::to_string(kScanTermUpTo));
    window_ =
        Compile("select o.relation from (select relation from orders where ordered_on>=date '" +
                Iso(kYearFrom) + "' group by relation having sum(total)>" + std::to_string(kWindowOver) +
                ") o join (select relation from interaction group by relation having max(moment)<" + quiet +
                ") i on o.relation=i.relation");
  }

  void Prepare(int64_t depth) override {
    PrepareScans();
    group_ = Compile(
        "select city, industry_code, count(*), sum(credit_limit)::bigint from relation group by 1, 2");
    pyramid_ = Compile(
        "with revenue as (select relation, sum(total)::bigint s from orders where ordered_on>=date '" +
        Iso(kYearFrom) + "' and ordered_on<date '" + Iso(kYearTo) +
        "' and not cancelled group by relation having s>0), ranked as (select s, row_number() over (order by "
        "s "
        "desc, relation) r, count(*) over () n from revenue) select count(*), sum(s)::bigint, min(s) from "
        "ranked group by case when r<=(n*100+9999)//10000 then 0 when r<=(n*500+9999)//10000 then 1 when "
        "r<=(n*2000+9999)//10000 then 2 else 3 end order by 3 desc");
    const std::string rich = " from relation where credit_limit>=" + std::to_string(kPageCreditFrom);
    const std::string in_order = " order by folded, id limit ";
    page_ = Compile("select id" + rich + in_order + std::to_string(kPageSize));
    std::string folded;
    int64_t id = 0;
    duckdb_prepared_statement place =
        Compile("select folded, id" + rich + in_order + "1 offset " + std::to_string(depth - 1));
    ForEachChunk(place, [&](const Chunk& chunk) {
      folded = TextOf(chunk.Column<duckdb_string_t>(0)[0]);
      id = chunk.Column<int64_t>(1)[0];
    });
    duckdb_destroy_prepare(&place);
    Require(id != 0, "too few relations for the deep page");
    deep_page_ = Compile("select id" + rich + " and (folded>$1 or (folded=$1 and id>$2))" + in_order +
                         std::to_string(kPageSize));
    duckdb_bind_varchar_length(deep_page_, 1, folded.data(), folded.size());
    duckdb_bind_int64(deep_page_, 2, id);
  }

  Ids Scan() override { return IdsOf(scan_); }
  Ids Window() override { return IdsOf(window_); }
  Ids Page(bool deep) override { return IdsOf(deep ? deep_page_ : page_); }

  std::vector<GroupRow> Group() override {
    std::vector<GroupRow> rows;
    ForEachChunk(group_, [&](const Chunk& chunk) {
      const auto* city = chunk.Column<duckdb_string_t>(0);
      const auto* industry = chunk.Column<duckdb_string_t>(1);
      const auto* count = chunk.Column<int64_t>(2);
      const auto* sum = chunk.Column<int64_t>(3);
      for (idx_t i = 0; i < chunk.size(); ++i) {
        rows.push_back({TextOf(city[i]), TextOf(industry[i]), count[i], sum[i]});
      }
    });
    return rows;
  }

  std::vector<ClassRow> Pyramid() override {
    std::vector<ClassRow> rows;
    ForEachChunk(pyramid_, [&](const Chunk& chunk) {
      for (idx_t i = 0; i < chunk.size(); ++i) {
        rows.push_back(
            {chunk.Column<int64_t>(0)[i], chunk.Column<int64_t>(1)[i], chunk.Column<int64_t>(2)[i]});
      }
    });
    return rows;
  }

  int64_t ReadOne(int64_t id) override {
    if (one_ == nullptr) one_ = Compile("select credit_limit from relation where id=$1");
    duckdb_bind_int64(one_, 1, id);
    const Ids found = IdsOf(one_);
    return found.empty() ? -1 : found.front();
  }

 private:
  void Run(const char* sql) {
    duckdb_result result;
    const duckdb_state state = duckdb_query(connection_, sql, &result);
    Require(state == DuckDBSuccess, state == DuckDBSuccess ? "" : duckdb_result_error(&result));
    duckdb_destroy_result(&result);
  }
  duckdb_prepared_statement Compile(const std::string& sql) {
    duckdb_prepared_statement statement = nullptr;
    const duckdb_state state = duckdb_prepare(connection_, sql.c_str(), &statement);
    Require(state == DuckDBSuccess, state == DuckDBSuccess ? "" : duckdb_prepare_error(statement));
    return statement;
  }
  template <class Visit>
  void ForEachChunk(duckdb_prepared_statement statement, Visit visit) {
    duckdb_result result;
    const duckdb_state state = duckdb_execute_prepared(statement, &result);
    Require(state == DuckDBSuccess, state == DuckDBSuccess ? "" : duckdb_result_error(&result));
    while (duckdb_data_chunk chunk = duckdb_fetch_chunk(result)) {
      visit(Chunk(chunk));
      duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
  }
  Ids IdsOf(duckdb_prepared_statement statement) {
    Ids ids;
    ForEachChunk(statement, [&](const Chunk& chunk) {
      const auto* values = chunk.Column<int64_t>(0);
      ids.insert(ids.end(), values, values + chunk.size());
    });
    return ids;
  }
  static void Append(duckdb_appender appender, std::string_view text) {
    duckdb_append_varchar_length(appender, text.data(), text.size());
  }
  duckdb_appender Appender(const char* table) {
    duckdb_appender appender = nullptr;
    Require(duckdb_appender_create(connection_, nullptr, table, &appender) == DuckDBSuccess, table);
    return appender;
  }
  static void EndRow(duckdb_appender appender) {
    Require(duckdb_appender_end_row(appender) == DuckDBSuccess, "duckdb_appender_end_row");
  }

  void LoadRelations(const Company& company) {
    duckdb_appender to = Appender("relation");
    company.ForEachRelation([&](const RelationRow& row) {
      duckdb_append_int64(to, row.id);
      duckdb_append_int64(to, row.number);
      for (const std::string_view text :
           {row.name, std::string_view(row.folded), row.legal_form, row.kvk_number, row.vat_number, row.iban,
            row.street, row.house_number, row.postcode, row.city, row.country, row.phone, row.email,
            row.website, row.language, row.industry_code, row.industry, row.source}) {
        Append(to, text);
      }
      duckdb_append_date(to, {row.acquired_on});
      duckdb_append_int64(to, row.credit_limit);
      duckdb_append_int32(to, row.payment_term_days);
      duckdb_append_int64(to, row.account_manager);
      EndRow(to);
    });
    duckdb_appender_destroy(&to);
  }
  void LoadOrders(const Company& company) {
    duckdb_appender to = Appender("orders");
    int64_t id = 0;
    for (const OrderRow& row : company.orders()) {
      duckdb_append_int64(to, ++id);
      duckdb_append_int64(to, row.relation);
      duckdb_append_date(to, {row.ordered_on});
      duckdb_append_int64(to, row.total);
      duckdb_append_int64(to, row.vat);
      duckdb_append_int64(to, row.seller);
      duckdb_append_bool(to, row.cancelled != 0);
      EndRow(to);
    }
    duckdb_appender_destroy(&to);
  }
  void LoadInteractions(const Company& company) {
    duckdb_appender to = Appender("interaction");
    int64_t id = 0;
    for (const InteractionRow& row : company.interactions()) {
      duckdb_append_int64(to, ++id);
      duckdb_append_int64(to, row.relation);
      duckdb_append_timestamp(to, {row.at * 1'000'000});
      duckdb_append_int64(to, row.employee);
      duckdb_append_int32(to, row.minutes);
      duckdb_append_uint8(to, row.channel);
      Append(to, Company::OutcomeText(row.outcome));
      duckdb_append_bool(to, row.inbound != 0);
      Append(to, Company::SubjectText(row.subject));
      EndRow(to);
    }
    duckdb_appender_destroy(&to);
  }

  std::shared_ptr<Instance> instance_;
  duckdb_connection connection_ = nullptr;
  duckdb_prepared_statement scan_ = nullptr, window_ = nullptr, group_ = nullptr, pyramid_ = nullptr,
                            page_ = nullptr, deep_page_ = nullptr, one_ = nullptr;
};

}  // namespace

std::unique_ptr<QueryPeer> MakeQueryDuckdb(const std::string& path, int threads) {
  return std::make_unique<QueryDuckdb>(std::make_shared<Instance>(path, threads));
}

std::string DuckdbVersion() { return duckdb_library_version(); }

}  // namespace benchmarks
