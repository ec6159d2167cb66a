// Conditions on one field, computed once per different value.
#include <algorithm>
#include <limits>

#include "relata/base/strings.h"
#include "src/column/field_tests.h"
#include "src/column/kernels.h"
#include "src/expr/datum.h"
#include "src/expr/text_match.h"

namespace relata::column {

using expr::Datum;
using expr::Op;
using expr::Step;

namespace {

// The widest range of numbers of which each has its answer remembered.
constexpr uint64_t kMostNumbers = 65'536;
constexpr uint64_t kMostReferences = uint64_t{1} << 24;

bool IsTextTestOp(Op op) {
  switch (op) {
    case Op::kIn:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kLike:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
      return true;
    default:
      return false;
  }
}

// Whether a text has what is asked, the constant not null.
bool TestText(Op op, std::string_view x, std::string_view y) {
  switch (op) {
    case Op::kIn:
    case Op::kEqual:
      return x == y;
    case Op::kNotEqual:
      return x != y;
    case Op::kLess:
      return x < y;
    case Op::kLessEqual:
      return x <= y;
    case Op::kGreater:
      return x > y;
    case Op::kGreaterEqual:
      return x >= y;
    case Op::kLike:
      return expr::Like(x, y);
    case Op::kStartsWith:
      return x.starts_with(y);
    case Op::kEndsWith:
      return x.ends_with(y);
    default:
      return x.find(y) != std::string_view::npos;
  }
}

}  // namespace

bool LookupTest::IsTextTest(const expr::Program& program, expr::StepIndex index) {
  const Step& step = program.step(index);
  if (!IsTextTestOp(step.op) || program.step(step.args[0]).type.base != expr::Base::kText) return false;
  const Op x = program.step(step.args[0]).op;
  return (x == Op::kField || x == Op::kFieldOf) &&
         std::all_of(step.args.begin() + 1, step.args.end(),
                     [&](expr::StepIndex arg) { return program.step(arg).op == Op::kConstant; });
}

LookupTest::LookupTest(const Frame* frame, FieldId slot, expr::StepIndex step)
    : frame_(frame), slot_(slot), step_(step) {}

double LookupTest::cost() const {
  if (!frame_->type->type->fields[slot_].is_variable()) return 2;
  // Texts that hardly recur are looked at one by one.
  if (frame_->table != nullptr) {
    for (const auto& chunk : frame_->table->column(slot_).chunks) {
      if (chunk != nullptr && chunk->form() == Chunk::Form::kBytes) return 30;
    }
  }
  return 2;
}

Status LookupTest::Prepare() {
  prepared_ = true;
  Evaluation& evaluation = *frame_->evaluation;
  const Step& step = evaluation.step(step_);
  const Field& field = frame_->type->type->fields[slot_];
  if (field.type == ValueType::kText && IsTextTest(evaluation.program(), step_)) {
    for (size_t i = 1; i < step.args.size(); ++i)
      constants_.push_back(evaluation.step(step.args[i]).constant);
  }
  if (field.is_variable()) return absl::OkStatus();  // as the dictionary grows, so do the answers
  int64_t least = std::numeric_limits<int64_t>::max();
  int64_t greatest = std::numeric_limits<int64_t>::min();
  for (const auto& chunk : frame_->table->column(slot_).chunks) {
    if (chunk == nullptr) continue;
    least = std::min(least, chunk->least());
    greatest = std::max(greatest, chunk->greatest());
  }
  if (least > greatest) return absl::OkStatus();
  const uint64_t range = static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least);
  if (range >= (field.is_reference() ? kMostReferences : kMostNumbers)) return absl::OkStatus();
  base_ = least;
  answers_.assign(range + 1, kUnknown);
  return absl::OkStatus();
}

StatusOr<LookupTest::Answer> LookupTest::Ask(const Cell& cell) {
  const Step& step = frame_->evaluation->step(step_);
  if (!constants_.empty()) {
    if (!cell.present) return kNull;
    bool unknown = false;
    for (const Datum& constant : constants_) {
      if (!constant.present) {
        unknown = true;
      } else if (TestText(step.op, cell.bytes, constant.bytes)) {
        return kTrue;
      }
    }
    return unknown ? kNull : kFalse;
  }
  RELATA_ASSIGN_OR_RETURN(const Datum value,
                          frame_->evaluation->OfOneField(step_, *frame_->type, slot_, cell));
  return !value.present ? kNull : value.bits != 0 ? kTrue : kFalse;
}

Cell LookupTest::CellOf(const Chunk& chunk, int64_t code) const {
  if (chunk.form() == Chunk::Form::kInts) return Cell::OfInt(code);
  return Cell::OfBytes(chunk.dictionary()->Text(static_cast<uint32_t>(code)));
}

