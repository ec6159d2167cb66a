// Runs the conditions that a program was taken apart into, chunk by chunk.
#include "src/column/scan.h"

#include <algorithm>
#include <utility>

#include "src/column/condition.h"
#include "src/column/kernels.h"
#include "src/column/scan_compile.h"

namespace relata::column {

class Scan::State {
 public:
  // At no snapshot: to tell what a scan would be.
  explicit State(const expr::Program& program) : evaluation(program), parts(TakeApart(&evaluation)) {}
  State(const expr::Program& program, const store::Snapshot& at) : evaluation(program, at) {
    parts = TakeApart(&evaluation);
  }

  Evaluation evaluation;
  Parts parts;
};

Scan::Scan(std::unique_ptr<State> state) : state_(std::move(state)) {}
Scan::Scan(Scan&&) noexcept = default;
Scan& Scan::operator=(Scan&&) noexcept = default;
Scan::~Scan() = default;

bool Scan::Supports(const expr::Program& program) {
  if (program.type().base != expr::Base::kBool) return false;
  return State(program).parts.condition->narrows();
}

std::vector<NeededColumns> Scan::Needs(const expr::Program& program) {
  std::vector<NeededColumns> needs;
  const State state(program);
  const Parts* parts = &state.parts;
  for (const auto& [type, slots] : SlotsOf({&parts, 1})) {
    needs.push_back({.type = type, .slots = {slots.begin(), slots.end()}});
  }
  return needs;
}

StatusOr<Scan> Scan::Open(const expr::Program& program, const store::Snapshot& at, ColumnCache* cache) {
  auto state = std::make_unique<State>(program, at);
  Parts* parts = &state->parts;
  RELATA_RETURN_IF_ERROR(OpenTables({&parts, 1}, program.entity(), at, cache).status());
  return Scan(std::move(state));
}

Status Scan::Run(Visitor visit) {
  const Table& records = table();
  for (size_t chunk = 0; chunk < records.chunks(); ++chunk) {
    if (records.presence[chunk] == nullptr) continue;
    Mask mask = *records.presence[chunk];
    RELATA_RETURN_IF_ERROR(state_->parts.condition->Filter(chunk, true, &mask));
    if (mask.any() && !visit(FirstOf(chunk), mask.words)) break;
  }
  return absl::OkStatus();
}

StatusOr<uint64_t> Scan::Count() {
  uint64_t count = 0;
  RELATA_RETURN_IF_ERROR(Run([&](RecordId, std::span<const uint64_t> words) {
    count += CountBits(words);
    return true;
  }));
  return count;
}

Status Scan::AppendIds(std::vector<RecordId>* ids, uint64_t limit) {
  bool first_chunk = true;
  return Run([&](RecordId first, std::span<const uint64_t> words) {
    const size_t before = ids->size();
    if (first_chunk) {  // the others likely hold as many
      const uint64_t left = table().chunks() - ChunkOf(first);
      constexpr uint64_t kMost = uint64_t{1} << 20;  // at once
      ids->reserve(before + std::min({limit, kMost, CountBits(words) * left * 5 / 4}));
      first_chunk = false;
    }
    column::AppendIds(words, first, limit, ids);
    limit -= ids->size() - before;
    return limit != 0;
  });
}

const Table& Scan::table() const { return *state_->parts.frames[0]->table; }

std::string Scan::Describe() const {
  std::string text;
  state_->parts.condition->Describe(0, &text);
  return text;
}

uint64_t Scan::rows_asked() const { return state_->evaluation.rows_asked; }

}  // namespace relata::column
