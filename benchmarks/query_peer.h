// Defines QueryPeer, an engine that the query benchmarks ask, and the questions it is asked.
//
// Every peer holds the same Company. A question it has no way to answer it declines in Answers, and the
// benchmark leaves it out there. Each uses its best ordinary settings and indexes, written down at the top of
// its query_*.cc. Thread safety: one thread; another has a peer of its own, see Beside.
#ifndef RELATA_BENCHMARKS_QUERY_PEER_H_
#define RELATA_BENCHMARKS_QUERY_PEER_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/company.h"

namespace benchmarks {

enum class Question {
  kScan,        // four conditions on relations, none indexed: their ids
  kWindow,      // orders summed over the last year and the last contact: ids of relations
  kGroup,       // relations by city and industry: how many, and their credit limits summed
  kPyramid,     // customers of the last year in classes of 1, 4, 15 and 80 %
  kPage,        // fifty relations in order of name, filtered, first or deep
  kTypeAhead,   // ten relations with a whole word and the beginning of another in their name
  kRankedAhead  // the ten best for the beginning of a word
};

// The constants of the questions. The window is the year before the sample company's today, which is also
// what relata's clock says while it is loaded and asked.
inline constexpr std::string_view kScanIndustry = "56101";  // restaurants, the most frequent
inline constexpr sample_company::Date kScanAcquiredFrom = sample_company::FromCivil(2020, 1, 1);
inline constexpr int64_t kScanCreditFrom = 500'000;  // cents
inline constexpr int32_t kScanTermUpTo = 30;
inline constexpr sample_company::Date kYearFrom = sample_company::FromCivil(2025, 6, 30);
inline constexpr sample_company::Date kYearTo = sample_company::FromCivil(2026, 6, 30);
inline constexpr int64_t kWindowOver = 1'000'000;  // cents
inline constexpr sample_company::Date kQuietSince = sample_company::FromCivil(2026, 4, 1);
inline constexpr int64_t kPageCreditFrom = 750'000;
inline constexpr int64_t kPageSize = 50;

using Ids = std::vector<int64_t>;

struct GroupRow {
  std::string city;
  std::string industry_code;
  int64_t count = 0;
  int64_t credit_limit = 0;
  auto operator<=>(const GroupRow&) const = default;
};

// One class of the pyramid, from the top; amounts in cents.
struct ClassRow {
  int64_t customers = 0;
  int64_t total = 0;
  int64_t smallest = 0;
  auto operator<=>(const ClassRow&) const = default;
};

class QueryPeer {
 public:
  virtual ~QueryPeer() = default;
  virtual std::string_view name() const = 0;
  virtual bool Answers(Question question) const = 0;

  // All rows and indexes, durable at the end. Called once, on an empty file.
  virtual void Load(const Company& company) = 0;
  // Once before the questions: statements are prepared, and the place of the deep page is looked up, `depth`
  // rows below the first.
  virtual void Prepare(int64_t depth) = 0;
  // What of it Scan and Window need, for a process that asks nothing else.
  virtual void PrepareScans() {}
  // Another peer over the same database, not prepared, for another thread; null where there is none.
  virtual std::unique_ptr<QueryPeer> Beside() { return nullptr; }

  virtual Ids Scan() { return {}; }
  virtual Ids Window() { return {}; }
  virtual std::vector<GroupRow> Group() { return {}; }
  virtual std::vector<ClassRow> Pyramid() { return {}; }
  virtual Ids Page(bool /*deep*/) { return {}; }
  // The words are folded.
  virtual Ids TypeAhead(std::string_view /*word*/, std::string_view /*prefix*/) { return {}; }
  virtual Ids RankedAhead(std::string_view /*prefix*/) { return {}; }
  // The credit limit of this relation.
  virtual int64_t ReadOne(int64_t /*id*/) { return -1; }
};

// A peer over the file at `path`, made if it is not there. `threads`: how many it may use for one question.
// `map_size`: bytes of address space to reserve, for valgrind, which has little; 0: as usual.
std::unique_ptr<QueryPeer> MakeQueryRelata(const std::string& path, uint64_t map_size = 0);
std::unique_ptr<QueryPeer> MakeQuerySqlite(const std::string& path);
std::unique_ptr<QueryPeer> MakeQueryDuckdb(const std::string& path, int threads);  // null: not built in
// These hold no file: filled from the company whenever they are made.
std::unique_ptr<QueryPeer> MakeQueryArrays(const Company& company);
std::unique_ptr<QueryPeer> MakeQueryMemory(const Company& company);

// The versions of the peers' libraries, for the record.
std::string SqliteVersion();
std::string DuckdbVersion();  // empty: not built in

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_QUERY_PEER_H_
