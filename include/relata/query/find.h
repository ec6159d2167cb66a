// Defines Query<T>, the typed face of queries, and RecordQuery, the same for types known by name.
//
//   for (const Relation& r : now.Find<Relation>()
//            .Where(field<&Relation::visiting, &Address::city> == "Utrecht")
//            .OrderBy<&Relation::name>().Limit(20)) …
//
//   Query<Relation> q = now.Find<Relation>().Where("visiting.city = :city", {{"city", "Utrecht"}});
//   RELATA_ASSIGN_OR_RETURN(uint64_t count, q.Count());
//   RELATA_ASSIGN_OR_RETURN(Found<Relation> found, q.Run());
//   while (found.Next()) use(found.view().Get<&Relation::name>());
//   RELATA_RETURN_IF_ERROR(found.status());
//
// A query is put together first and runs when it is asked to, any number of times: of one snapshot after
// another, and with other values each time. Its texts are parsed once; names are looked up when it runs, in
// the schema of then, so that a renamed field is told and a new index is used.
//
//   auto in_city = now.Find<Relation>().Where("visiting.city = :city").OrderBy("name").Limit(20);
//   … = in_city.In(later).Rebind({{"city", "Delft"}}).Load();
//
// What is wrong with a text or an expression is told then. Conditions of several Where are joined by `and`.
// Orders: OrderBy begins one, ThenBy adds to it, Desc, NullsFirst, NullsLast and Collate are about the term
// before.
//
// Walking a query in a for loop copies each entity, and has no way to fail: where it cannot go on it ends the
// program with the message, as StatusOr::value() does. Where that will not do, Run.
//
// Thread safety: one thread, as the reader. Lifetime: within the reader's; in a transaction, results end with
// its next write. Cost: the templates only convert; see results.h for what runs.
#ifndef RELATA_QUERY_FIND_H_
#define RELATA_QUERY_FIND_H_

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/expr/typed.h"
#include "relata/query/results.h"
#include "relata/query/spec.h"
#include "relata/record/record.h"
#include "relata/record/struct_binding.h"
#include "relata/record/view.h"
#include "relata/schema/declare.h"

namespace relata {

namespace query {

// A spec in the making, and the first thing that was wrong with it.
class RELATA_EXPORT Builder {
 public:
  Builder(Source source, std::string_view entity);

  void Where(const expr::Expr& condition);
  void Where(std::string_view condition, const Parameters& parameters);
  void Bind(const Parameters& parameters);
  void Rebind(const Parameters& parameters);
  void TurnTo(Source source) { source_ = source; }
  expr::Expr Parse(std::string_view text);
  void OrderBy(expr::Expr by, bool first);
  void OrderBy(std::string_view terms, bool first);
  OrderTerm& LastTerm();
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  const Source& source() const { return source_; }
  QuerySpec& spec() { return spec_; }
  const QuerySpec& spec() const { return spec_; }
  const Status& status() const { return status_; }

 private:
  Source source_;
  QuerySpec spec_;
  Status status_;
};

// The record as values by name.
RELATA_EXPORT StatusOr<Record> ToRecord(const Source& source, std::string_view entity, RecordId id,
                                        const RowView& row);
// The struct as the reader's schema has it.
RELATA_EXPORT StatusOr<const StructBinding*> BindingOf(const Source& source,
                                                       const EntityDeclaration& declaration);
// Ends the program.
[[noreturn]] RELATA_EXPORT void FailLoudly(const Status& status);

}  // namespace query

namespace internal {

template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;
// A Snapshot or Transaction.
template <class T>
concept CanBeAsked = requires(const T& reader) {
  { reader.source() } -> std::same_as<query::Source>;
};

// What Query<T> and RecordQuery share. Each call has a form for a query that has a name and one for a query
// in the making, which is passed on by value so that a for loop may hold it.
template <class Self>
class QueryCalls {
 public:
#define RELATA_QUERY_CALL(name, parameters, body) \
  Self& name parameters& {                        \
    body;                                         \
    return self();                                \
  }                                               \
  Self name parameters&& {                        \
    body;                                         \
    return std::move(self());                     \
  }

