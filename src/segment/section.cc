// Encodes what a commit tells of segments, and reads it back.
#include "src/segment/section.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/segment/member_set.h"

namespace relata {

std::string_view SegmentCauseName(SegmentCause cause) {
  switch (cause) {
    case SegmentCause::kWrite:
      return "write";
    case SegmentCause::kImport:
      return "import";
    case SegmentCause::kTime:
      return "time";
    case SegmentCause::kDefinition:
      return "definition";
  }
  return "unknown";
}

}  // namespace relata

namespace relata::segment {

namespace {

constexpr char kFormat = 1;
constexpr char kFlips = 1;
constexpr char kFlipSet = 2;
constexpr char kFolded = 3;
constexpr char kPending = 4;
constexpr char kReset = 5;

// From here on a bitmap takes no more bytes than distances, however far apart the records are.
constexpr size_t kLeastSet = 256;
constexpr int kBitsOfChunk = 16;
// What a flip alone takes, about.
constexpr size_t kFlipBytes = 8;

bool OneRun(const Flip& a, const Flip& b) {
  return a.segment == b.segment && a.at == b.at && a.entered == b.entered && a.cause == b.cause;
}

bool IsCause(uint64_t cause) {
  return cause >= uint64_t{static_cast<uint8_t>(Cause::kWrite)} &&
         cause <= uint64_t{static_cast<uint8_t>(Cause::kDefinition)};
}

char* WriteVarint(uint64_t value, char* to) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

// The flips [begin, end) differ only in their records.
void PutRun(const Flip* begin, const Flip* end, Timestamp previous, std::string* out) {
  const size_t count = static_cast<size_t>(end - begin);
  const bool ascending = std::adjacent_find(begin, end, [](const Flip& a, const Flip& b) {
                           return a.record >= b.record;
                         }) == end;
  const bool as_set = ascending && count >= kLeastSet;
  const auto how = static_cast<char>(static_cast<uint8_t>(begin->cause) * 2 + (begin->entered ? 1 : 0));
  if (count == 1) {  // most are: put together here, and appended at once
    char bytes[2 + 4 * kMaxVarint64Bytes];
    char* to = bytes;
    *to++ = kFlips;
    to = WriteVarint(begin->segment, to);
    to = WriteVarint(ZigZag(begin->at.micros - previous.micros), to);
    *to++ = how;
    to = WriteVarint(1, to);
    to = WriteVarint(ZigZag(static_cast<int64_t>(begin->record)), to);
    out->append(bytes, static_cast<size_t>(to - bytes));
    return;
  }
  out->push_back(as_set ? kFlipSet : kFlips);
  PutVarint64(out, begin->segment);
  PutVarint64(out, ZigZag(begin->at.micros - previous.micros));
  out->push_back(how);
  if (!as_set) {
    PutVarint64(out, count);
    RecordId last = 0;
    for (const Flip* flip = begin; flip != end; ++flip) {
      PutVarint64(out, ZigZag(static_cast<int64_t>(flip->record - last)));
      last = flip->record;
    }
    return;
  }
  MemberSet records;
  std::vector<uint64_t> chunks;
  for (const Flip* flip = begin; flip != end; ++flip) {
    records.Set(flip->record, true);
    const uint64_t chunk = flip->record >> kBitsOfChunk;
    if (chunks.empty() || chunks.back() != chunk) chunks.push_back(chunk);
  }
  PutVarint64(out, chunks.size());
  for (const uint64_t chunk : chunks) {
    const std::string bytes = records.EncodeChunk(chunk);
    PutVarint64(out, chunk);
    PutVarint64(out, bytes.size());
    out->append(bytes);
  }
}

class Parser {
 public:
  Parser(std::string_view in, Section* section) : in_(in), section_(section) {}

  bool Parse() {
    uint64_t format = 0;
    if (!Byte(&format) || format != uint64_t{kFormat}) return false;
    section_->flips.reserve(std::min(in_.size() / kFlipBytes, kLeastSet));
    while (!in_.empty()) {
      uint64_t kind = 0;
      if (!Byte(&kind) || !Block(kind)) return false;
    }
    return true;
  }

