// Drives the store with random operations beside a twin in memory, which knows rows as structs in maps and
// works out by itself what each operation must do: refuse with which code, cascade, clear. Rows, every index,
// snapshots, savepoints and reopening must agree all along.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "relata/schema/member.h"
#include "src/base/text.h"
#include "src/store/index_tree.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

// What to do; the numbers pick from what there is when the operation comes up, so that a sequence stays
// meaningful while it shrinks.
enum class Kind : uint8_t {
  kInsertClient,
  kUpdateClient,
  kDeleteClient,
  kInsertGroup,
  kUpdateGroup,
  kDeleteGroup,
  kInsertTask,
  kUpdateTask,
  kDeleteTask,
  kSavepoint,
  kRelease,
  kRollBack,
  kCommit,
  kAbort,
  kReopen,
  kSnapshot,
  kLast = kSnapshot
};
struct Operation {
  Kind kind;
  uint32_t a, b, c, d;
};

[[maybe_unused]] void showValue(const Operation& o, std::ostream& out) {
  out << "{Kind(" << int(o.kind) << "), " << o.a << ", " << o.b << ", " << o.c << ", " << o.d << "}";
}

rc::Gen<Operation> AnyOperation() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange<int>(0, int(Kind::kLast) + 1),
                                     rc::gen::inRange<uint32_t>(0, 64), rc::gen::inRange<uint32_t>(0, 64),
                                     rc::gen::inRange<uint32_t>(0, 64), rc::gen::inRange<uint32_t>(0, 64)),
                      [](const std::tuple<int, uint32_t, uint32_t, uint32_t, uint32_t>& t) {
                        return Operation{static_cast<Kind>(std::get<0>(t)), std::get<1>(t), std::get<2>(t),
                                         std::get<3>(t), std::get<4>(t)};
                      });
}

const std::vector<std::string>& Names() {
  static const auto* const names = new std::vector<std::string>{"",
                                                                "Anna",
                                                                "anna",
                                                                "Änna",
                                                                "Bob",
                                                                "Straße",
                                                                "STRASSE",
                                                                std::string(400, 'x') + "1",
                                                                std::string(400, 'x') + "2",
                                                                std::string(3000, 'y')};
  return *names;
}

struct Twin {
  std::map<RecordId, Client> clients;
  std::map<RecordId, Group> groups;
  std::map<RecordId, Task> tasks;
  RecordId next_client = 1, next_group = 1, next_task = 1;
};

std::string Show(const Group& g) {
  return StrCat("group ", g.id.value, " ", g.name, " parent ", g.parent ? g.parent->value : 0, " peer ",
                g.peer ? g.peer->value : 0);
}
std::string Show(const Client& c) {
  std::string text = StrCat("client ", c.id.value, " ", c.code, " ", c.name, " city ", c.home.city,
                            " street ", c.home.street.value_or("(none)"), " rating ", c.rating.value_or(-1),
                            " mentor ", c.mentor ? c.mentor->value : 0, " credit ", c.credit.minor, " ",
                            c.credit.currency.code(), " tags");
  for (const std::string& tag : c.tags) text += " " + tag;
  text += " groups";
  for (const Id<Group> group : c.groups) text += StrCat(" ", group.value);
  return text;
}
std::string Show(const Task& t) {
  return StrCat("task ", t.id.value, " client ", t.client.value, " owner ", t.owner ? t.owner->value : 0,
                " about ", t.about ? t.about->which() : 0, ":", t.about ? t.about->value() : 0, " due ",
                t.due.days);
}

const IndexRuntime& IndexOn(const TypeRuntime& type, const std::vector<std::string>& fields) {
  for (const IndexRuntime& index : type.indexes) {
    std::vector<std::string> parts;
    for (const IndexPart& part : index.index->parts) parts.push_back(type.type->fields[part.field].name);
    if (parts == fields) return index;
  }
  RELATA_CHECK(false);
}

