// Definitions are bound in the catalogue before a change, printed with the names after it, and bound again.
#include "src/expr/definitions.h"

#include <algorithm>
#include <memory>
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

StatusOr<Program> CompileDefinition(const DerivedField& field,
                                    const std::shared_ptr<const store::SchemaRuntime>& runtime) {
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Load(runtime->catalogue().settings().time_zone));
  const store::TypeRuntime* type = runtime->Find(field.entity);
  const std::string name = StrCat("the derived field ", type->type->name, ".", field.name);
  StatusOr<Expr> tree = Parse(field.expression, zone);
  if (!tree.ok()) return Annotate(tree.status(), name);
  StatusOr<Program> program = Compile(*tree, *type, runtime, field.expression);
  if (!program.ok()) return Annotate(program.status(), name);
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
  Renamer(const std::vector<BoundName>& names, const Catalogue& before, const Catalogue& after)
      : names_(names), before_(before), after_(after) {}

  Expr Rename(const Expr& tree) const {
    std::vector<Expr> parts;
    parts.reserve(tree->parts.size());
    for (const Expr& part : tree->parts) parts.push_back(Rename(part));
    const bool named = tree->kind == Kind::kPath || tree->kind == Kind::kRelated;
    Detail detail = named ? Detail(Renamed(tree->path(), tree->position)) : tree->detail;
    return Expr(tree->kind, std::move(detail), std::move(parts), tree->position);
  }

 private:
  Path Renamed(const Path& path, uint32_t position) const {
    Path renamed{path.outer, {}};
    for (size_t at = 0; at < path.names.size();) {
      const auto bound = std::find_if(names_.begin(), names_.end(), [&](const BoundName& name) {
        return name.position == position && name.part == at;
      });
      if (bound == names_.end()) {
        renamed.names.push_back(path.names[at++]);  // an id, or a derived field
        continue;
      }
      for (std::string& name : Split(NameIn(after_, *bound))) renamed.names.push_back(std::move(name));
      at += Split(NameIn(before_, *bound)).size();
    }
    return renamed;
  }

  const std::vector<BoundName>& names_;
  const Catalogue& before_;
  const Catalogue& after_;
};

bool MeanTheSame(const std::vector<BoundName>& a, const std::vector<BoundName>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const BoundName& x, const BoundName& y) {
    return x.type == y.type && x.field == y.field && x.inverse == y.inverse;
  });
}

}  // namespace

Status CheckDefinitions(const Catalogue& catalogue) {
  RELATA_ASSIGN_OR_RETURN(const auto runtime, WithoutTrees(catalogue));
  for (const DerivedField& field : catalogue.derived()) {
    RELATA_RETURN_IF_ERROR(CompileDefinition(field, runtime).status());
  }
  return absl::OkStatus();
}

Status CarryDefinitions(const Catalogue& before, Catalogue* after) {
  if (after->derived().empty()) return absl::OkStatus();
  RELATA_ASSIGN_OR_RETURN(const auto old_runtime, WithoutTrees(before));
  // What each name of a definition that stays was bound to; nothing for a definition that is new.
  std::vector<std::vector<BoundName>> bound(after->derived().size());
  std::vector<bool> stays(after->derived().size(), false);
  for (size_t i = 0; i < bound.size(); ++i) {
    const DerivedField field = after->derived()[i];
    const DerivedField* old = before.FindDerived(field.entity, field.name);
    if (old == nullptr || old->expression != field.expression) continue;
    RELATA_ASSIGN_OR_RETURN(const Program program, CompileDefinition(field, old_runtime));
    stays[i] = true;
    bound[i] = program.names();
    const Expr renamed = Renamer(program.names(), before, *after).Rename(program.tree());
    if (!(renamed == program.tree())) after->RewriteDerived(field.entity, field.name, Print(renamed));
  }
  RELATA_ASSIGN_OR_RETURN(const auto runtime, WithoutTrees(*after));
  for (size_t i = 0; i < bound.size(); ++i) {
    const DerivedField& field = after->derived()[i];
    const StatusOr<Program> program = CompileDefinition(field, runtime);
    if (!stays[i]) {
      RELATA_RETURN_IF_ERROR(program.status());
      continue;
    }
    if (!program.ok()) return absl::FailedPreconditionError(program.status().message());
    if (MeanTheSame(bound[i], program->names())) continue;
    return absl::FailedPreconditionError(
        StrCat("the derived field ", after->Find(field.entity)->name, ".", field.name,
               " would mean something else, since a name it uses would be found elsewhere first; choose "
               "another name: ",
               field.expression));
  }
  return absl::OkStatus();
}

}  // namespace relata::expr
