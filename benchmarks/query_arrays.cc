// Plain arrays as a query peer, the ceiling for a scan: what a program would do that kept just these columns
// in memory, wrote a loop per question by hand and let the compiler vectorise it. No nulls, no planning, no
// transactions, nothing kept up to date. Texts are codes of a sorted list; widths fit the values.
#include <algorithm>
#include <map>

#include "benchmarks/harness.h"
#include "benchmarks/query_peer.h"

namespace benchmarks {
namespace {

class Dictionary {
 public:
  uint16_t CodeOf(std::string_view text) {
    const auto [at, added] = codes_.try_emplace(std::string(text), static_cast<uint16_t>(texts_.size()));
    if (added) texts_.push_back(at->first);
    return at->second;
  }
  const std::string& TextOf(size_t code) const { return texts_[code]; }
  size_t size() const { return texts_.size(); }

 private:
  std::map<std::string, uint16_t> codes_;
  std::vector<std::string> texts_;
};

class QueryArrays : public QueryPeer {
 public:
  explicit QueryArrays(const Company& company) {
    company.ForEachRelation([&](const RelationRow& row) {
      industry_.push_back(industries_.CodeOf(row.industry_code));
      city_.push_back(cities_.CodeOf(row.city));
      acquired_on_.push_back(row.acquired_on);
      credit_limit_.push_back(static_cast<int32_t>(row.credit_limit));
      term_.push_back(static_cast<uint8_t>(row.payment_term_days));
    });
    for (const OrderRow& order : company.orders()) {
      order_relation_.push_back(order.relation - 1);
      ordered_on_.push_back(order.ordered_on);
      total_.push_back(static_cast<int32_t>(order.total));
      Require(order.total == total_.back(), "an order's total fits 32 bits");
      cancelled_.push_back(static_cast<uint8_t>(order.cancelled));
    }
    for (const InteractionRow& interaction : company.interactions()) {
      contact_relation_.push_back(interaction.relation - 1);
      at_.push_back(interaction.at);
    }
  }

  std::string_view name() const override { return "arrays"; }
  bool Answers(Question question) const override {
    return question == Question::kScan || question == Question::kWindow || question == Question::kGroup ||
           question == Question::kPyramid;
  }
  void Load(const Company&) override {}
  void Prepare(int64_t) override {}
  std::unique_ptr<QueryPeer> Beside() override { return std::make_unique<QueryArrays>(*this); }

  // Marks first, so that the comparisons vectorise; the marks become ids in a second walk.
  Ids Scan() override {
    const size_t n = industry_.size();
    const uint16_t industry = industries_.CodeOf(kScanIndustry);
    marks_.resize(n);
    const uint16_t* code = industry_.data();
    const int32_t* acquired = acquired_on_.data();
    const int32_t* credit = credit_limit_.data();
    const uint8_t* term = term_.data();
    uint8_t* marks = marks_.data();
    const int32_t from = kScanAcquiredFrom.days;
    const auto credit_from = static_cast<int32_t>(kScanCreditFrom);
    for (size_t i = 0; i < n; ++i) {
      marks[i] = static_cast<uint8_t>(static_cast<uint8_t>(code[i] == industry) & (acquired[i] >= from) &
                                      (credit[i] >= credit_from) & (term[i] <= kScanTermUpTo));
    }
    return MarkedIds();
  }

  Ids Window() override {
    const size_t n = industry_.size();
    SumOrders(/*without_cancelled=*/false, kYearFrom.days, INT32_MAX);
    last_.assign(n, INT64_MIN);
    for (size_t k = 0; k < at_.size(); ++k) {
      int64_t& last = last_[static_cast<size_t>(contact_relation_[k])];
      last = std::max(last, at_[k]);
    }
    marks_.resize(n);
    const int64_t quiet = int64_t{kQuietSince.days} * 86'400;
    for (size_t i = 0; i < n; ++i) {
      marks_[i] = static_cast<uint8_t>(static_cast<uint8_t>(sums_[i] > kWindowOver) & (last_[i] < quiet) &
                                       (last_[i] != INT64_MIN));
    }
    return MarkedIds();
  }

  std::vector<GroupRow> Group() override {
    const size_t industries = industries_.size();
    std::vector<int64_t> counts(cities_.size() * industries), sums(counts.size());
    for (size_t i = 0; i < industry_.size(); ++i) {
      const size_t place = city_[i] * industries + industry_[i];
      ++counts[place];
      sums[place] += credit_limit_[i];
    }
    std::vector<GroupRow> rows;
    for (size_t place = 0; place < counts.size(); ++place) {
      if (counts[place] == 0) continue;
      rows.push_back({cities_.TextOf(place / industries), industries_.TextOf(place % industries),
                      counts[place], sums[place]});
    }
    return rows;
  }

  std::vector<ClassRow> Pyramid() override {
    SumOrders(/*without_cancelled=*/true, kYearFrom.days, kYearTo.days);
    std::vector<int64_t> ranked;
    for (const int64_t sum : sums_) {
      if (sum > 0) ranked.push_back(sum);
    }
    std::sort(ranked.begin(), ranked.end(), std::greater<>());
    std::vector<ClassRow> rows;
    size_t from = 0;
    for (const size_t basis_points : {100, 500, 2000, 10'000}) {
      const size_t to = (ranked.size() * basis_points + 9999) / 10'000;
      ClassRow row;
      for (size_t i = from; i < to; ++i) row.total += ranked[i];
      row.customers = static_cast<int64_t>(to - from);
      if (to > from) row.smallest = ranked[to - 1];
      rows.push_back(row);
      from = to;
    }
    return rows;
  }

 private:
  void SumOrders(bool without_cancelled, int32_t from, int32_t to) {
    sums_.assign(industry_.size(), 0);
    for (size_t j = 0; j < total_.size(); ++j) {
      const bool counts =
          (ordered_on_[j] >= from) & (ordered_on_[j] < to) & (!without_cancelled | (cancelled_[j] == 0));
      sums_[static_cast<size_t>(order_relation_[j])] += counts ? total_[j] : 0;
    }
  }
  Ids MarkedIds() const {
    Ids ids;
    for (size_t i = 0; i < marks_.size(); ++i) {
      if (marks_[i] != 0) ids.push_back(static_cast<int64_t>(i) + 1);
    }
    return ids;
  }

  Dictionary industries_, cities_;
  std::vector<uint16_t> industry_, city_;
  std::vector<int32_t> acquired_on_, credit_limit_, order_relation_, ordered_on_, total_, contact_relation_;
  std::vector<uint8_t> term_, cancelled_, marks_;
  std::vector<int64_t> at_, sums_, last_;
};

}  // namespace

std::unique_ptr<QueryPeer> MakeQueryArrays(const Company& company) {
  return std::make_unique<QueryArrays>(company);
}

}  // namespace benchmarks
