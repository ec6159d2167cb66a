// Defines Workset, a host's own live set of entities in memory: those that meet a condition, indexed as the
// host names, and kept in step with the store through its change log.
//
//   using Customers = Workset<Relation, by<&Relation::name>, by<&Relation::visiting, &Address::city>>;
//   RELATA_ASSIGN_OR_RETURN(Customers customers, Customers::Open(db, "credit_limit > 10000"));
//   …
//   RELATA_RETURN_IF_ERROR(customers.Refresh());               // after a commit, or now and then
//   Customers::View now = customers.Read();
//   for (const auto& r : now.Equal<&Relation::visiting, &Address::city>("Utrecht")) use(r->name);
//
// A View is unchanging: readers see the members of one refresh, all of them, for as long as they hold it, and
// neither wait for a refresh nor hold one up. Two copies of the indexes take turns (the entities themselves
// are shared): a refresh brings the one that nobody reads any more up to date and publishes it. Only where an
// old view is still held are the indexes copied whole.
//
// Membership is exact at each refresh, conditions on the clock and on other records included; workset_feed.h
// says when that takes a look at all records instead of the changed ones. Nothing runs in between: who wants
// it fresh refreshes it.
//
// This header includes Boost.MultiIndex, so relata.h leaves it to those who use it.
//
// Thread safety: safe from any thread; refreshes wait for each other. A View may be handed to any thread.
// Lifetime: keeps the store open; a View and what it shows outlive the workset. Cost: Refresh O(commits +
// changed * indexes * log members); Read O(1).
#ifndef RELATA_QUERY_WORKSET_H_
#define RELATA_QUERY_WORKSET_H_

#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/expr/text.h"
#include "relata/expr/tree.h"
#include "relata/query/workset_feed.h"
#include "relata/schema/declare.h"
#include "relata/schema/ids.h"
#include "relata/schema/path.h"
#include "relata/store/change.h"

namespace relata {

// Orders a workset by a member: by<&T::a>, by<&T::a, &A::b>.
template <auto kFirst, auto... kRest>
struct by {};

namespace internal {

// Keys by <; amounts by currency first, since those of two currencies have no order.
struct KeyLess {
  template <class K>
  bool operator()(const K& a, const K& b) const {
    if constexpr (std::is_same_v<K, Money>) {
      return std::pair(a.currency, a.minor) < std::pair(b.currency, b.minor);
    } else if constexpr (std::is_same_v<K, std::optional<Money>>) {
      return a && b ? (*this)(*a, *b) : a.has_value() < b.has_value();
    } else {
      return a < b;
    }
  }
};

template <class T>
struct IdKey {
  using result_type = RecordId;
  RecordId operator()(const std::shared_ptr<const T>& entity) const { return entity->id.value; }
};

// entity.*first.*second…
template <class C>
const C& MemberAt(const C& object) {
  return object;
}
template <class C, class M, class... Rest>
const auto& MemberAt(const C& object, M C::*first, Rest... rest) {
  return MemberAt(object.*first, rest...);
}

template <class T, class By>
struct MemberKey;
template <class T, auto kFirst, auto... kRest>
struct MemberKey<T, by<kFirst, kRest...>> {
  static_assert(std::is_same_v<typename FieldPath<kFirst, kRest...>::Entity, T>, "a field of another entity");
  using result_type = typename FieldPath<kFirst, kRest...>::Type;
  const result_type& operator()(const std::shared_ptr<const T>& entity) const {
    return MemberAt(*entity, kFirst, kRest...);
  }
};

}  // namespace internal

template <Entity T, class... Bys>
class Workset {
  struct ById {};
  using Members = boost::multi_index_container<
      std::shared_ptr<const T>,
      boost::multi_index::indexed_by<
          boost::multi_index::ordered_unique<boost::multi_index::tag<ById>, internal::IdKey<T>>,
          boost::multi_index::ordered_non_unique<boost::multi_index::tag<Bys>, internal::MemberKey<T, Bys>,
                                                 internal::KeyLess>...>>;
  struct Copy {
    Members members;
    uint64_t number = 0;  // of the refresh it is true at
  };

 public:
  // The members at one refresh. Elements are std::shared_ptr<const T>.
  class View {
   public:
    size_t size() const { return copy_->members.size(); }
    bool empty() const { return copy_->members.empty(); }
    // The store's last commit when it was refreshed.
    LogPosition position() const { return position_; }

    // By ascending id.
    auto begin() const { return copy_->members.begin(); }
    auto end() const { return copy_->members.end(); }
    // nullptr if it is no member. O(log n).
    std::shared_ptr<const T> Find(Id<T> id) const {
      const auto found = copy_->members.find(id.value);
      return found == copy_->members.end() ? nullptr : *found;
    }

    // All members, ordered by one of Bys: an ordered index of Boost.MultiIndex, with lower_bound and the
    // like.
    template <auto kFirst, auto... kRest>
    const auto& By() const {
      return copy_->members.template get<by<kFirst, kRest...>>();
    }
    // A part of an order, for a for loop.
    template <class Iterator>
    struct Range {
      Iterator first, last;
      Iterator begin() const { return first; }
      Iterator end() const { return last; }
    };
    // Those with this value. O(log n + found).
    template <auto kFirst, auto... kRest>
    auto Equal(const typename FieldPath<kFirst, kRest...>::Type& value) const {
      const auto [first, last] = By<kFirst, kRest...>().equal_range(value);
      return Range<decltype(first)>{first, last};
    }

