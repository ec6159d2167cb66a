// Raw LMDB as a peer, the floor: rows as length-prefixed fields under a big-endian id, appended; five index
// trees sorted in memory and appended; every byte of a row is read. No schema, no checks, no checksum. A
// commit writes the same trees as relata's: row, five indexes, and an entry of a log.
#include <lmdb.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "benchmarks/peer.h"

namespace benchmarks {

namespace {

void PutBigEndian(std::string* out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

std::string Encode(const Row& row) {
  std::string bytes(16, '\0');
  std::memcpy(bytes.data(), &row.credit_limit.minor, 8);
  std::memcpy(bytes.data() + 8, &row.number, 8);
  bytes.append(reinterpret_cast<const char*>(&row.acquired_on.days), 4);
  for (const std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone, &row.email,
                                  &row.kvk_number, &row.industry}) {
    const auto size = static_cast<uint16_t>(text->size());
    bytes.append(reinterpret_cast<const char*>(&size), 2).append(*text);
  }
  return bytes;
}

// Reads every byte, eight at a time.
int64_t Touch(const MDB_val& value) {
  const char* at = static_cast<const char*>(value.mv_data);
  uint64_t sum = 0;
  size_t i = 0;
  for (; i + 8 <= value.mv_size; i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at + i, 8);
    sum ^= word;
  }
  for (; i < value.mv_size; ++i) sum ^= static_cast<unsigned char>(at[i]);
  return static_cast<int64_t>(sum);
}

class LmdbPeer : public Peer {
 public:
  explicit LmdbPeer(const std::string& path) {
    Check(mdb_env_create(&env_));
    Check(mdb_env_set_mapsize(env_, size_t{16} << 30));
    Check(mdb_env_set_maxdbs(env_, 8));
    Check(mdb_env_open(env_, path.c_str(), MDB_NOSUBDIR | MDB_NOTLS, 0644));
    MDB_txn* txn = nullptr;
    Check(mdb_txn_begin(env_, nullptr, 0, &txn));
    for (int i = 0; i < 7; ++i) Check(mdb_dbi_open(txn, std::to_string(i).c_str(), MDB_CREATE, &trees_[i]));
    Check(mdb_txn_commit(txn));
  }
  ~LmdbPeer() override { mdb_env_close(env_); }
  std::string_view name() const override { return "lmdb"; }

  void Load(std::span<const Row> rows) override {
    MDB_txn* txn = nullptr;
    Check(mdb_txn_begin(env_, nullptr, 0, &txn));
    uint64_t id = 0;
    for (const Row& row : rows) {
      std::string key;
      PutBigEndian(&key, ++id);
      Append(txn, 0, key, Encode(row));
    }
    using Entries = std::vector<std::pair<std::string, std::string>>;
    for (int tree = 1; tree <= 5; ++tree) {
      Entries entries;
      entries.reserve(rows.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        std::string suffix;
        PutBigEndian(&suffix, i + 1);
        std::string key = KeyOf(rows[i], tree);
        if (tree == 1) {
          entries.emplace_back(std::move(key), std::move(suffix));
        } else {
          entries.emplace_back(key + suffix, std::string());
        }
      }
      std::sort(entries.begin(), entries.end());
      for (const auto& [key, value] : entries) Append(txn, tree, key, value);
    }
    Check(mdb_txn_commit(txn));
  }

  int64_t ReadById(std::span<const uint64_t> ids) override {
    const Reading reading(this);
    int64_t sum = 0;
    for (const uint64_t id : ids) sum += reading.CreditOf(id);
    return sum;
  }