  RELATA_QUERY_CALL(Where, (const expr::Expr& condition), builder_.Where(condition))
  RELATA_QUERY_CALL(Where, (const expr::Term& condition), builder_.Where(condition.expr()))
  RELATA_QUERY_CALL(Where, (const Text auto& condition, const query::Parameters& parameters = {}),
                    builder_.Where(condition, parameters))
  RELATA_QUERY_CALL(Bind, (const query::Parameters& parameters), builder_.Bind(parameters))
  // Values that take the place of those that parameters had.
  RELATA_QUERY_CALL(Rebind, (const query::Parameters& parameters), builder_.Rebind(parameters))
  // Asks another reader of the same store from now on. The one it had may be gone.
  RELATA_QUERY_CALL(In, (const CanBeAsked auto& reader), self().TurnTo(reader.source()))
  RELATA_QUERY_CALL(OrderBy, (const expr::Term& by), builder_.OrderBy(by.expr(), true))
  RELATA_QUERY_CALL(ThenBy, (const expr::Term& by), builder_.OrderBy(by.expr(), false))
  // "visiting.city, credit_limit desc nulls last, name collate nl": see order_text.h.
  RELATA_QUERY_CALL(OrderBy, (const Text auto& by), builder_.OrderBy(std::string_view(by), true))
  RELATA_QUERY_CALL(ThenBy, (const Text auto& by), builder_.OrderBy(std::string_view(by), false))
  RELATA_QUERY_CALL(Desc, (), builder_.LastTerm().descending = true)
  RELATA_QUERY_CALL(NullsFirst, (), builder_.LastTerm().nulls_first = true)
  RELATA_QUERY_CALL(NullsLast, (), builder_.LastTerm().nulls_first = false)
  // "fold", a locale, or "locale" for the store's.
  RELATA_QUERY_CALL(Collate, (std::string_view collation), builder_.LastTerm().collation = collation)
  RELATA_QUERY_CALL(Limit, (uint64_t limit), builder_.spec().limit = limit)
  RELATA_QUERY_CALL(After, (std::string_view cursor), builder_.spec().after = cursor)
  RELATA_QUERY_CALL(Select, (const expr::Term& value), builder_.spec().select.push_back(value.expr()))
  RELATA_QUERY_CALL(Select, (const Text auto& value), builder_.spec().select.push_back(builder_.Parse(value)))
  RELATA_QUERY_CALL(Within, (const query::Limits& limits), builder_.spec().limits = limits)
  RELATA_QUERY_CALL(Using, (const query::Strategies& strategies), builder_.spec().strategies = strategies)
#undef RELATA_QUERY_CALL

  StatusOr<uint64_t> Count() const {
    RELATA_RETURN_IF_ERROR(builder_.status());
    return query::Count(builder_.source(), builder_.spec());
  }
  StatusOr<bool> Exists() const {
    RELATA_RETURN_IF_ERROR(builder_.status());
    return query::Exists(builder_.source(), builder_.spec());
  }
  StatusOr<query::Plan> Explain(bool analyze = false) const {
    RELATA_RETURN_IF_ERROR(builder_.status());
    return query::Explain(builder_.source(), builder_.spec(), analyze);
  }
  const query::QuerySpec& spec() const { return builder_.spec(); }
  // What was wrong while it was put together.
  const Status& status() const { return builder_.status(); }

 protected:
  explicit QueryCalls(query::Builder builder) : builder_(std::move(builder)) {}

  Self& self() { return static_cast<Self&>(*this); }
  query::Builder builder_;
};

}  // namespace internal

// The entities found, one after another.
template <class T>
class Found {
 public:
  Found(query::Results results, const StructBinding* binding)
      : results_(std::move(results)), binding_(binding) {}

  // False at the end, or where something failed: status() tells.
  bool Next() {
    if (!status_.ok() || !results_.Next()) return false;
    StatusOr<RowView> row = results_.row();
    status_ = row.status();
    if (row.ok()) row_ = *row;
    return row.ok();
  }
  const Status& status() const { return status_.ok() ? results_.status() : status_; }

  // REQUIRES of the next three: the last Next() was true.
  Id<T> id() const { return Id<T>(results_.id()); }
  View<T> view() const { return View<T>(binding_, row_, results_.id()); }
  StatusOr<std::vector<Value>> Values() { return results_.Values(); }

  StatusOr<std::string> NextCursor() { return results_.NextCursor(); }
  query::Plan plan() const { return results_.plan(); }

 private:
  query::Results results_;
  const StructBinding* binding_;
  RowView row_;
  Status status_;
};

template <class T>
class Query : public internal::QueryCalls<Query<T>> {
  using Base = internal::QueryCalls<Query<T>>;

