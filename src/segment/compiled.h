// Defines Compiled: the segments of one version of the catalogue, ready to be kept: each with its program and
// what that depends on, those that are used before those that use them.
//
//   RELATA_ASSIGN_OR_RETURN(auto compiled, Compiled::Make(reader.shared_schema(), nullptr));
//   compiled->dependents().Meet(changed, slot, &guards, [&](Place place, uint32_t dependency) { … });
//
// A segment takes on what the segments it uses depend on: their kind where that costs more, and their group,
// which is those that time must move together, since a flip of one may be a flip of another that very moment.
//
// Thread safety: immutable. Lifetime: keeps its schema alive. Cost: of Make, O(definitions that are new); of
// the first terms(), O(all definitions).
#ifndef RELATA_SEGMENT_COMPILED_H_
#define RELATA_SEGMENT_COMPILED_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/base/call_once.h"
#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "relata/schema/segment_definition.h"
#include "src/expr/program.h"
#include "src/segment/analysis.h"
#include "src/segment/dependents.h"
#include "src/segment/terms.h"
#include "src/store/schema_runtime.h"

namespace relata::segment {

// The place of a segment among all, by rank: what it uses comes before it.
using Place = uint32_t;

struct CompiledSegment {
  uint32_t id = 0;
  uint32_t version = 0;
  EntityTypeId entity = 0;
  std::shared_ptr<const expr::Program> program = nullptr;
  std::shared_ptr<const Analysis> analysis = nullptr;
  Kind kind = Kind::kStored;  // with what it uses
  bool dated = false;         // time changes it at local midnights only
  bool uses_clock = false;    // or a segment it uses does
  uint32_t group = 0;
  // Those that use it, and the use among theirs.
  struct User {
    Place place;
    uint32_t use;
  };
  std::vector<User> users = {};
};

// What is asked of a segment most, in one place for all.
struct Standing {
  uint32_t id = 0;
  uint32_t level = 0;  // above all it uses; of one that uses none, 0
  EntityTypeId entity = 0;
  bool kept = false;  // not computed when read
  bool used = false;  // by another segment
};

class Compiled {
 public:
  // `previous`, which may be nullptr, lends what has not changed since. InvalidArgument names a definition
  // that makes no sense any more.
  static StatusOr<std::shared_ptr<const Compiled>> Make(
      const std::shared_ptr<const store::SchemaRuntime>& schema,
      const std::shared_ptr<const Compiled>& previous);

  const std::shared_ptr<const store::SchemaRuntime>& schema() const { return schema_; }
  bool empty() const { return segments_.empty(); }
  const std::vector<CompiledSegment>& segments() const { return segments_; }  // by rank
  const CompiledSegment& at(Place place) const { return segments_[place]; }
  const Standing& standing(Place place) const { return standings_[place]; }
  uint32_t levels() const { return levels_; }
  // nullptr if there is none with this id.
  const CompiledSegment* Find(uint32_t id) const;
  Place PlaceOf(const CompiledSegment& segment) const {
    return static_cast<Place>(&segment - segments_.data());
  }

  // The conditions of those that are kept, by place. Made when first asked for.
  const Terms& terms() const;
  // What a write may concern: by place and number of the dependency.
  const Dependents& dependents() const { return dependents_; }
  // Those of a type, which an insert may enter and a delete leaves.
  std::span<const Place> Of(EntityTypeId type) const;

  // Segments that time moves together; a group without the clock is empty, as are those computed when read.
  struct Group {
    std::vector<Place> places;  // by rank; those without the clock of their own among them
    bool dated = true;          // all of them
  };
  const std::vector<Group>& groups() const { return groups_; }
  // The groups that a write to one slot (or kExistence) concerns.
  struct Concerned {
    uint32_t number = 0;          // among all slots
    std::vector<uint32_t> dated;  // see Group::dated
    std::vector<uint32_t> timed;  // the others
  };
  // nullptr where there are none.
  const Concerned* GroupsOn(EntityTypeId type, FieldId slot) const;
  size_t concerned_count() const { return groups_on_.size(); }

 private:
  Compiled() = default;
  Status Rank(std::vector<CompiledSegment> unordered);
  void Link();
  void MakeGroups();
  void IndexDependencies();

  std::shared_ptr<const store::SchemaRuntime> schema_;
  std::vector<CompiledSegment> segments_;
  std::vector<Standing> standings_;
  uint32_t levels_ = 0;
  absl::flat_hash_map<uint32_t, Place> places_;
  std::vector<Group> groups_;
  Dependents dependents_;
  absl::flat_hash_map<EntityTypeId, std::vector<Place>> of_;
  absl::flat_hash_map<uint32_t, Concerned> groups_on_;
  mutable absl::once_flag terms_once_;
  mutable Terms terms_;
};

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_COMPILED_H_
