// Defines Terms, the conditions of many segments taken apart into what is true or not of a record, each part
// once however many segments have it; and TermValues, which asks about one record after another.
//
//   Terms terms;
//   for (Place place = 0; …) terms.Add(place, *program, *analysis);      // a and b and c: three terms
//   terms.Finish();
//   TermValues values(terms);
//   values.Restart(tx, now);
//   values.TurnTo(type, id, row);
//   if (values.Ask(place) == Truth::kTrue) …
//   RELATA_RETURN_IF_ERROR(values.status());
//
// A segment's terms are asked in the order of what they cost, and a term is computed once per record: when a
// thousand segments look at the orders of a relation, these are read once, and each sum over them is made
// once. What the record's own fields must be stands before all terms, as leaves: of many, those that are true
// are looked up by the values of the fields.
//
// In a commit that only brought new records, what was true of the others before it follows from the same
// terms, the newcomers left out: Before.
//
// Thread safety: Terms immutable after Finish; TermValues one thread. Lifetime: within that of the programs;
// TermValues within that of its Terms. It may outlive a reader, and is restarted with the next. Cost: of Ask,
// a few nanoseconds a term that is known by then; of the first Restart, O(steps of all programs).
#ifndef RELATA_SEGMENT_TERMS_H_
#define RELATA_SEGMENT_TERMS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "relata/base/time.h"
#include "relata/record/row_view.h"
#include "relata/schema/ids.h"
#include "src/expr/evaluate.h"
#include "src/expr/merge.h"
#include "src/expr/program.h"
#include "src/segment/analysis.h"
#include "src/segment/leaf_index.h"
#include "src/store/reader.h"

namespace relata::segment {

using TermId = uint32_t;

class Terms {
 public:
  struct Term {
    LeafId leaf = kNoLeaf;  // in leaves(), or else:
    expr::StepIndex step = 0;
    // Its truth follows from the record's own row alone: no clock, no other record, no history. While the
    // record is not written, it stays as it is.
    bool own = false;
  };

  Terms();
  Terms(Terms&&) noexcept;
  Terms& operator=(Terms&&) noexcept;
  ~Terms();

  // `owner`: what the caller calls the condition. REQUIRES: before Finish; owners ascend.
  // `analysis`: of the program.
  void Add(uint32_t owner, const expr::Program& program, const Analysis& analysis);
  void Finish();

  // All are true where the condition is; the cheapest first, own ones before all others.
  std::span<const TermId> Of(uint32_t owner) const {
    return std::span(lists_).subspan(starts_[owner], starts_[owner + 1] - starts_[owner]);
  }
  const Term& term(TermId id) const { return terms_[id]; }
  size_t size() const { return terms_.size(); }
  const LeafIndex& leaves() const { return leaves_; }
  TermId TermOf(LeafId leaf) const { return by_leaf_[leaf]; }
  // The steps of all terms of a type. REQUIRES: there is one.
  const expr::Merged& merged(EntityTypeId type) const;

 private:
  struct OfType;

  std::vector<Term> terms_;
  LeafIndex leaves_;
  std::vector<TermId> by_leaf_;
  std::vector<TermId> lists_;     // of all owners, one after another
  std::vector<uint32_t> starts_;  // by owner
  absl::flat_hash_map<EntityTypeId, std::unique_ptr<OfType>> types_;
};

enum class Truth : uint8_t {
  kNot,
  kNotByItself,  // not, by a term that is the record's own
  kTrue,
};

class TermValues {
 public:
  explicit TermValues(const Terms& terms)
      : terms_(terms), known_(terms.size(), 0), before_(terms.size(), 0) {}

  // Forgets all answers; what now() and today() mean from here on. `newcomers`: as RowEvaluator::Restart has
  // it; none where something else was written too.
  void Restart(const store::Reader& reader, Timestamp at, std::span<const RecordRef> newcomers = {});
  void TurnTo(EntityTypeId type, RecordId id, const RowView& row);
  // Whether the condition is true of the record it was turned to. REQUIRES: it is about that type.
  Truth Ask(uint32_t owner) {
    for (const TermId term : terms_.Of(owner)) {
      const Truth truth = TruthOf(term);
      if (truth != Truth::kTrue) return truth;
    }
    return Truth::kTrue;
  }
  // Whether it was true before the newcomers came, where that can be told. REQUIRES: there are some, and the
  // record it was turned to was not written.
  std::optional<bool> Before(uint32_t owner);
  // The first failure since Restart; until it is looked at, answers are kNot.
  const Status& status() const { return status_; }

 private:
  struct Evaluator {
    expr::RowEvaluator rows;
    uint64_t restarted = 0;
  };
  enum class Past : uint8_t { kFalse, kTrue, kUnknown };
  Truth TruthOf(TermId term) {
    const uint64_t known = known_[term];
    return known >> 2 == turn_ ? static_cast<Truth>(known & 3) : Compute(term);
  }
  Past PastOf(TermId term);
  Truth Compute(TermId term);
  Truth ComputeLeaf(TermId term);

  const Terms& terms_;
  const store::Reader* reader_ = nullptr;
  Timestamp at_;
  uint64_t restarts_ = 0;
  uint64_t turn_ = 0;            // counts records
  std::vector<uint64_t> known_;  // by term: the turn it was computed in, and its truth in the lowest two bits
  std::vector<uint64_t> before_;  // the same of what it was before the newcomers, a Past
  std::span<const RecordRef> newcomers_;
  absl::flat_hash_map<EntityTypeId, std::unique_ptr<Evaluator>> evaluators_;
  Evaluator* current_ = nullptr;  // of the record's type
  EntityTypeId type_ = 0;         // of the record
  RowView row_;
  size_t leaves_asked_ = 0;  // about the record
  Status status_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_TERMS_H_
