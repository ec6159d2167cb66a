// Raw LMDB as a peer, the floor: rows as length-prefixed fields under their id, appended; five index trees
// sorted in memory and appended; every byte of a row is read. Ids, numbers and the log's sequence are its own
// integer keys (MDB_INTEGERKEY), which it compares fastest. No schema, no checks, no checksum. A commit
// writes the same trees as relata's: row, five indexes, and an entry of a log. Threads share the environment,
// each read with a transaction of its own.
#include <lmdb.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "benchmarks/peer.h"

namespace benchmarks {

namespace {

void PutBigEndian(std::string* out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

std::string_view BytesOf(const uint64_t& integer) {
  return {reinterpret_cast<const char*>(&integer), sizeof integer};
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
    for (int i = 0; i < 7; ++i) {
      const unsigned int integers = i == kRows || i == kNumbers || i == kLog ? MDB_INTEGERKEY : 0;
      Check(mdb_dbi_open(txn, std::to_string(i).c_str(), MDB_CREATE | integers, &trees_[i]));
    }
    Check(mdb_txn_commit(txn));
  }
  ~LmdbPeer() override { mdb_env_close(env_); }
  std::string_view name() const override { return "lmdb"; }

  void Load(std::span<const Row> rows) override {
    MDB_txn* txn = nullptr;
    Check(mdb_txn_begin(env_, nullptr, 0, &txn));
    uint64_t id = 0;
    for (const Row& row : rows) {
      ++id;
      Append(txn, kRows, BytesOf(id), Encode(row));
    }
    std::vector<std::pair<uint64_t, uint64_t>> numbers;
    numbers.reserve(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) numbers.emplace_back(rows[i].number, i + 1);
    std::sort(numbers.begin(), numbers.end());
    for (const auto& [number, of] : numbers) Append(txn, kNumbers, BytesOf(number), BytesOf(of));
    for (int tree = kNumbers + 1; tree < kLog; ++tree) {
      std::vector<std::string> keys;
      keys.reserve(rows.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        keys.push_back(KeyOf(rows[i], tree));
        PutBigEndian(&keys.back(), i + 1);
      }
      std::sort(keys.begin(), keys.end());
      for (const std::string& key : keys) Append(txn, tree, key, {});
    }
    Check(mdb_txn_commit(txn));
  }

  int64_t ReadById(std::span<const uint64_t> ids) override {
    Reading reading(this);
    int64_t sum = 0;
    for (const uint64_t id : ids) sum += reading.CreditOf(id);
    return sum;
  }

  int64_t ReadByNumber(std::span<const int64_t> numbers) override {
    Reading reading(this);
    int64_t sum = 0;
    for (const int64_t number : numbers) {
      uint64_t id = 0;
      std::memcpy(&id, reading.Get(kNumbers, static_cast<uint64_t>(number)).mv_data, sizeof id);
      sum += reading.CreditOf(id);
    }
    return sum;
  }

  int64_t ReadWhole(std::span<const uint64_t> ids) override {
    Reading reading(this);
    int64_t sum = 0;
    for (const uint64_t id : ids) {
      const MDB_val value = reading.Get(kRows, id);
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
      const uint64_t id = CountOf(txn, kRows) + 1;
      Append(txn, kRows, BytesOf(id), Encode(row));
      Put(txn, kNumbers, BytesOf(static_cast<uint64_t>(row.number)), BytesOf(id), 0);
      for (int tree = kNumbers + 1; tree < kLog; ++tree) {
        std::string key = KeyOf(row, tree);
        PutBigEndian(&key, id);
        Put(txn, tree, key, {}, 0);
      }
      const uint64_t sequence = CountOf(txn, kLog) + 1;
      Append(txn, kLog, BytesOf(sequence), std::string(40, 'x'));  // as long as relata's entry of an insert
      Check(mdb_txn_commit(txn));
    };
  }

 private:
  static void Check(int code) { Require(code == 0, mdb_strerror(code)); }

  uint64_t CountOf(MDB_txn* txn, int tree) {
    MDB_stat stat{};
    Check(mdb_stat(txn, trees_[tree], &stat));
    return stat.ms_entries;
  }
  void Put(MDB_txn* txn, int tree, std::string_view key, std::string_view value, unsigned int how) {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{value.size(), const_cast<char*>(value.data())};
    Check(mdb_put(txn, trees_[tree], &k, &v, how));
  }
  void Append(MDB_txn* txn, int tree, std::string_view key, std::string_view value) {
    Put(txn, tree, key, value, MDB_APPEND);
  }

  static std::string KeyOf(const Row& row, int tree) {
    std::string key;
    switch (tree) {
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
    ~Reading() {
      peer->touched_ = touched;
      mdb_txn_abort(txn);
    }
    MDB_val Get(int tree, uint64_t key) const {
      MDB_val k{sizeof key, &key};
      MDB_val value;
      Check(mdb_get(txn, peer->trees_[tree], &k, &value));
      return value;
    }
    int64_t CreditOf(uint64_t id) {
      const MDB_val value = Get(kRows, id);
      touched += Touch(value);
      int64_t credit = 0;
      std::memcpy(&credit, value.mv_data, 8);
      return credit;
    }
    LmdbPeer* peer;
    MDB_txn* txn = nullptr;
    int64_t touched = 0;
  };

  MDB_env* env_ = nullptr;
  static constexpr int kRows = 0, kNumbers = 1, kLog = 6;  // and four indexes between
  MDB_dbi trees_[7] = {};
  std::atomic<int64_t> touched_ = 0;  // so that no byte is read in vain
};

}  // namespace

std::unique_ptr<Peer> MakeLmdb(const std::string& path) { return std::make_unique<LmdbPeer>(path); }

}  // namespace benchmarks
