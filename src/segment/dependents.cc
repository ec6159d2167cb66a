// Looks dependencies up by leaf.
#include "src/segment/dependents.h"

#include <algorithm>

namespace relata::segment {
namespace {

bool WasThere(const ChangedRecord& changed) {
  return changed.former_row != nullptr || !changed.former.empty();
}

}  // namespace

void Dependents::Add(uint32_t owner, const Analysis& analysis) {
  for (uint32_t i = 0; i < analysis.dependencies.size(); ++i) {
    const Dependency& dependency = analysis.dependencies[i];
    std::unique_ptr<Slot>& slot = slots_[SlotKey(dependency.type, dependency.slot)];
    if (slot == nullptr) slot = std::make_unique<Slot>();
    const size_t finds = dependency.leaf == kNoLeaf ? 1 : 0;  // guards that it may be found by
    const auto begin = static_cast<uint32_t>(lists_.size());
    if (dependency.guards.size() > finds) {
      for (const uint32_t guard : dependency.guards) lists_.push_back(guards_.Add(analysis.leaves[guard]));
    }
    const One one{owner, i, IdOf(dependency.path), begin, static_cast<uint32_t>(lists_.size())};
    const auto add = [&](uint32_t leaf, LeafIndex* index, std::vector<std::vector<One>>* by) {
      const LeafId id = index->Add(analysis.leaves[leaf]);
      if (by->size() <= id) by->resize(id + 1);
      (*by)[id].push_back(one);
    };
    if (dependency.leaf != kNoLeaf) {
      add(dependency.leaf, &slot->flips, &slot->by_flip);
    } else if (!dependency.guards.empty()) {
      add(dependency.guards.front(), &slot->guards, &slot->by_guard);
    } else {
      slot->always.push_back(one);
    }
  }
}

PathId Dependents::IdOf(const Path& path) {
  const auto [at, fresh] = path_ids_.try_emplace(path, static_cast<PathId>(paths_.size()));
  if (fresh) paths_.push_back(path);
  return at->second;
}

void Dependents::Finish() {
  for (auto& [key, slot] : slots_) {
    slot->flips.Finish();
    slot->guards.Finish();
  }
}

bool Dependents::Guarded(const One& one, const ChangedRecord& changed, Guards* guards) const {
  for (uint32_t i = one.guards_begin; i < one.guards_end; ++i) {
    Guards::Known& known = guards->known_[lists_[i]];
    if (known == Guards::Known::kNot) {
      const Leaf& leaf = guards_.leaf(lists_[i]);
      const bool is_true = (changed.row != nullptr && leaf.IsTrue(changed.After(leaf.slot))) ||
                           (WasThere(changed) && leaf.IsTrue(changed.Before(leaf.slot)));
      known = is_true ? Guards::Known::kTrue : Guards::Known::kFalse;
    }
    if (known == Guards::Known::kFalse) return false;
  }
  return true;
}

void Dependents::Meet(
    const ChangedRecord& changed, FieldId slot_id, Guards* guards,
    absl::FunctionRef<void(uint32_t owner, uint32_t dependency, PathId path)> on_met) const {
  const auto found = slots_.find(SlotKey(changed.type, slot_id));
  if (found == slots_.end()) return;
  const Slot& slot = *found->second;
  const auto meet = [&](const std::vector<One>& ones) {
    for (const One& one : ones) {
      if (Guarded(one, changed, guards)) on_met(one.owner, one.dependency, one.path);
    }
  };
  meet(slot.always);
  if (slot.flips.size() > 0) {
    slot.flips.Flipped(changed.type, slot_id, changed.Before(slot_id), changed.After(slot_id),
                       [&](LeafId id) { meet(slot.by_flip[id]); });
  }
  if (slot.guards.size() == 0) return;
  const auto meet_guarded = [&](LeafId id) { meet(slot.by_guard[id]); };
  if (changed.row != nullptr) {
    slot.guards.True(
        changed.type, [&](FieldId field) { return changed.After(field); }, meet_guarded);
  }
  if (WasThere(changed)) {
    slot.guards.True(
        changed.type, [&](FieldId field) { return changed.Before(field); }, meet_guarded);
  }
}

}  // namespace relata::segment