  int64_t ReadByNumber(std::span<const int64_t> numbers) override {
    const Reading reading(this);
    int64_t sum = 0;
    for (const int64_t number : numbers) {
      std::string key;
      PutBigEndian(&key, static_cast<uint64_t>(number));
      const MDB_val value = reading.Get(1, key);
      uint64_t id = 0;
      for (size_t i = 0; i < 8; ++i) id = id << 8 | static_cast<const unsigned char*>(value.mv_data)[i];
      sum += reading.CreditOf(id);
    }
    return sum;
  }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    const Reading reading(this);
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      std::string key;
      PutBigEndian(&key, id);
      const MDB_val value = reading.Get(0, key);
      const char* at = static_cast<const char*>(value.mv_data);
      Row row;
      std::memcpy(&row.credit_limit.minor, at, 8);
      std::memcpy(&row.number, at + 8, 8);
      std::memcpy(&row.acquired_on.days, at + 16, 4);
      at += 20;
      sum += row.credit_limit.minor;
      for (std::string* text : {&row.name, &row.street, &row.postcode, &row.city, &row.phone, &row.email,
                                &row.kvk_number, &row.industry}) {
        uint16_t size = 0;
        std::memcpy(&size, at, 2);
        text->assign(at + 2, size);
        at += 2 + size;
        sum += static_cast<int64_t>(text->size());
      }
    }
    return sum;
  }

  std::function<void(const Row&)> Committer() override {
    return [this](const Row& row) {
      MDB_txn* txn = nullptr;
      Check(mdb_txn_begin(env_, nullptr, 0, &txn));
      MDB_stat rows{};
      Check(mdb_stat(txn, trees_[0], &rows));
      std::string id;
      PutBigEndian(&id, rows.ms_entries + 1);
      Append(txn, 0, id, Encode(row));
      for (int tree = 1; tree <= 5; ++tree) {
        const std::string key = KeyOf(row, tree);
        tree == 1 ? Put(txn, tree, key, id, 0) : Put(txn, tree, key + id, std::string(), 0);
      }
      MDB_stat log{};
      Check(mdb_stat(txn, trees_[6], &log));
      std::string sequence;
      PutBigEndian(&sequence, log.ms_entries + 1);
      Append(txn, 6, sequence, std::string(40, 'x'));  // about as long as relata's entry for an insert
      Check(mdb_txn_commit(txn));
    };
  }

 private:
  static void Check(int code) { Require(code == 0, mdb_strerror(code)); }

  void Put(MDB_txn* txn, int tree, const std::string& key, const std::string& value, unsigned int how) {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{value.size(), const_cast<char*>(value.data())};
    Check(mdb_put(txn, trees_[tree], &k, &v, how));
  }
  void Append(MDB_txn* txn, int tree, const std::string& key, const std::string& value) {
    Put(txn, tree, key, value, MDB_APPEND);
  }

  static std::string KeyOf(const Row& row, int tree) {
    std::string key;
    switch (tree) {
      case 1:
        PutBigEndian(&key, static_cast<uint64_t>(row.number));
        return key;
      case 2:
        return row.name + '\0';
      case 3:
        return row.city + '\0';
      case 4:
        return row.industry + '\0';
      default:
        PutBigEndian(&key, static_cast<uint64_t>(row.acquired_on.days));
        return key;
    }
  }

  struct Reading {
    explicit Reading(LmdbPeer* of) : peer(of) { Check(mdb_txn_begin(peer->env_, nullptr, MDB_RDONLY, &txn)); }
    ~Reading() { mdb_txn_abort(txn); }
    MDB_val Get(int tree, std::string& key) const {
      MDB_val k{key.size(), key.data()};
      MDB_val value;
      Check(mdb_get(txn, peer->trees_[tree], &k, &value));
      return value;
    }
    int64_t CreditOf(uint64_t id) const {
      std::string key;
      PutBigEndian(&key, id);
      const MDB_val value = Get(0, key);
      peer->touched_ = peer->touched_ + Touch(value);
      int64_t credit = 0;
      std::memcpy(&credit, value.mv_data, 8);
      return credit;
    }
    LmdbPeer* peer;
    MDB_txn* txn = nullptr;
  };

  MDB_env* env_ = nullptr;
  MDB_dbi trees_[7] = {};  // rows, five indexes, a log
  volatile int64_t touched_ = 0;
};

}  // namespace

std::unique_ptr<Peer> MakeLmdb(const std::string& path) { return std::make_unique<LmdbPeer>(path); }

}  // namespace benchmarks
