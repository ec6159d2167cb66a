// Loads the numbers that a program was taken apart into, block by block.
#include "src/column/values.h"

#include <optional>
#include <utility>

#include "src/column/scan_compile.h"

namespace relata::column {

class Values::State {
 public:
  State(const expr::Program& program, const store::Snapshot& at) : evaluation(program, at) {}

  Evaluation evaluation;
  Parts parts;
  std::shared_ptr<const Table> table;
  Block block;
};

Values::Values(std::unique_ptr<State> state) : state_(std::move(state)) {}
Values::Values(Values&&) noexcept = default;
Values& Values::operator=(Values&&) noexcept = default;
Values::~Values() = default;

StatusOr<Values> Values::Open(const expr::Program& program, const store::Snapshot& at, ColumnCache* cache) {
  auto state = std::make_unique<State>(program, at);
  std::optional<Parts> parts = TakeApartNumbers(&state->evaluation);
  if (!parts) return absl::UnavailableError("columns cannot compute these values; the rows answer");
  state->parts = *std::move(parts);
  Parts* const all[] = {&state->parts};
  RELATA_ASSIGN_OR_RETURN(state->table, OpenTables(all, program.entity(), at, cache));
  return Values(std::move(state));
}

Status Values::Run(Visitor visit) {
  const Table& table = *state_->table;
  for (size_t chunk = 0; chunk < table.chunks(); ++chunk) {
    if (table.presence[chunk] == nullptr) continue;
    for (size_t block = 0; block < kBlocks; ++block) {
      const uint64_t* records = table.presence[chunk]->words.data() + block * Block::kWords;
      if (IsEmptyBlock(records)) continue;
      RELATA_RETURN_IF_ERROR(state_->parts.numbers->Load(chunk, block, &state_->block));
      RELATA_RETURN_IF_ERROR(visit(FirstOf(chunk) + block * Block::kRecords, state_->block, records));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::column
