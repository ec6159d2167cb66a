// Draws each write from the sample company's streams.
#include "benchmarks/writes.h"

#include "benchmarks/harness.h"
#include "examples/sample_company/random.h"

namespace benchmarks {
namespace {

namespace crm = relata::crm;
using relata::Date;
using relata::Id;
using relata::Money;
using relata::Status;
using sample_company::Random;

// What such changes are: it moved, has other terms, another manager, another line of business, another
// phone.
Status ChangeRelation(const Company& company, Random& random, Id<crm::Relation> id, relata::Transaction& tx) {
  const sample_company::Relation from = company.RelationAt(random.Between(1, company.relations()));
  const RelationRow like = company.RowOf(from);
  relata::Record change("relation", id.value);
  switch (random.Below(5)) {
    case 0:
      change.Set("visiting.city", std::string(like.city));
      break;
    case 1:
      change.Set("credit_limit", Money::Minor(like.credit_limit, relata::Currency::Eur()));
      break;
    case 2:
      change.Set("account_manager", like.account_manager);
      break;
    case 3:
      change.Set("industry_code", std::string(like.industry_code));
      break;
    default:
      change.Set("phone", std::string(like.phone));
  }
  return tx.Update(change);
}
Status AddInteraction(Random& random, Id<crm::Relation> relation, relata::Transaction& tx) {
  return tx
      .Insert(crm::Interaction{.channel = static_cast<crm::Channel>(random.Below(8)),
                               .direction = crm::Direction::kOutbound,
                               .at = tx.now(),
                               .relation = relation,
                               .subject = "Call"})
      .status();
}
Status AddOrder(Random& random, Id<crm::Relation> relation, relata::Transaction& tx) {
  return tx
      .Insert(crm::Order{.relation = relation,
                         .status = crm::OrderStatus::kConfirmed,
                         .ordered_on = Date{static_cast<int32_t>(tx.now().micros / 86'400'000'000)},
                         .total = Money::Minor(random.LogNormal(40'000, 900), relata::Currency::Eur())})
      .status();
}

}  // namespace

void Writer::Write() {
  clock_->Advance(relata::Duration::Seconds(10));
  Random random(7, sample_company::Stream::kInteraction, ++written_);
  const Id<crm::Relation> relation(static_cast<uint64_t>(random.Between(1, company_.relations())));
  const uint64_t kind = random.Below(10);
  const Status written = db_->Update([&](relata::Transaction& tx) -> Status {
    Random own = random;  // the closure may run again
    if (kind < 4) return ChangeRelation(company_, own, relation, tx);
    return kind < 8 ? AddInteraction(own, relation, tx) : AddOrder(own, relation, tx);
  });
  Require(written.ok(), std::string_view(written.message().data(), written.message().size()));
}

}  // namespace benchmarks