Status LookupTest::Filter(size_t chunk, bool wanted, Mask* mask) {
  if (!prepared_) RELATA_RETURN_IF_ERROR(Prepare());
  const Answer answer = wanted ? kTrue : kFalse;
  const Chunk* values = frame_->chunk(slot_, chunk);
  Mask nulls = *mask;
  if (values != nullptr) nulls -= values->present();
  if (nulls.any()) {
    if (of_null_ == kUnknown) {
      RELATA_ASSIGN_OR_RETURN(of_null_, Ask(Cell::Absent()));
    }
    if (of_null_ != answer) *mask -= nulls;
  }
  if (values == nullptr) return absl::OkStatus();
  Mask found = *mask;
  found &= values->present();
  nulls &= *mask;
  if (found.any()) {
    const bool by_code = values->form() == Chunk::Form::kCodes || !answers_.empty();
    RELATA_RETURN_IF_ERROR(by_code && values->form() != Chunk::Form::kBytes
                               ? FilterCodes(*values, answer, &found)
                               : FilterEach(*values, answer, &found));
  }
  found |= nulls;
  *mask = found;
  return absl::OkStatus();
}

// Codes with the answer wanted, as runs, until there are more than a few.
Status LookupTest::FindRuns(const Chunk& chunk, size_t from, size_t to, Answer wanted) {
  // Most chunks of a column hold the same codes.
  if (runs_from_ == from && runs_to_ == to && runs_wanted_ == wanted) return absl::OkStatus();
  runs_wanted_ = kUnknown;
  runs_.clear();
  for (size_t at = from; at <= to; ++at) {
    if (answers_[at] == kUnknown) {
      RELATA_ASSIGN_OR_RETURN(answers_[at], Ask(CellOf(chunk, base_ + static_cast<int64_t>(at))));
    }
    if (answers_[at] != wanted || runs_.size() > kFewRuns) continue;
    if (runs_.empty() || runs_.back().second + 1 != at) runs_.emplace_back(at, at);
    runs_.back().second = at;
  }
  runs_from_ = from;
  runs_to_ = to;
  runs_wanted_ = wanted;
  return absl::OkStatus();
}

Status LookupTest::FilterCodes(const Chunk& chunk, Answer wanted, Mask* mask) {
  if (chunk.form() == Chunk::Form::kCodes && answers_.size() <= static_cast<size_t>(chunk.greatest())) {
    answers_.resize(static_cast<size_t>(chunk.greatest()) + 1, kUnknown);
  }
  const auto from = static_cast<size_t>(chunk.least() - base_);
  const auto to = static_cast<size_t>(chunk.greatest() - base_);
  if (to - from < CountBits(mask->words)) {
    // Each code is met about once at least: with all answers known, runs of them are ranges of numbers.
    RELATA_RETURN_IF_ERROR(FindRuns(chunk, from, to, wanted));
    if (runs_.size() <= kFewRuns) {
      Mask found;
      for (const auto& [first, last] : runs_) {
        Mask here = *mask;
        FilterNumbers(&chunk, base_ + static_cast<int64_t>(first), base_ + static_cast<int64_t>(last), true,
                      &here);
        found |= here;
      }
      *mask = found;
      return absl::OkStatus();
    }
  }
  Status status;
  const auto test = [&](const auto* numbers) {
    const Answer* answers = answers_.data() + from;
    for (size_t i = 0; i < kMaskWords && status.ok(); ++i) {
      uint64_t kept = 0;
      for (uint64_t word = mask->words[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<size_t>(std::countr_zero(word));
        const size_t code = numbers[i * 64 + bit];
        if (answers[code] == kUnknown) {
          const StatusOr<Answer> answer = Ask(CellOf(chunk, chunk.least() + static_cast<int64_t>(code)));
          if (!answer.ok()) {
            status = answer.status();
            return;
          }
          answers_[from + code] = *answer;
        }
        kept |= uint64_t{answers[code] == wanted} << bit;
      }
      mask->words[i] = kept;
    }
  };
  switch (chunk.width()) {
    case 1:
      test(chunk.numbers<uint8_t>());
      break;
    case 2:
      test(chunk.numbers<uint16_t>());
      break;
    case 4:
      test(chunk.numbers<uint32_t>());
      break;
    default:  // a run of one code was answered above; the range of answers is no wider than 32 bits
      break;
  }
  return status;
}

Status LookupTest::FilterEach(const Chunk& chunk, Answer wanted, Mask* mask) {
  for (size_t i = 0; i < kMaskWords; ++i) {
    for (uint64_t word = mask->words[i]; word != 0; word &= word - 1) {
      const size_t at = i * 64 + static_cast<size_t>(std::countr_zero(word));
      RELATA_ASSIGN_OR_RETURN(const Answer answer, Ask(chunk.Get(at)));
      if (answer != wanted) mask->Clear(at);
    }
  }
  return absl::OkStatus();
}

void LookupTest::Describe(int indent, std::string* out) const {
  const std::string_view field = frame_->type->type->fields[slot_].name;
  AppendLine(indent, StrCat("values: ", expr::NameOf(frame_->evaluation->step(step_).op), " of ", field),
             out);
}

}  // namespace relata::column