 private:
  bool Byte(uint64_t* byte) {
    if (in_.empty()) return false;
    *byte = static_cast<uint8_t>(in_.front());
    in_.remove_prefix(1);
    return true;
  }
  bool Segment(uint32_t* segment) {
    uint64_t value = 0;
    if (!GetVarint64(&in_, &value) || value == 0 || value > UINT32_MAX) return false;
    *segment = static_cast<uint32_t>(value);
    return true;
  }
  bool Distance(int64_t* value) {
    uint64_t bits = 0;
    if (!GetVarint64(&in_, &bits)) return false;
    *value = UnZigZag(bits);
    return true;
  }

  bool Block(uint64_t kind) {
    switch (kind) {
      case kFlips:
      case kFlipSet: {
        Flip flip;
        int64_t distance = 0;
        uint64_t how = 0;
        if (!Segment(&flip.segment) || !Distance(&distance) || !Byte(&how) || !IsCause(how / 2)) return false;
        flip.at.micros = static_cast<int64_t>(static_cast<uint64_t>(at_) + static_cast<uint64_t>(distance));
        at_ = flip.at.micros;
        flip.entered = how % 2 == 1;
        flip.cause = static_cast<Cause>(how / 2);
        return kind == kFlips ? Run(flip) : Set(flip);
      }
      case kFolded: {
        Section::Folded folded;
        int64_t at = 0;
        if (!Segment(&folded.segment) || !Distance(&at)) return false;
        folded.at = Timestamp{at};
        section_->folds.push_back(folded);
        return true;
      }
      case kPending: {
        Section::Pending pending;
        uint64_t cause = 0;
        if (!Segment(&pending.segment) || !GetVarint64(&in_, &pending.from) || !Byte(&cause) ||
            !IsCause(cause)) {
          return false;
        }
        pending.cause = static_cast<Cause>(cause);
        section_->pendings.push_back(pending);
        return true;
      }
      case kReset: {
        uint32_t segment = 0;
        if (!Segment(&segment)) return false;
        section_->resets.push_back(segment);
        return true;
      }
      default:
        return false;
    }
  }

  bool Run(Flip flip) {
    uint64_t count = 0;
    if (!GetVarint64(&in_, &count) || count > in_.size()) return false;
    for (; count > 0; --count) {
      int64_t distance = 0;
      if (!Distance(&distance)) return false;
      flip.record += static_cast<RecordId>(distance);
      if (flip.record == 0 || flip.record > kMaxRecordId) return false;
      section_->flips.push_back(flip);
    }
    return true;
  }

  bool Set(Flip flip) {
    uint64_t chunks = 0;
    if (!GetVarint64(&in_, &chunks) || chunks > in_.size()) return false;
    MemberSet records;
    for (; chunks > 0; --chunks) {
      uint64_t number = 0, size = 0;
      if (!GetVarint64(&in_, &number) || !GetVarint64(&in_, &size) || size > in_.size()) return false;
      if (number > kMaxRecordId >> kBitsOfChunk || !records.DecodeChunk(number, in_.substr(0, size)))
        return false;
      in_.remove_prefix(size);
    }
    records.ForEach([&](RecordId id) {
      flip.record = id;
      section_->flips.push_back(flip);
    });
    return true;
  }

  std::string_view in_;
  Section* section_;
  int64_t at_ = 0;
};

}  // namespace

std::string Section::Encode() const {
  std::string out;
  if (empty()) return out;
  out.push_back(kFormat);
  for (const uint32_t segment : resets) {
    out.push_back(kReset);
    PutVarint64(&out, segment);
  }
  Timestamp previous{0};
  for (auto begin = flips.begin(); begin != flips.end();) {
    const auto end =
        std::find_if(begin, flips.end(), [&](const Flip& flip) { return !OneRun(*begin, flip); });
    PutRun(&*begin, &*begin + (end - begin), previous, &out);
    previous = begin->at;
    begin = end;
  }
  for (const Folded& folded : folds) {
    out.push_back(kFolded);
    PutVarint64(&out, folded.segment);
    PutVarint64(&out, ZigZag(folded.at.micros));
  }
  for (const Pending& pending : pendings) {
    out.push_back(kPending);
    PutVarint64(&out, pending.segment);
    PutVarint64(&out, pending.from);
    out.push_back(static_cast<char>(pending.cause));
  }
  return out;
}

StatusOr<Section> Section::Parse(std::string_view bytes) {
  Section section;
  if (!bytes.empty() && !Parser(bytes, &section).Parse()) {
    return absl::DataLossError("what it tells of segments cannot be read; restore a backup");
  }
  return section;
}

}  // namespace relata::segment
