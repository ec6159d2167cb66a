// Definitions are bound in the catalogue before a change, printed with the names after it, and bound again.
#include "src/expr/definitions.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/store/schema_runtime.h"

namespace relata::expr {
namespace {

using schema::Catalogue;

// A catalogue to compile against; nothing is read, so no tree need exist.
StatusOr<std::shared_ptr<const store::SchemaRuntime>> WithoutTrees(const Catalogue& catalogue) {
  RELATA_ASSIGN_OR_RETURN(
      std::shared_ptr<const store::SchemaRuntime> runtime,
      store::SchemaRuntime::Make(catalogue, [](std::string_view) { return StatusOr<kv::Tree>(kv::Tree()); }));
  return runtime;
}

// A derived field or a segment, as it is in the catalogue that results.
struct Definition {
  std::string what;  // for messages
  EntityTypeId entity = 0;
  std::string expression;
  uint32_t segment = 0;  // its id; 0: a derived field
  std::string name;      // of a derived field
};

Definition Of(const DerivedField& field, const Catalogue& catalogue) {
  return {StrCat("the derived field ", catalogue.Find(field.entity)->name, ".", field.name), field.entity,
          field.expression, 0, field.name};
}
Definition Of(const SegmentDefinition& segment) {
  return {StrCat("the segment ", Quoted(segment.name)), segment.entity, segment.expression, segment.id, {}};
}

std::vector<Definition> DefinitionsOf(const Catalogue& catalogue) {
  std::vector<Definition> all;
  for (const DerivedField& field : catalogue.derived()) all.push_back(Of(field, catalogue));
  for (const SegmentDefinition* segment : catalogue.segments()) all.push_back(Of(*segment));
  return all;
}

StatusOr<Program> CompileDefinition(const Definition& definition,
                                    const std::shared_ptr<const store::SchemaRuntime>& runtime) {
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Load(runtime->catalogue().settings().time_zone));
  const store::TypeRuntime& type = *runtime->Find(definition.entity);
  StatusOr<Expr> tree = Parse(definition.expression, zone);
  if (!tree.ok()) return Annotate(tree.status(), definition.what);
  StatusOr<Program> program = definition.segment == 0
                                  ? Compile(*tree, type, runtime, definition.expression)
                                  : CompileCondition(*tree, type, runtime, definition.expression);
  if (!program.ok()) return Annotate(program.status(), definition.what);
  return program;
}

std::string_view NameIn(const Catalogue& catalogue, const BoundName& name) {
  const Field& field = catalogue.Find(name.type)->fields[name.field];
  return name.inverse ? field.inverse : field.name;
}

std::vector<std::string> Split(std::string_view dotted) {
  std::vector<std::string> names;
  for (size_t at = 0;;) {
    const size_t dot = dotted.find('.', at);
    names.emplace_back(dotted.substr(at, dot == dotted.npos ? dot : dot - at));
    if (dot == dotted.npos) return names;
    at = dot + 1;
  }
}

class Renamer {
 public:
  Renamer(const Program& program, const Catalogue& before, const Catalogue& after)
      : program_(program), before_(before), after_(after) {}

  // The program's tree with the names of `after`. Where one is gone, the old one stays, to be refused.
  Expr Rename() const { return Rename(program_.tree()); }

 private:
  Expr Rename(const Expr& tree) const {
    std::vector<Expr> parts;
    parts.reserve(tree->parts.size());
    for (const Expr& part : tree->parts) parts.push_back(Rename(part));
    Detail detail = tree->detail;
    if (tree->kind == Kind::kPath || tree->kind == Kind::kRelated) {
      detail = Renamed(tree->path(), tree->position);
    } else if (const std::string* segment = SegmentAt(*tree); segment != nullptr) {
      detail = Literal(*segment);
    }
    return Expr(tree->kind, std::move(detail), std::move(parts), tree->position);
  }

  const std::string* SegmentAt(const Node& node) const {
    if (node.kind != Kind::kLiteral) return nullptr;
    for (const BoundSegment& name : program_.segment_names()) {
      if (name.position != node.position) continue;
      const SegmentDefinition* segment = after_.FindSegment(name.segment);
      return segment == nullptr ? nullptr : &segment->name;
    }
    return nullptr;
  }

  Path Renamed(const Path& path, uint32_t position) const {
    const std::vector<BoundName>& names = program_.names();
    Path renamed{path.outer, {}};
    for (size_t at = 0; at < path.names.size();) {
      const auto bound = std::find_if(names.begin(), names.end(), [&](const BoundName& name) {
        return name.position == position && name.part == at;
      });
      if (bound == names.end()) {
        renamed.names.push_back(path.names[at++]);  // an id, or a derived field
        continue;
      }
      for (std::string& name : Split(NameIn(after_, *bound))) renamed.names.push_back(std::move(name));
      at += Split(NameIn(before_, *bound)).size();
    }
    return renamed;
  }

  const Program& program_;
  const Catalogue& before_;
  const Catalogue& after_;
};

bool MeanTheSame(const Program& a, const Program& b) {
  return std::equal(a.names().begin(), a.names().end(), b.names().begin(), b.names().end(),
                    [](const BoundName& x, const BoundName& y) {
                      return x.type == y.type && x.field == y.field && x.inverse == y.inverse;
                    }) &&
         std::equal(a.segment_names().begin(), a.segment_names().end(), b.segment_names().begin(),
                    b.segment_names().end(),
                    [](const BoundSegment& x, const BoundSegment& y) { return x.segment == y.segment; });
}

// The definition there was, if this one is the same text.
bool Stays(const Catalogue& before, const Definition& definition) {
  if (definition.segment == 0) {
    const DerivedField* old = before.FindDerived(definition.entity, definition.name);
    return old != nullptr && old->expression == definition.expression;
  }
  const SegmentDefinition* old = before.FindSegment(definition.segment);
  return old != nullptr && old->expression == definition.expression;
}

// Finds segments that use themselves, by way of others or not.
class Rings {
 public:
  explicit Rings(const std::shared_ptr<const store::SchemaRuntime>& runtime) : runtime_(runtime) {}

