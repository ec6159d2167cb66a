// This program lets libFuzzer look for texts that upset the checker of expressions.
//
// Whatever the text, it is compiled about each of some types of the CRM model. What compiles must print as a
// text that compiles to the same program, and every step must use earlier ones only.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/check.h"
#include "relata/crm/model.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/debug.h"
#include "src/schema/catalogue.h"
#include "src/store/schema_runtime.h"

namespace relata::expr {
namespace {

const std::shared_ptr<const store::SchemaRuntime>& Model() {
  static const std::shared_ptr<const store::SchemaRuntime>& runtime = *[] {
    schema::Catalogue catalogue;
    RELATA_CHECK(catalogue.Apply(crm::ModelDeclarations()).ok());
    auto made = store::SchemaRuntime::Make(
        std::move(catalogue), [](std::string_view) { return StatusOr<kv::Tree>(kv::Tree()); });
    return new std::shared_ptr<const store::SchemaRuntime>(std::move(made).value());
  }();
  return runtime;
}

void Check(const Expr& tree, std::string_view text, std::string_view type) {
  const StatusOr<Program> program = Compile(tree, *Model()->Find(type), Model(), text);
  if (!program.ok()) return;
  for (StepIndex i = 0; i < program->steps().size(); ++i) {
    for (StepIndex arg : program->step(i).args) RELATA_CHECK(arg < i);
  }
  const std::string printed = Print(tree);
  if (printed.size() > kMaxTextBytes) return;
  const StatusOr<Expr> again = Parse(printed);
  RELATA_CHECK(again.ok());
  const StatusOr<Program> same = Compile(*again, *Model()->Find(type), Model(), printed);
  RELATA_CHECK(same.ok());
  RELATA_CHECK(DebugString(*same) == DebugString(*program));
}

}  // namespace
}  // namespace relata::expr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const relata::StatusOr<relata::expr::Expr> tree = relata::expr::Parse(text);
  if (!tree.ok()) return 0;
  for (std::string_view type : {"relation", "order", "affiliation", "person"}) {
    relata::expr::Check(*tree, text, type);
  }
  return 0;
}