   private:
    friend class Workset;
    View(std::shared_ptr<const Copy> copy, LogPosition position)
        : copy_(std::move(copy)), position_(position) {}

    std::shared_ptr<const Copy> copy_;
    LogPosition position_;
  };

  // Fills it. `database` is a Database, or anything else with a store(). The condition has the parameters'
  // values in it (expr::Bind). InvalidArgument for a condition that makes no sense, and for one that asks for
  // members of a segment, which come and go by themselves; whatever Refresh returns.
  template <class D>
  static StatusOr<Workset> Open(const D& database, expr::Expr condition) {
    Workset workset(database.store(), std::move(condition));
    RELATA_RETURN_IF_ERROR(workset.Refresh());
    return workset;
  }
  template <class D>
  static StatusOr<Workset> Open(const D& database, std::string_view condition) {
    RELATA_ASSIGN_OR_RETURN(expr::Expr tree, expr::Parse(condition));
    return Open(database, std::move(tree));
  }

  // Brings it to the store's last commit. Nothing changes where it fails: DataLoss, or what opening a
  // snapshot returns.
  Status Refresh() { return state_->Refresh(); }

  // The members as of the last refresh.
  View Read() const {
    const absl::MutexLock lock(&state_->mutex);
    return View(state_->published, state_->position);
  }

  query::WorksetFeed::Figures figures() const {
    const absl::MutexLock lock(&state_->refreshing);
    return state_->feed.figures();
  }

 private:
  using WorksetChanges = query::WorksetChanges;

  // Shared with the copies that are out, which come back to it when the last reader lets go.
  struct State : std::enable_shared_from_this<State> {
    State(std::shared_ptr<store::Store> store, expr::Expr condition)
        : feed(std::move(store), DeclarationOf<T>(), &query::Load<T>, std::move(condition)),
          published(std::make_shared<const Copy>()) {}

    Status Refresh() {
      const absl::MutexLock only(&refreshing);
      RELATA_ASSIGN_OR_RETURN(WorksetChanges changes, feed.Next());
      std::shared_ptr<const Copy> current;
      std::unique_ptr<Copy> next;
      {
        const absl::MutexLock lock(&mutex);
        position = changes.position;
        if (!changes.all && changes.records.empty()) return absl::OkStatus();
        current = published;
        next = std::move(spare);
      }
      // It may have come back while the refresh before this one was under way.
      if (next != nullptr && next->number + 1 != current->number) next = nullptr;
      if (changes.all) {
        next = std::make_unique<Copy>();
      } else if (next != nullptr) {
        Apply(last, next.get());
      } else {
        next = std::make_unique<Copy>(*current);
      }
      Apply(changes, next.get());
      next->number = current->number + 1;
      last = std::move(changes);
      {
        const absl::MutexLock lock(&mutex);
        published = Lend(std::move(next));
      }
      // `current` ends here, without the lock: where nobody reads it, it comes back as the spare.
      return absl::OkStatus();
    }

    static void Apply(const WorksetChanges& changes, Copy* copy) {
      if (changes.all) copy->members.clear();
      for (const auto& [id, loaded] : changes.records) {
        auto entity = std::static_pointer_cast<const T>(loaded);
        const auto found = copy->members.find(id);
        if (found == copy->members.end()) {
          if (entity != nullptr) copy->members.insert(std::move(entity));
        } else if (entity == nullptr) {
          copy->members.erase(found);
        } else {
          copy->members.replace(found, std::move(entity));
        }
      }
    }

    std::shared_ptr<const Copy> Lend(std::unique_ptr<Copy> copy) {
      return std::shared_ptr<const Copy>(copy.release(),
                                         [home = this->weak_from_this()](const Copy* returned) {
                                           std::unique_ptr<Copy> owned(const_cast<Copy*>(returned));
                                           const std::shared_ptr<State> state = home.lock();
                                           if (state == nullptr) return;
                                           const absl::MutexLock lock(&state->mutex);
                                           // One refresh behind, `last` brings it up to date; older ones are
                                           // of no use.
                                           if (owned->number + 1 == state->published->number)
                                             state->spare = std::move(owned);
                                         });
    }

    absl::Mutex refreshing ABSL_ACQUIRED_BEFORE(mutex);  // held by who refreshes
    query::WorksetFeed feed ABSL_GUARDED_BY(refreshing);
    WorksetChanges last ABSL_GUARDED_BY(refreshing);  // what made `published` of the copy before it
    absl::Mutex mutex;                                // held for moments
    std::shared_ptr<const Copy> published ABSL_GUARDED_BY(mutex);
    std::unique_ptr<Copy> spare ABSL_GUARDED_BY(mutex);  // one refresh behind, read by nobody
    LogPosition position ABSL_GUARDED_BY(mutex);
  };

  Workset(std::shared_ptr<store::Store> store, expr::Expr condition)
      : state_(std::make_shared<State>(std::move(store), std::move(condition))) {}

  std::shared_ptr<State> state_;
};

}  // namespace relata

#endif  // RELATA_QUERY_WORKSET_H_