  void Knows(uint32_t segment, const Program& program) { uses_.emplace(segment, program.segments()); }

  Status Check(uint32_t segment) {
    if (sound_.contains(segment)) return absl::OkStatus();
    const SegmentDefinition& definition = *runtime_->catalogue().FindSegment(segment);
    const auto around = std::find(chain_.begin(), chain_.end(), segment);
    if (around != chain_.end()) {
      std::string chain;
      for (auto used = around; used != chain_.end(); ++used) {
        StrAppend(&chain, Quoted(runtime_->catalogue().FindSegment(*used)->name), " uses ");
      }
      return absl::InvalidArgumentError(
          StrCat("a segment cannot follow from itself: ", chain, Quoted(definition.name)));
    }
    if (!uses_.contains(segment)) {
      RELATA_ASSIGN_OR_RETURN(const Program program, CompileDefinition(Of(definition), runtime_));
      Knows(segment, program);
    }
    if (chain_.size() >= kMaxSegmentChain) {
      return absl::InvalidArgumentError(StrCat("the segment ", Quoted(definition.name), " lies more than ",
                                               kMaxSegmentChain, " segments deep in others that use it"));
    }
    chain_.push_back(segment);
    for (const uint32_t used : uses_[segment]) RELATA_RETURN_IF_ERROR(Check(used));
    chain_.pop_back();
    sound_.insert(segment);
    return absl::OkStatus();
  }

 private:
  static constexpr size_t kMaxSegmentChain = 100;

  const std::shared_ptr<const store::SchemaRuntime>& runtime_;
  std::map<uint32_t, std::vector<uint32_t>> uses_;
  std::vector<uint32_t> chain_;
  std::set<uint32_t> sound_;
};

// Whether a segment was renamed or dropped.
bool LosesNames(const Catalogue& before, const Catalogue& after) {
  const std::vector<const SegmentDefinition*> segments = before.segments();
  return std::any_of(segments.begin(), segments.end(), [&](const SegmentDefinition* segment) {
    const SegmentDefinition* now = after.FindSegment(segment->id);
    return now == nullptr || now->name != segment->name;
  });
}

bool MayNameSegments(std::string_view expression) {
  constexpr std::string_view kWord = "segment";
  return std::search(expression.begin(), expression.end(), kWord.begin(), kWord.end(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         }) != expression.end();
}

}  // namespace

Status CheckDefinitions(const Catalogue& catalogue) {
  RELATA_ASSIGN_OR_RETURN(const auto runtime, WithoutTrees(catalogue));
  Rings rings(runtime);
  for (const Definition& definition : DefinitionsOf(catalogue)) {
    RELATA_ASSIGN_OR_RETURN(const Program program, CompileDefinition(definition, runtime));
    if (definition.segment != 0) rings.Knows(definition.segment, program);
  }
  for (const SegmentDefinition* segment : catalogue.segments()) {
    RELATA_RETURN_IF_ERROR(rings.Check(segment->id));
  }
  return absl::OkStatus();
}

Status CarryDefinitions(const Catalogue& before, Catalogue* after) {
  const bool schema_changed = before.schema_version() != after->schema_version();
  const bool loses_names = LosesNames(before, *after);
  struct Touched {
    Definition definition;
    std::optional<Program> old;  // of a definition that stays
  };
  std::vector<Touched> touched;
  for (Definition& definition : DefinitionsOf(*after)) {
    const bool stays = Stays(before, definition);
    const bool named = loses_names && MayNameSegments(definition.expression);
    if (stays && !schema_changed && !named) continue;
    touched.push_back({std::move(definition), stays ? std::optional<Program>(Program()) : std::nullopt});
  }
  if (touched.empty()) return absl::OkStatus();

  RELATA_ASSIGN_OR_RETURN(const auto old_runtime, WithoutTrees(before));
  for (auto& [definition, old] : touched) {
    if (!old) continue;
    RELATA_ASSIGN_OR_RETURN(old, CompileDefinition(definition, old_runtime));
    const Expr renamed = Renamer(*old, before, *after).Rename();
    if (renamed == old->tree()) continue;
    definition.expression = Print(renamed);
    if (definition.segment == 0) {
      after->RewriteDerived(definition.entity, definition.name, definition.expression);
    } else {
      after->RewriteSegment(definition.segment, definition.expression);
    }
  }
  RELATA_ASSIGN_OR_RETURN(const auto runtime, WithoutTrees(*after));
  Rings rings(runtime);
  for (const auto& [definition, old] : touched) {
    const StatusOr<Program> program = CompileDefinition(definition, runtime);
    if (!old) {
      RELATA_RETURN_IF_ERROR(program.status());
    } else if (!program.ok()) {
      return absl::FailedPreconditionError(program.status().message());
    } else if (!MeanTheSame(*old, *program)) {
      return absl::FailedPreconditionError(
          StrCat(definition.what,
                 " would mean something else, since a name it uses would be found elsewhere first; choose "
                 "another name: ",
                 definition.expression));
    }
    if (definition.segment != 0) rings.Knows(definition.segment, *program);
  }
  for (const Touched& one : touched) {
    if (one.definition.segment != 0) RELATA_RETURN_IF_ERROR(rings.Check(one.definition.segment));
  }
  return absl::OkStatus();
}

}  // namespace relata::expr
