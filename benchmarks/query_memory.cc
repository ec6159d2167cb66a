// Boost.MultiIndex as a query peer, the ceiling of an ordered page: just the fields of the list in memory,
// hashed by id and ordered by the folded name and the id. Nothing is durable, and nobody else may write.
#include <boost/multi_index/composite_key.hpp>
#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <tuple>

#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {
namespace {

namespace mi = boost::multi_index;

struct Listed {
  int64_t id = 0;
  std::string folded;
  int64_t credit_limit = 0;
};

using Id = mi::member<Listed, int64_t, &Listed::id>;
using Name = mi::member<Listed, std::string, &Listed::folded>;
using Table = mi::multi_index_container<
    Listed, mi::indexed_by<mi::hashed_unique<Id>, mi::ordered_unique<mi::composite_key<Listed, Name, Id>>>>;

class QueryMemory : public QueryPeer {
 public:
  explicit QueryMemory(const Company& company) {
    company.ForEachRelation([&](const RelationRow& row) {
      table_.insert({row.id, row.folded, row.credit_limit});
    });
  }

  std::string_view name() const override { return "memory"; }
  bool Answers(Question question) const override { return question == Question::kPage; }
  void Load(const Company&) override {}

  void Prepare(int64_t depth) override {
    const auto& list = table_.get<1>();
    for (auto at = list.begin(); at != list.end(); ++at) {
      if (at->credit_limit >= kPageCreditFrom && --depth == 0) {
        place_ = {at->folded, at->id};
        return;
      }
    }
    Require(false, "too few relations for the deep page");
  }

  Ids Page(bool deep) override {
    const auto& list = table_.get<1>();
    Ids ids;
    for (auto at = deep ? list.upper_bound(place_) : list.begin();
         at != list.end() && std::ssize(ids) < kPageSize; ++at) {
      if (at->credit_limit >= kPageCreditFrom) ids.push_back(at->id);
    }
    return ids;
  }

 private:
  Table table_;
  std::tuple<std::string, int64_t> place_;
};

}  // namespace

std::unique_ptr<QueryPeer> MakeQueryMemory(const Company& company) {
  return std::make_unique<QueryMemory>(company);
}

}  // namespace benchmarks
