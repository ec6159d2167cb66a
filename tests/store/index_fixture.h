// Defines what the tests of index trees share: a store file of their own, and a std::set that does what a
// tree should.
#ifndef RELATA_TESTS_STORE_INDEX_FIXTURE_H_
#define RELATA_TESTS_STORE_INDEX_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/store/id_block.h"
#include "src/store/index_tree.h"
#include "tests/kv/fixture.h"

namespace relata::store {

using kv::Ok;

class IndexTreeTest : public kv::KvTest {
 protected:
  IndexTreeTest() {
    kv::OpenOptions options = kv::SmallMap();
    options.durability = kv::Durability::kUnsafe;
    environment_ = Open(options);
    cities_ = IndexTree(kv::MakeTree(*environment_, "cities"), /*unique=*/false);
    serials_ = IndexTree(kv::MakeTree(*environment_, "serials"), /*unique=*/true);
  }
  kv::WriteTransaction Write() { return environment_->BeginWrite().value(); }

  std::shared_ptr<kv::Environment> environment_;
  IndexTree cities_;
  IndexTree serials_;
};

// As IndexKeyCoder would code a text: no key begins another one.
inline std::string KeyOf(const std::string& text) { return text + '\x01'; }

using Entry = std::pair<std::string, RecordId>;

// All entries of a range, as a cursor shows them.
inline std::vector<Entry> Scan(const kv::Transaction& txn, const IndexTree& tree, const KeyRange& range = {},
                               Direction direction = Direction::kForward) {
  std::vector<Entry> entries;
  IndexCursor at(txn, tree, range, direction);
  for (; at.Valid(); at.Next()) entries.emplace_back(at.values(), at.id());
  EXPECT_TRUE(Ok(at.status()));
  return entries;
}

// The number of blocks, or of a unique index's entries.
inline uint64_t Blocks(const kv::Transaction& txn, const IndexTree& tree) {
  return txn.StatTree(tree.tree()).value().entries;
}

// What an index tree should do.
class Model {
 public:
  bool Insert(const std::string& key, RecordId id) { return entries_.emplace(key, id).second; }
  bool Erase(const std::string& key, RecordId id) { return entries_.erase({key, id}) == 1; }
  const std::set<Entry>& entries() const { return entries_; }

  std::vector<Entry> Scan(const KeyRange& range, Direction direction = Direction::kForward) const {
    std::vector<Entry> found;
    for (const Entry& entry : entries_) {
      if (entry.first >= range.low && (range.high.empty() || entry.first < range.high))
        found.push_back(entry);
    }
    if (direction == Direction::kBackward) std::reverse(found.begin(), found.end());
    return found;
  }
  std::vector<RecordId> Ids(const KeyRange& range) const {
    std::vector<RecordId> ids;
    for (const Entry& entry : Scan(range)) ids.push_back(entry.second);
    return ids;
  }

 private:
  std::set<Entry> entries_;
};

}  // namespace relata::store

#endif  // RELATA_TESTS_STORE_INDEX_FIXTURE_H_
