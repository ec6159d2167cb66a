// Defines the schema that tests of expressions speak of: the CRM model in memory, without a store, and what a
// text compiles to in it.
#ifndef RELATA_TESTS_EXPR_MODEL_H_
#define RELATA_TESTS_EXPR_MODEL_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "relata/crm/model.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/debug.h"
#include "src/schema/catalogue.h"
#include "src/store/schema_runtime.h"

namespace relata::expr::test {

inline std::shared_ptr<const store::SchemaRuntime> Runtime(schema::Catalogue catalogue) {
  auto runtime = store::SchemaRuntime::Make(std::move(catalogue),
                                            [](std::string_view) { return StatusOr<kv::Tree>(kv::Tree()); });
  EXPECT_TRUE(runtime.ok()) << runtime.status();
  return *std::move(runtime);
}

// The CRM model with fields and a type of a host's own.
inline std::shared_ptr<const store::SchemaRuntime> Crm() {
  static const std::shared_ptr<const store::SchemaRuntime>& runtime = *[] {
    schema::Catalogue catalogue;
    EXPECT_TRUE(catalogue.Apply(crm::ModelDeclarations()).ok());
    EXPECT_TRUE(
        catalogue
            .AddField("relation",
                      {.name = "loyalty", .type = ValueType::kEnum, .labels = {"gold", "silver", "bronze"}})
            .ok());
    EXPECT_TRUE(catalogue
                    .AddField("relation", {.name = "dollars",
                                           .type = ValueType::kMoney,
                                           .currency = Currency::Parse("USD").value()})
                    .ok());
    EXPECT_TRUE(catalogue.AddField("relation", {.name = "factor", .type = ValueType::kDouble}).ok());
    EXPECT_TRUE(
        catalogue
            .AddEntity(
                {.name = "machine",
                 .fields = {{.name = "serial"},
                            {.name = "relation", .type = ValueType::kReference, .targets = {"relation"}}}})
            .ok());
    return new std::shared_ptr<const store::SchemaRuntime>(Runtime(std::move(catalogue)));
  }();
  return runtime;
}

inline StatusOr<Program> CompileText(std::string_view text, std::string_view type = "relation") {
  RELATA_ASSIGN_OR_RETURN(const Expr tree, Parse(text));
  return Compile(tree, *Crm()->Find(type), Crm(), text);
}

// The program of a text as nested lists, or what is wrong with it.
inline std::string Steps(std::string_view text, std::string_view type = "relation") {
  const StatusOr<Program> program = CompileText(text, type);
  return program.ok() ? DebugString(*program) : program.status().ToString();
}

// What is wrong with a text: the message's first line.
inline std::string Wrong(std::string_view text, std::string_view type = "relation") {
  const StatusOr<Program> program = CompileText(text, type);
  if (program.ok()) return "nothing: " + DebugString(*program);
  const std::string message(ToStd(program.status().message()));
  return message.substr(0, message.find('\n'));
}

}  // namespace relata::expr::test

#endif  // RELATA_TESTS_EXPR_MODEL_H_