 public:
  Query(query::Source source, StatusOr<const StructBinding*> binding)
      : Base(query::Builder(source, RelataEntityName(static_cast<const T*>(nullptr)))) {
    if (binding.ok()) {
      binding_ = *binding;
    } else {
      this->builder_.Fail(binding.status());
    }
  }

  void TurnTo(query::Source source) {
    const auto binding = query::BindingOf(source, DeclarationOf<T>());
    if (binding.ok()) {
      binding_ = *binding;
    } else {
      this->builder_.Fail(binding.status());
    }
    this->builder_.TurnTo(source);
  }

  using Base::OrderBy;
  using Base::Select;
  using Base::ThenBy;
  // By a member of T, or of a struct in it.
  template <auto kFirst, auto... kRest>
  Query& OrderBy() & {
    return OrderBy(expr::Term(field<kFirst, kRest...>));
  }
  template <auto kFirst, auto... kRest>
  Query OrderBy() && {
    return std::move(*this).OrderBy(expr::Term(field<kFirst, kRest...>));
  }
  template <auto kFirst, auto... kRest>
  Query& ThenBy() & {
    return ThenBy(expr::Term(field<kFirst, kRest...>));
  }
  template <auto kFirst, auto... kRest>
  Query ThenBy() && {
    return std::move(*this).ThenBy(expr::Term(field<kFirst, kRest...>));
  }

  StatusOr<Found<T>> Run() const {
    RELATA_RETURN_IF_ERROR(this->builder_.status());
    RELATA_ASSIGN_OR_RETURN(query::Results results,
                            query::Find(this->builder_.source(), this->builder_.spec()));
    return Found<T>(std::move(results), binding_);
  }
  // The rows are looked at only where condition or order ask for them.
  StatusOr<std::vector<Id<T>>> Ids() const {
    RELATA_RETURN_IF_ERROR(this->builder_.status());
    RELATA_ASSIGN_OR_RETURN(query::Results results,
                            query::Find(this->builder_.source(), this->builder_.spec()));
    std::vector<Id<T>> ids;
    while (results.Next()) ids.emplace_back(results.id());
    RELATA_RETURN_IF_ERROR(results.status());
    return ids;
  }
  StatusOr<std::vector<T>> Load() const {
    RELATA_ASSIGN_OR_RETURN(Found<T> found, Run());
    std::vector<T> entities;
    while (found.Next()) {
      RELATA_ASSIGN_OR_RETURN(T entity, found.view().Load());
      entities.push_back(std::move(entity));
    }
    RELATA_RETURN_IF_ERROR(found.status());
    return entities;
  }

  // For loops. An input iterator over copies.
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    iterator() = default;
    explicit iterator(Found<T> found) : found_(std::make_shared<Found<T>>(std::move(found))) { ++*this; }

    const T& operator*() const { return *entity_; }
    const T* operator->() const { return &*entity_; }
    iterator& operator++() {
      if (!found_->Next()) {
        if (!found_->status().ok()) query::FailLoudly(found_->status());
        found_.reset();
        return *this;
      }
      StatusOr<T> entity = found_->view().Load();
      if (!entity.ok()) query::FailLoudly(entity.status());
      entity_ = *std::move(entity);
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& at, std::default_sentinel_t) { return at.found_ == nullptr; }

   private:
    std::shared_ptr<Found<T>> found_;
    std::optional<T> entity_;
  };
  iterator begin() const {
    StatusOr<Found<T>> found = Run();
    if (!found.ok()) query::FailLoudly(found.status());
    return iterator(*std::move(found));
  }
  std::default_sentinel_t end() const { return std::default_sentinel; }

 private:
  const StructBinding* binding_ = nullptr;
};

// The same for an entity type known by name: `now.Find("machine").Where("serial = 'X-1'")`.
class RELATA_EXPORT RecordQuery : public internal::QueryCalls<RecordQuery> {
 public:
  RecordQuery(query::Source source, std::string_view entity)
      : internal::QueryCalls<RecordQuery>(query::Builder(source, entity)) {}

  void TurnTo(query::Source source) { builder_.TurnTo(source); }

  StatusOr<query::Results> Run() const;
  StatusOr<std::vector<RecordId>> Ids() const;
  StatusOr<std::vector<Record>> Load() const;
};

}  // namespace relata

#endif  // RELATA_QUERY_FIND_H_
