// Defines Writer, the writes of an ordinary hour at the sample company, for what live segments cost a commit.
//
//   Writer writer(&db, company, clock);
//   writer.Write();     // one commit
//
// Thread safety: one thread.
#ifndef RELATA_BENCHMARKS_WRITES_H_
#define RELATA_BENCHMARKS_WRITES_H_

#include <cstdint>
#include <memory>

#include "benchmarks/company.h"
#include "relata/relata.h"

namespace benchmarks {

// Four in ten change a relation, four add a contact moment, two add an order. The clock moves on ten seconds
// with each. Deterministic: the same writes from every new Writer.
class Writer {
 public:
  Writer(relata::Database* db, const Company& company, std::shared_ptr<relata::ManualClock> clock)
      : db_(db), company_(company), clock_(std::move(clock)) {}

  void Write();

 private:
  relata::Database* db_;
  const Company& company_;
  std::shared_ptr<relata::ManualClock> clock_;
  uint64_t written_ = 0;
};

}  // namespace benchmarks

#endif  // RELATA_BENCHMARKS_WRITES_H_
