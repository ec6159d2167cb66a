// Defines Peer, a store that the benchmarks load and read: relata, raw LMDB as the floor, SQLite as what one
// would pick instead, a Boost.MultiIndex container in memory as the ceiling without a disk. Each uses its
// best ordinary settings; see its .cc file.
#ifndef RELATA_BENCHMARKS_PEER_H_
#define RELATA_BENCHMARKS_PEER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/harness.h"
#include "benchmarks/relations.h"

namespace benchmarks {

class Peer {
 public:
  virtual ~Peer() = default;
  virtual std::string_view name() const = 0;
  // All rows and the five indexes, durable at the end.
  virtual void Load(std::span<const Row> rows) = 0;
  // One field (credit_limit) of each of these records, summed. Also proves that all peers read the same.
  virtual int64_t ReadById(std::span<const uint64_t> ids) = 0;
  virtual int64_t ReadByNumber(std::span<const int64_t> numbers) = 0;
  // Every field of each record; the sum of the credit limits and of all lengths of texts.
  virtual int64_t ReadWhole(std::span<const uint64_t> ids) = 0;
  // The same where few ids are asked for often; a peer may keep entities in memory from call to call.
  virtual int64_t ReadSkewed(std::span<const uint64_t> ids) { return ReadWhole(ids); }
  // What one of several threads reads with: ReadById, safe beside those of other threads. Lifetime: within
  // the peer's.
  virtual std::function<int64_t(std::span<const uint64_t>)> Reader() {
    return [this](std::span<const uint64_t> ids) { return ReadById(ids); };
  }
  // Bytes in the file that keep the former values and order of commits; 0 where a peer has no such log.
  virtual double LogBytes() { return 0; }
  // What one thread commits with: a function that inserts a row, all indexes kept up, and returns when that
  // is on disk. Any number of them may be at work at once. Lifetime: within the peer's.
  // None where a peer keeps nothing on disk.
  virtual std::function<void(const Row&)> Committer() = 0;
};

// A peer over the file at `path`, made if it is not there. A failure ends the program: there is nothing to
// measure then. `map_size`: bytes of address space to reserve, for valgrind, which has little; 0: as usual.
std::unique_ptr<Peer> MakeRelata(const std::string& path, uint64_t map_size = 0);
// The same, named "record": whole entities are read as records whose fields are found by name at run time.
std::unique_ptr<Peer> MakeRelataDynamic(const std::string& path);
std::unique_ptr<Peer> MakeLmdb(const std::string& path);
std::unique_ptr<Peer> MakeSqlite(const std::string& path);
// Holds no file: what is loaded goes with it.
std::unique_ptr<Peer> MakeMemory();

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_PEER_H_
