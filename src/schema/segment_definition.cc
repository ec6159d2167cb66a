// Segments in the catalogue: found by name and by id, defined, renamed and dropped.
#include "relata/schema/segment_definition.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/base/text.h"
#include "src/schema/catalogue.h"
#include "src/schema/change.h"

namespace relata::schema {
namespace {

constexpr size_t kMaxSegmentName = 200;  // bytes

Status UnknownSegment(std::string_view name, const std::vector<std::string_view>& names) {
  return absl::NotFoundError(StrCat("unknown segment ", Quoted(name), DidYouMean(name, names)));
}

}  // namespace

std::vector<const SegmentDefinition*> Catalogue::segments() const {
  std::vector<const SegmentDefinition*> all;
  all.reserve(segments_.size());
  for (const SegmentDefinition& segment : segments_.get<ById>()) all.push_back(&segment);
  return all;
}

const SegmentDefinition* Catalogue::FindSegment(std::string_view name) const {
  const auto& by_name = segments_.get<ByName>();
  const auto at = by_name.find(std::string(name));
  return at == by_name.end() ? nullptr : &*at;
}

const SegmentDefinition* Catalogue::FindSegment(uint32_t id) const {
  const auto& by_id = segments_.get<ById>();
  const auto at = by_id.find(id);
  return at == by_id.end() ? nullptr : &*at;
}

StatusOr<const SegmentDefinition*> Catalogue::GetSegment(std::string_view name) const {
  if (const SegmentDefinition* segment = FindSegment(name)) return segment;
  std::vector<std::string_view> names;
  for (const SegmentDefinition& segment : segments_) names.push_back(segment.name);
  return UnknownSegment(name, names);
}

StatusOr<Changes> Catalogue::DefineSegments(std::span<const SegmentSpec> specs) {
  Change change(*this);
  for (const SegmentSpec& spec : specs) RELATA_RETURN_IF_ERROR(change.DefineSegment(spec));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::DefineSegment(std::string_view entity, std::string_view name,
                                           std::string_view expression, std::string_view description) {
  const SegmentSpec spec{.name = std::string(name),
                         .entity = std::string(entity),
                         .expression = std::string(expression),
                         .description = std::string(description)};
  return DefineSegments(std::span(&spec, 1));
}

StatusOr<Changes> Catalogue::DropSegment(std::string_view name) {
  Change change(*this);
  RELATA_RETURN_IF_ERROR(change.DropSegment(name));
  return change.Commit(this);
}

StatusOr<Changes> Catalogue::RenameSegment(std::string_view name, std::string_view to) {
  Change change(*this);
  RELATA_RETURN_IF_ERROR(change.RenameSegment(name, to));
  return change.Commit(this);
}

void Catalogue::RewriteSegment(uint32_t id, std::string expression) {
  auto& by_id = segments_.get<ById>();
  const auto at = by_id.find(id);
  if (at == by_id.end()) return;
  by_id.modify(at, [&](SegmentDefinition& segment) { segment.expression = std::move(expression); });
}

Status Change::CheckSegmentName(std::string_view name) const {
  const bool readable = IsValidUtf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                        });
  if (!name.empty() && name.size() <= kMaxSegmentName && readable && name.front() != ' ' &&
      name.back() != ' ') {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      StrCat("no segment can be named ", Quoted(name), ": expected text of 1 to ", kMaxSegmentName,
             " bytes in UTF-8, without control characters, and without spaces around it"));
}

Status Change::DefineSegment(const SegmentSpec& spec) {
  RELATA_RETURN_IF_ERROR(CheckSegmentName(spec.name));
  RELATA_ASSIGN_OR_RETURN(const EntityTypeId entity, Get(spec.entity));
  auto& by_name = segments_.get<Catalogue::ByName>();
  const auto known = by_name.find(spec.name);
  if (known == by_name.end()) {
    if (next_segment_ == std::numeric_limits<uint32_t>::max()) {
      return absl::ResourceExhaustedError(
          StrCat("segment ", Quoted(spec.name), ": the store has no numbers left for segments"));
    }
    segments_.insert({.id = next_segment_++,
                      .name = spec.name,
                      .entity = entity,
                      .expression = spec.expression,
                      .description = spec.description});
    changes_.any = true;
    return absl::OkStatus();
  }
  if (known->entity != entity) {
    return absl::InvalidArgumentError(StrCat("the segment ", Quoted(spec.name), " holds records of ",
                                             type(known->entity).name, ", not of ", spec.entity,
                                             "; choose another name, or drop it first"));
  }
  if (known->expression == spec.expression && known->description == spec.description) return absl::OkStatus();
  by_name.modify(known, [&](SegmentDefinition& segment) {
    if (segment.expression != spec.expression) ++segment.version;
    segment.expression = spec.expression;
    segment.description = spec.description;
  });
  changes_.any = true;
  return absl::OkStatus();
}

Status Change::DropSegment(std::string_view name) {
  auto& by_name = segments_.get<Catalogue::ByName>();
  const auto known = by_name.find(std::string(name));
  if (known == by_name.end()) {
    std::vector<std::string_view> names;
    for (const SegmentDefinition& segment : segments_) names.push_back(segment.name);
    return UnknownSegment(name, names);
  }
  by_name.erase(known);
  changes_.any = true;
  return absl::OkStatus();
}

Status Change::RenameSegment(std::string_view name, std::string_view to) {
  auto& by_name = segments_.get<Catalogue::ByName>();
  const auto known = by_name.find(std::string(name));
  if (known == by_name.end()) {
    std::vector<std::string_view> names;
    for (const SegmentDefinition& segment : segments_) names.push_back(segment.name);
    return UnknownSegment(name, names);
  }
  if (name == to) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckSegmentName(to));
  if (by_name.find(std::string(to)) != by_name.end()) {
    return absl::AlreadyExistsError(
        StrCat("the segment ", Quoted(to), " exists; choose another name for ", Quoted(name)));
  }
  by_name.modify(known, [&](SegmentDefinition& segment) { segment.name = to; });
  changes_.any = true;
  return absl::OkStatus();
}

}  // namespace relata::schema
