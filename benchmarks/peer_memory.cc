// Boost.MultiIndex as a peer, the ceiling without a disk: the rows in one container in memory, hashed by id
// and by number, ordered by name, city, industry and acquired_on. Nothing is durable, checked or kept for a
// snapshot; a whole struct is read where it lies, not copied. Reads on several threads share it, since nobody
// writes.
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>

#include "benchmarks/peer.h"

namespace benchmarks {

namespace {

namespace mi = boost::multi_index;

struct IdOf {
  using result_type = uint64_t;
  uint64_t operator()(const Row& row) const { return row.id.value; }
};
struct AcquiredOn {
  using result_type = int32_t;
  int32_t operator()(const Row& row) const { return row.acquired_on.days; }
};

using Table = mi::multi_index_container<
    Row, mi::indexed_by<mi::hashed_unique<IdOf>, mi::hashed_unique<mi::member<Row, int64_t, &Row::number>>,
                        mi::ordered_non_unique<mi::member<Row, std::string, &Row::name>>,
                        mi::ordered_non_unique<mi::member<Row, std::string, &Row::city>>,
                        mi::ordered_non_unique<mi::member<Row, std::string, &Row::industry>>,
                        mi::ordered_non_unique<AcquiredOn>>>;

class MemoryPeer : public Peer {
 public:
  std::string_view name() const override { return "memory"; }

  void Load(std::span<const Row> rows) override {
    rows_.get<0>().reserve(rows.size());
    rows_.get<1>().reserve(rows.size());
    for (const Row& from : rows) {
      Row row = from;
      row.id = relata::Id<Row>(rows_.size() + 1);
      Require(rows_.insert(std::move(row)).second, "insert");
    }
  }

  int64_t ReadById(std::span<const uint64_t> ids) override {
    int64_t sum = 0;
    for (const uint64_t id : ids) sum += Get(id).credit_limit.minor;
    return sum;
  }

  int64_t ReadByNumber(std::span<const int64_t> numbers) override {
    int64_t sum = 0;
    for (const int64_t number : numbers) {
      const auto row = rows_.get<1>().find(number);
      Require(row != rows_.get<1>().end(), "number");
      sum += row->credit_limit.minor;
    }
    return sum;
  }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const Row& row = Get(id);
      sum += row.credit_limit.minor;
      for (const std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone,
                                      &row.email, &row.kvk_number, &row.industry}) {
        sum += static_cast<int64_t>(text->size());
      }
    }
    return sum;
  }

  std::function<void(const Row&)> Committer() override { return nullptr; }

 private:
  const Row& Get(uint64_t id) const {
    const auto row = rows_.get<0>().find(id);
    Require(row != rows_.get<0>().end(), "row");
    return *row;
  }

  Table rows_;
};

}  // namespace

std::unique_ptr<Peer> MakeMemory() { return std::make_unique<MemoryPeer>(); }

}  // namespace benchmarks