template <class T>
void CompareRows(const Reader& reader, const std::map<RecordId, T>& expected) {
  const TypeRuntime& type = *reader.schema().Find(DeclarationOf<T>().name);
  const StructBinding* binding = reader.schema().Bind(DeclarationOf<T>()).value();
  std::vector<std::string> stored, known;
  RowCursor at(reader, type);
  for (; at.Valid(); at.Next()) {
    T entity{};
    RC_ASSERT(binding->FromRow(at.row(), at.id(), &entity).ok());
    stored.push_back(Show(entity));
  }
  RC_ASSERT(at.status().ok());
  for (const auto& [id, entity] : expected) known.push_back(Show(entity));
  RC_ASSERT(stored == known);
  RC_ASSERT(reader.CountRows(type).value() == known.size());
}

using Ids = std::vector<RecordId>;

Ids Equal(const Reader& reader, const TypeRuntime& type, const IndexRuntime& index, const Cell& value) {
  Ids ids;
  RC_ASSERT(reader.FindEqual(type, index, std::span(&value, 1), SIZE_MAX, &ids).ok());
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Compare(const Reader& reader, const Twin& twin) {
  CompareRows(reader, twin.groups);
  CompareRows(reader, twin.clients);
  CompareRows(reader, twin.tasks);

  const TypeRuntime& client = *reader.schema().Find("client");
  const IndexRuntime& by_code = IndexOn(client, {"code"});
  for (const auto& [id, c] : twin.clients) {
    const Cell code = Cell::OfBytes(c.code);
    RC_ASSERT(reader.FindUnique(client, by_code, std::span(&code, 1)).value() == id);
  }
  const IndexRuntime& by_name = IndexOn(client, {"name"});
  for (const std::string& name : Names()) {
    Ids expected;
    for (const auto& [id, c] : twin.clients) {
      if (Fold(c.name) == Fold(name)) expected.push_back(id);
    }
    RC_ASSERT(Equal(reader, client, by_name, Cell::OfBytes(name)) == expected);
  }
  // The whole composite index, in its order.
  std::vector<std::tuple<std::string, int64_t, RecordId>> in_order;
  for (const auto& [id, c] : twin.clients) {
    in_order.emplace_back(c.home.city, c.rating ? -*c.rating : INT64_MAX, id);
  }
  std::sort(in_order.begin(), in_order.end());
  Ids expected, stored;
  for (const auto& entry : in_order) expected.push_back(std::get<2>(entry));
  IndexCursor at(reader.kv(), IndexOn(client, {"home.city", "rating"}).tree, KeyRange{});
  for (; at.Valid(); at.Next()) stored.push_back(at.id());
  RC_ASSERT(at.status().ok());
  RC_ASSERT(stored == expected);
  const IndexRuntime& by_tag = IndexOn(client, {"tags"});
  for (const std::string& tag : Names()) {
    Ids tagged;
    for (const auto& [id, c] : twin.clients) {
      if (c.tags.contains(tag)) tagged.push_back(id);
    }
    RC_ASSERT(Equal(reader, client, by_tag, Cell::OfBytes(tag)) == tagged);
  }
  const EntityTypeId group_type = reader.schema().Find("group")->type->id;
  const TypeRuntime& task = *reader.schema().Find("task");
  for (const auto& [group, g] : twin.groups) {
    Ids members, about;
    for (const auto& [id, c] : twin.clients) {
      if (c.groups.contains(Id<Group>(group))) members.push_back(id);
    }
    for (const auto& [id, t] : twin.tasks) {
      if (t.about && t.about->As<Group>() == Id<Group>(group)) about.push_back(id);
    }
    Ids ids;
    RC_ASSERT(
        reader.FindReferrers(client, *client.type->FindField("groups"), {group_type, group}, &ids).ok());
    RC_ASSERT(ids == members);
    RC_ASSERT(reader.FindReferrers(task, *task.type->FindField("about"), {group_type, group}, &ids).ok());
    RC_ASSERT(ids == about);
  }
}

class Sequence {
 public:
  Sequence() { Open(); }

  void Do(const Operation& o) {
    switch (o.kind) {
      case Kind::kInsertClient:
        return Write([&](Twin& t) { return Put(t, MakeClient(t, o), true); });
      case Kind::kUpdateClient:
        return Write([&](Twin& t) {
          Client c = MakeClient(t, o);
          c.id = Pick(t.clients, o.d, t.next_client);
          return Put(t, c, false);
        });
      case Kind::kDeleteClient:
        return Write([&](Twin& t) { return Remove(t, Pick(t.clients, o.a, t.next_client)); });
      case Kind::kInsertGroup:
        return Write([&](Twin& t) { return Put(t, MakeGroup(t, o), true); });
      case Kind::kUpdateGroup:
        return Write([&](Twin& t) {
          Group g = MakeGroup(t, o);
          g.id = Pick(t.groups, o.d, t.next_group);
          return Put(t, g, false);
        });
      case Kind::kDeleteGroup:
        return Write([&](Twin& t) { return Remove(t, Pick(t.groups, o.a, t.next_group)); });
      case Kind::kInsertTask:
        return Write([&](Twin& t) { return Put(t, MakeTask(t, o), true); });
      case Kind::kUpdateTask:
        return Write([&](Twin& t) {
          Task task = MakeTask(t, o);
          task.id = Pick(t.tasks, o.d, t.next_task);
          return Put(t, task, false);
        });
      case Kind::kDeleteTask:
        return Write([&](Twin& t) { return Remove(t, Pick(t.tasks, o.a, t.next_task)); });
      case Kind::kSavepoint:
        if (tx_ == nullptr) Begin();
        RC_ASSERT(tx_->BeginSavepoint().ok());
        twins_.push_back(twins_.back());
        return;
      case Kind::kRelease:
        if (twins_.size() < 3) return;
        RC_ASSERT(tx_->ReleaseSavepoint().ok());
        twins_.erase(twins_.end() - 2);
        return;
      case Kind::kRollBack:
        if (twins_.size() < 3) return;
        tx_->RollBackToSavepoint();
        twins_.pop_back();
        Compare(*tx_, twins_.back());
        return;
      case Kind::kCommit:
        return Commit();
      case Kind::kAbort:
        tx_.reset();
        twins_.resize(1);
        return;
      case Kind::kReopen:
        Commit();
        snapshots_.clear();
        store_.reset();
        Open();
        CompareNow();
        return;
      case Kind::kSnapshot:
        if (snapshots_.size() == 3) {
          Compare(snapshots_.front().first, snapshots_.front().second);
          snapshots_.erase(snapshots_.begin());
        }
        snapshots_.emplace_back(store_->Read().value(), twins_.front());
        return;
    }
  }

  void Finish() {
    Commit();
    for (const auto& [snapshot, twin] : snapshots_) Compare(snapshot, twin);
    CompareNow();
    RC_ASSERT(Findings(store_.get()) == "");
  }

 private:
  void Open() {
    StatusOr<std::shared_ptr<Store>> store = Store::Open(folder_.File(), SmallStore(StandingClock()));
    RC_ASSERT(store.ok());
    store_ = *std::move(store);
    RC_ASSERT(store_->Register(Model()).ok());
  }
  void Begin() {
    tx_ = store_->Begin({}).value();
    twins_.push_back(twins_.front());
  }
  // Runs one write in the transaction, and has the twin say what must come of it.
  template <class F>
  void Write(F write) {
    if (tx_ == nullptr) Begin();
    write(twins_.back());
  }
  void Commit() {
    if (tx_ == nullptr) return;
    Compare(*tx_, twins_.back());
    RC_ASSERT(store_->Commit(std::move(tx_)).ok());
    tx_.reset();
    twins_ = {twins_.back()};
    CompareNow();
  }
  void CompareNow() { Compare(*store_->Read(), twins_.front()); }

  template <class T>
  static Id<T> Pick(const std::map<RecordId, T>& rows, uint32_t n, RecordId next) {
    // Now and then a record that is not there, or not any more.
    if (n >= 60) return Id<T>(1 + n % (next + 1));
    return rows.empty() ? Id<T>(next) : std::next(rows.begin(), n % rows.size())->second.id;
  }
  static Client MakeClient(const Twin& t, const Operation& o) {
    Client c;
    c.code = o.a == 63 ? "" : o.a == 62 ? "far too long" : StrCat("c", o.a % 16);
    c.name = Names()[o.b % Names().size()];
    c.home.city = Names()[o.c % 5];
    if (o.c % 3 == 0) c.home.street = Names()[o.b % 5];
    if (o.d % 4 != 0) c.rating = o.d % 5;
    for (uint32_t i = 0; i < o.d % 4; ++i) c.tags.insert(Names()[(o.b + i * o.c) % Names().size()]);
    for (uint32_t i = 0; i < o.c % 4 && !t.groups.empty(); ++i) {
      c.groups.insert(Pick(t.groups, o.d + i * o.a, t.next_group));
    }
    if (o.b % 3 == 0) c.mentor = Pick(t.clients, o.c, t.next_client);
    c.credit = Money::Eur(o.d);
    c.currency = Currency::Eur();
    return c;
  }
  static Group MakeGroup(const Twin& t, const Operation& o) {
    Group g;
    g.name = Names()[o.a % Names().size()];
    if (o.b % 2 == 0) g.parent = Pick(t.groups, o.b, t.next_group);
    if (o.c % 3 == 0) g.peer = Pick(t.groups, o.c, t.next_group);
    return g;
  }
  static Task MakeTask(const Twin& t, const Operation& o) {
    Task task;
    task.client = Pick(t.clients, o.a, t.next_client);
    if (o.b % 2 == 0) task.owner = Pick(t.groups, o.b, t.next_group);
    if (o.c % 4 == 0) task.about = Pick(t.clients, o.c, t.next_client);
    if (o.c % 4 == 1) task.about = Pick(t.groups, o.c, t.next_group);
    task.due = Date{static_cast<int32_t>(20'000 + o.d)};
    return task;
  }

  template <class T>
  void Stored(const T& entity, bool insert, absl::StatusCode expected, std::map<RecordId, T>* rows,
              RecordId* next) {
    T stored = entity;
    Status status;
    if (insert) {
      const StatusOr<Id<T>> id = Insert(*tx_, entity);
      status = id.status();
      if (id.ok()) {
        RC_ASSERT(id->value == *next);
        stored.id = *id;
      }
    } else {
      status = Change(*tx_, entity);
    }
    if (status.code() != expected) RC_FAIL(StrCat(Show(entity), ": ", Text(status)));
    if (!status.ok()) return;
    (*rows)[stored.id.value] = stored;
    if (insert) ++*next;
  }

  void Put(Twin& t, const Client& c, bool insert) {
    const absl::StatusCode expected = [&] {
      if (!insert && !t.clients.contains(c.id.value)) return absl::StatusCode::kNotFound;
      if (c.code.empty() || c.code.size() > 8) return absl::StatusCode::kInvalidArgument;
      for (const Id<Group> group : c.groups) {
        if (!t.groups.contains(group.value)) return absl::StatusCode::kNotFound;
      }
      if (c.mentor && !t.clients.contains(c.mentor->value)) return absl::StatusCode::kNotFound;
      for (const auto& [id, other] : t.clients) {
        if (id != c.id.value && other.code == c.code) return absl::StatusCode::kAlreadyExists;
      }
      return absl::StatusCode::kOk;
    }();
    Stored(c, insert, expected, &t.clients, &t.next_client);
  }
  void Put(Twin& t, const Group& g, bool insert) {
    const absl::StatusCode expected = [&] {
      if (!insert && !t.groups.contains(g.id.value)) return absl::StatusCode::kNotFound;
      // Fields are looked at in their order, and a ring in the hierarchy comes with the parent.
      if (g.parent && !t.groups.contains(g.parent->value)) return absl::StatusCode::kNotFound;
      if (!insert && g.parent) {
        for (RecordId at = g.parent->value; at != 0;) {
          if (at == g.id.value) return absl::StatusCode::kInvalidArgument;
          const Group& above = t.groups.at(at);
          at = above.parent ? above.parent->value : 0;
        }
      }
      if (g.peer && !t.groups.contains(g.peer->value)) return absl::StatusCode::kNotFound;
      return absl::StatusCode::kOk;
    }();
    Stored(g, insert, expected, &t.groups, &t.next_group);
  }
  void Put(Twin& t, const Task& task, bool insert) {
    const absl::StatusCode expected = [&] {
      if (!insert && !t.tasks.contains(task.id.value)) return absl::StatusCode::kNotFound;
      if (!t.clients.contains(task.client.value)) return absl::StatusCode::kNotFound;
      if (task.owner && !t.groups.contains(task.owner->value)) return absl::StatusCode::kNotFound;
      if (task.about) {
        const bool there = task.about->As<Client>() ? t.clients.contains(task.about->value())
                                                    : t.groups.contains(task.about->value());
        if (!there) return absl::StatusCode::kNotFound;
      }
      return absl::StatusCode::kOk;
    }();
    Stored(task, insert, expected, &t.tasks, &t.next_task);
  }

  template <class T>
  void Removed(Id<T> id, absl::StatusCode expected) {
    const Status status = Erase(*tx_, id);
    if (status.code() != expected) RC_FAIL(StrCat("delete ", id.value, ": ", Text(status)));
  }
  void Remove(Twin& t, Id<Task> id) {
    Removed(id, t.tasks.erase(id.value) == 1 ? absl::StatusCode::kOk : absl::StatusCode::kNotFound);
  }
  void Remove(Twin& t, Id<Client> id) {
    const bool there = t.clients.erase(id.value) == 1;
    Removed(id, there ? absl::StatusCode::kOk : absl::StatusCode::kNotFound);
    if (!there) return;
    std::erase_if(t.tasks, [&](const auto& task) { return task.second.client == id; });
    for (auto& [task_id, task] : t.tasks) {
      if (task.about && task.about->As<Client>() == id) task.about.reset();
    }
    for (auto& [client_id, client] : t.clients) {
      if (client.mentor == id) client.mentor.reset();
    }
  }
  void Remove(Twin& t, Id<Group> id) {
    if (!t.groups.contains(id.value)) return Removed(id, absl::StatusCode::kNotFound);
    std::set<RecordId> going = {id.value};
    for (bool more = true; more;) {
      more = false;
      for (const auto& [other, g] : t.groups) {
        const bool follows =
            (g.parent && going.contains(g.parent->value)) || (g.peer && going.contains(g.peer->value));
        if (follows) more |= going.insert(other).second;
      }
    }
    for (const auto& [task_id, task] : t.tasks) {
      if (task.owner && going.contains(task.owner->value)) {
        return Removed(id, absl::StatusCode::kFailedPrecondition);
      }
    }
    Removed(id, absl::StatusCode::kOk);
    for (const RecordId gone : going) {
      t.groups.erase(gone);
      for (auto& [client_id, client] : t.clients) client.groups.erase(Id<Group>(gone));
      for (auto& [task_id, task] : t.tasks) {
        if (task.about && task.about->As<Group>() == Id<Group>(gone)) task.about.reset();
      }
    }
  }

  Folder folder_;
  std::shared_ptr<Store> store_;
  std::vector<std::pair<Snapshot, Twin>> snapshots_;
  std::unique_ptr<Transaction> tx_;
  std::vector<Twin> twins_ = {Twin{}};  // committed; then the transaction's and one per savepoint
};

TEST(ModelTest, TheStoreDoesWhatItsTwinDoes) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = FullRun() ? 10'000 : 300;
  params.maxSize = 80;
  const auto result = rc::detail::checkTestable(
      [] {
        const auto operations = *rc::gen::container<std::vector<Operation>>(AnyOperation()).as("operations");
        Sequence sequence;
        for (const Operation& operation : operations) sequence.Do(operation);
        sequence.Finish();
      },
      rc::detail::TestMetadata{"store model", "the store does what its twin does"}, params);
  std::ostringstream what;
  rc::detail::printResultMessage(result, what);
  EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << what.str();
}

}  // namespace
}  // namespace relata::store::test
