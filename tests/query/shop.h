// Defines a small host model for the tests of planner and runner, a store filled with it, and short ways to
// ask.
#ifndef RELATA_TESTS_QUERY_SHOP_H_
#define RELATA_TESTS_QUERY_SHOP_H_

#include <boost/describe/class.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relata/expr/text.h"
#include "relata/query/results.h"
#include "relata/schema/declare.h"
#include "tests/store/fixture.h"

namespace relata::query::test {

using store::test::Ok;

struct Place {
  std::string city;
  std::optional<std::string> region;
};
BOOST_DESCRIBE_STRUCT(Place, (), (city, region))

struct Buyer {
  Id<Buyer> id;
  std::string code;
  std::string name;
  Place place;
  std::optional<int64_t> rating;
  bool active = false;
  Set<std::string> tags;
  std::optional<Date> since;
  std::optional<Id<Buyer>> mentor;
  Money credit = Money::Eur(0);
  std::string notes;  // no index
};
BOOST_DESCRIBE_STRUCT(Buyer, (), (id, code, name, place, rating, active, tags, since, mentor, credit, notes))

struct Purchase {
  Id<Purchase> id;
  Id<Buyer> buyer;
  Money total = Money::Eur(0);
  Date bought_on;
};
BOOST_DESCRIBE_STRUCT(Purchase, (), (id, buyer, total, bought_on))

RELATA_ENTITY(Buyer, "buyer", unique<&Buyer::code>, ordered<&Buyer::name>, ordered<folded<&Buyer::name>>,
              ordered<collated<&Buyer::name>>,
              ordered<field<&Buyer::place, &Place::city>, desc<nulls_last<&Buyer::rating>>>,
              ordered<&Buyer::rating>, ordered<&Buyer::tags>, ordered<&Buyer::since>,
              currency<&Buyer::credit>("EUR"), ordered<field<&Buyer::place, &Place::region>>,
              inverse<&Buyer::mentor>("pupils", OnDelete::kClear))
RELATA_ENTITY(Purchase, "purchase", moment<&Purchase::bought_on>, currency<&Purchase::total>("EUR"),
              ordered<&Purchase::bought_on>, inverse<&Purchase::buyer>("purchases", OnDelete::kCascade))

inline expr::Expr E(std::string_view text) { return expr::Parse(text).value(); }

// "name", "-rating", "name nl", "-rating first"
inline OrderTerm By(std::string_view text) {
  OrderTerm term;
  if (text.starts_with('-')) {
    term.descending = true;
    text.remove_prefix(1);
  }
  const size_t space = text.find('*') == std::string_view::npos ? text.find(' ') : std::string_view::npos;
  term.by = E(text.substr(0, space));
  if (space == std::string_view::npos) return term;
  const std::string_view how = text.substr(space + 1);
  if (how == "first" || how == "last") {
    term.nulls_first = how == "first";
  } else {
    term.collation = std::string(how);
  }
  return term;
}

inline QuerySpec Ask(std::string_view where, const std::vector<std::string>& order = {},
                     std::optional<uint64_t> limit = {}) {
  QuerySpec spec;
  spec.entity = "buyer";
  if (!where.empty()) spec.where = E(where);
  for (const std::string& term : order) spec.order.push_back(By(term));
  spec.limit = limit;
  return spec;
}

class ShopTest : public testing::Test {
 protected:
  ShopTest() {
    StatusOr<std::shared_ptr<store::Store>> opened =
        store::Store::Open(folder_.File(), store::test::SmallStore(clock_));
    EXPECT_TRUE(Ok(opened));
    store_ = *std::move(opened);
    EXPECT_TRUE(Ok(store_->Register({&DeclarationOf<Buyer>(), &DeclarationOf<Purchase>()})));
  }

  // Stores them and remembers them, with their ids.
  void Add(std::vector<Buyer> buyers) {
    EXPECT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
      for (Buyer& buyer : buyers) {
        RELATA_ASSIGN_OR_RETURN(buyer.id, store::test::Insert(tx, buyer));
      }
      return absl::OkStatus();
    })));
    buyers_.insert(buyers_.end(), buyers.begin(), buyers.end());
  }

  // A few hundred that repeat values, miss some, and differ in case and accents.
  void Fill(size_t count) {
    static const std::vector<std::string> kNames = {"Jansen", "jansen",   "Jansén", "de Vries", "IJssel",
                                                    "Zandt",  "Ängström", "",       "Bakker",   "bakker"};
    static const std::vector<std::string> kCities = {"Utrecht", "Delft", "Gouda", "utrecht"};
    static const std::vector<std::string> kTags = {"vip", "fair", "press"};
    std::vector<Buyer> buyers;
    uint64_t state = 7;
    const auto next = [&](uint64_t below) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return (state >> 33) % below;
    };
    for (size_t i = 0; i < count; ++i) {
      Buyer b;
      b.code = StrCat("c", i);
      b.name = kNames[next(kNames.size())];
      if (next(3) != 0) b.name += StrCat(" ", next(50));
      b.place.city = kCities[next(kCities.size())];
      if (next(4) != 0) b.place.region = StrCat("r", next(5));
      if (next(5) != 0) b.rating = static_cast<int64_t>(next(9)) - 3;
      b.active = next(2) == 0;
      for (const std::string& tag : kTags) {
        if (next(4) == 0) b.tags.insert(tag);
      }
      if (next(3) != 0) b.since = Date{20'000 + static_cast<int32_t>(next(400))};
      b.credit = Money::Minor(static_cast<int64_t>(next(5000)) * 25, Currency::Eur());
      b.notes = StrCat("note ", next(10));
      buyers.push_back(std::move(b));
    }
    Add(std::move(buyers));
  }

  store::Snapshot Now() { return store_->Read().value(); }

  static std::vector<RecordId> Ids(const Source& source, const QuerySpec& spec) {
    StatusOr<Results> found = Find(source, spec);
    EXPECT_TRUE(Ok(found));
    std::vector<RecordId> ids;
    if (!found.ok()) return ids;
    while (found->Next()) ids.push_back(found->id());
    EXPECT_TRUE(Ok(found->status()));
    return ids;
  }
  std::vector<RecordId> Ids(const QuerySpec& spec) {
    const store::Snapshot now = Now();
    return Ids({.reader = &now}, spec);
  }
  Plan PlanOf(const QuerySpec& spec, bool analyze = false) {
    const store::Snapshot now = Now();
    const StatusOr<Plan> plan = Explain({.reader = &now}, spec, analyze);
    EXPECT_TRUE(Ok(plan));
    return plan.ok() ? *plan : Plan();
  }

  using Order = std::function<bool(const Buyer&, const Buyer&)>;
  // What should be found, in order; ties and no order by id.
  std::vector<RecordId> Expect(const std::function<bool(const Buyer&)>& where, const Order& less = nullptr) {
    std::vector<Buyer> found;
    for (const Buyer& buyer : buyers_) {
      if (where(buyer)) found.push_back(buyer);
    }
    if (less) std::stable_sort(found.begin(), found.end(), less);
    std::vector<RecordId> ids;
    for (const Buyer& buyer : found) ids.push_back(buyer.id.value);
    return ids;
  }

  store::test::Folder folder_;
  std::shared_ptr<ManualClock> clock_ = store::test::StandingClock();
  std::shared_ptr<store::Store> store_;
  std::vector<Buyer> buyers_;
};

}  // namespace relata::query::test

#endif  // RELATA_TESTS_QUERY_SHOP_H_
