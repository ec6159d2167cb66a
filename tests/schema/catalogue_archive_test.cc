// The catalogue as bytes: it comes back the same, damage is never believed, and old formats are read for
// ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/schema/catalogue.h"
#include "tests/schema/host.h"

namespace relata::schema {
namespace {

using testing::HasSubstr;

constexpr size_t kHeaderSize = 24;  // magic, format, size, checksum

// A catalogue with one of everything that format 1 had. Its golden file holds exactly this.
Catalogue FormatOne() {
  Catalogue catalogue;
  catalogue.set_settings({.base_currency = Currency::Eur(), .time_zone = "Europe/Amsterdam", .locale = "nl"});
  catalogue.set_versions({.feature_level = 1, .icu = "72.1", .time_zone_data = "2026a"});
  EXPECT_TRUE(catalogue.Apply({&DeclarationOf<host::Truck>(), &DeclarationOf<host::Depot>()}).ok());
  FieldSpec custom{.name = "loyalty", .type = ValueType::kEnum, .labels = {"gold", "silver"}};
  custom.options = {.history = true, .default_value = "silver", .description = "Since when?"};
  EXPECT_TRUE(catalogue.AddField("depot", custom).ok());
  FieldSpec limited{.name = "score", .type = ValueType::kDecimal, .scale = 3};
  limited.options = {.sensitive = true, .min_value = "0.5", .max_value = 10};
  EXPECT_TRUE(catalogue.AddField("depot", limited).ok());
  FieldSpec patterned{.name = "code", .options = {.min_length = 2, .max_length = 9, .pattern = "[A-Z]+"}};
  EXPECT_TRUE(catalogue.AddField("depot", patterned).ok());
  FieldSpec listed{
      .name = "words", .type = ValueType::kTextSet, .options = {.default_value = TextSet{"b", "a"}}};
  EXPECT_TRUE(catalogue.AddField("depot", listed).ok());
  EXPECT_TRUE(catalogue.AddIndex("depot", {.parts = {"-collated(name, sv)", "docks nulls last"}}).ok());
  EXPECT_TRUE(catalogue.DropField("truck", "wear").ok());
  EXPECT_TRUE(catalogue.AddEntity({.name = "gone", .fields = {{.name = "x", .unique = true}}}).ok());
  EXPECT_TRUE(catalogue.DropEntity("gone").ok());
  const EntityType& truck = *catalogue.Find("truck");
  EXPECT_TRUE(catalogue.SetIndexState(truck.id, truck.indexes[0].id, IndexState::kReady, "").ok());
  return catalogue;
}

// And of what format 2 had.
Catalogue FormatTwo() {
  Catalogue catalogue = FormatOne();
  EXPECT_TRUE(catalogue
                  .DefineDerived("depot", {.name = "long_name",
                                           .expression = "name like '%of the%'",
                                           .description = "Has a long name"})
                  .ok());
  return catalogue;
}

// And of what came since. The newest golden file holds exactly this: add to it only with a new one.
Catalogue OneOfEverything() {
  Catalogue catalogue = FormatTwo();
  EXPECT_TRUE(catalogue.DefineSegment("depot", "Gone", "false", "").ok());
  EXPECT_TRUE(catalogue.DefineSegment("truck", "Très lourd", "true", "Too heavy").ok());
  EXPECT_TRUE(
      catalogue.DefineSegment("truck", "Très lourd", "serial = 'x'", "Too heavy for the bridge").ok());
  EXPECT_TRUE(catalogue.DropSegment("Gone").ok());
  return catalogue;
}

void ExpectSameField(const Field& a, const Field& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.type, b.type) << a.name;
  EXPECT_EQ(a.nullable, b.nullable) << a.name;
  EXPECT_EQ(a.options, b.options) << a.name;
  EXPECT_EQ(a.scale, b.scale) << a.name;
  EXPECT_EQ(a.currency, b.currency) << a.name;
  EXPECT_EQ(a.base_amount, b.base_amount) << a.name;
  EXPECT_EQ(a.labels, b.labels) << a.name;
  EXPECT_EQ(a.targets, b.targets) << a.name;
  EXPECT_EQ(a.on_delete, b.on_delete) << a.name;
  EXPECT_EQ(a.inverse, b.inverse) << a.name;
  EXPECT_EQ(a.generated, b.generated) << a.name;
  EXPECT_EQ(a.dropped, b.dropped) << a.name;
  EXPECT_EQ(a.added_in, b.added_in) << a.name;
  EXPECT_EQ(a.dropped_in, b.dropped_in) << a.name;
  EXPECT_EQ(a.frozen_present, b.frozen_present) << a.name;
  EXPECT_EQ(a.frozen_bits, b.frozen_bits) << a.name;
  EXPECT_EQ(a.frozen_bytes, b.frozen_bytes) << a.name;
}

void ExpectSame(const Catalogue& a, const Catalogue& b) {
  EXPECT_EQ(a.version(), b.version());
  EXPECT_EQ(a.settings(), b.settings());
  EXPECT_EQ(a.versions(), b.versions());
  EXPECT_EQ(a.dropped_trees(), b.dropped_trees());
  EXPECT_EQ(a.derived(), b.derived());
  ASSERT_EQ(a.segments().size(), b.segments().size());
  for (size_t i = 0; i < a.segments().size(); ++i) EXPECT_EQ(*a.segments()[i], *b.segments()[i]);
  ASSERT_EQ(a.all_types().size(), b.all_types().size());
  for (size_t i = 0; i < a.all_types().size(); ++i) {
    const EntityType& x = *a.all_types()[i];
    const EntityType& y = *b.all_types()[i];
    EXPECT_EQ(x.id, y.id);
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.tree, y.tree);
    EXPECT_EQ(x.description, y.description);
    EXPECT_EQ(x.version, y.version);
    EXPECT_EQ(x.moment, y.moment);
    EXPECT_EQ(x.dropped, y.dropped);
    ASSERT_EQ(x.fields.size(), y.fields.size());
    for (size_t f = 0; f < x.fields.size(); ++f) ExpectSameField(x.fields[f], y.fields[f]);
    ASSERT_EQ(x.indexes.size(), y.indexes.size());
    for (size_t n = 0; n < x.indexes.size(); ++n) {
      EXPECT_EQ(x.indexes[n].id, y.indexes[n].id);
      EXPECT_EQ(x.indexes[n].name, y.indexes[n].name);
      EXPECT_EQ(x.indexes[n].tree, y.indexes[n].tree);
      EXPECT_EQ(x.indexes[n].parts, y.indexes[n].parts);
      EXPECT_EQ(x.indexes[n].unique, y.indexes[n].unique);
      EXPECT_EQ(x.indexes[n].state, y.indexes[n].state);
      EXPECT_EQ(x.indexes[n].text_versions, y.indexes[n].text_versions);
    }
  }
}

TEST(CatalogueArchiveTest, ComesBackTheSame) {
  const Catalogue catalogue = OneOfEverything();
  const StatusOr<Catalogue> back = Catalogue::Decode(catalogue.Encode());
  ASSERT_TRUE(back.ok()) << back.status();
  ExpectSame(catalogue, *back);
  EXPECT_EQ(back->Encode(), catalogue.Encode());
}

TEST(CatalogueArchiveTest, WhatComesBackGoesOn) {
  Catalogue back = Catalogue::Decode(OneOfEverything().Encode()).value();
  ASSERT_TRUE(back.AddEntity({.name = "later", .fields = {{.name = "x", .unique = true}}}).ok());
  std::vector<std::string> trees = back.dropped_trees();
  for (const EntityType* type : back.all_types()) {
    if (!type->dropped) trees.push_back(type->tree);
    for (const Index& index : type->indexes) trees.push_back(index.tree);
  }
  ASSERT_TRUE(back.DefineSegment("later", "New", "true", "").ok());
  EXPECT_EQ(back.FindSegment("New")->id, 3U);
  EXPECT_EQ(back.FindSegment("Très lourd")->version, 2U);
  std::sort(trees.begin(), trees.end());
  EXPECT_EQ(std::adjacent_find(trees.begin(), trees.end()), trees.end());
}

void ExpectReads(const std::string& file_name, const Catalogue& expected) {
  const std::string path = std::string(RELATA_SOURCE_DIR) + "/tests/schema/golden/" + file_name;
  // Written once, when the format was new: RELATA_WRITE_GOLDEN=1 schema_test, in a folder without the file.
  if (std::getenv("RELATA_WRITE_GOLDEN") != nullptr && !std::ifstream(path).good()) {
    std::ofstream(path, std::ios::binary) << expected.Encode();
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file.good()) << path;
  const std::string golden((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const StatusOr<Catalogue> back = Catalogue::Decode(golden);
  ASSERT_TRUE(back.ok()) << back.status();
  ExpectSame(*back, expected);
}

TEST(CatalogueArchiveTest, OldFormatsAreReadForEver) {
  ExpectReads("catalogue_v1.bin", FormatOne());
  ExpectReads("catalogue_v2.bin", FormatTwo());
  ExpectReads("catalogue_v3.bin", OneOfEverything());
}

TEST(CatalogueArchiveTest, DamageOfAnyByteIsSeen) {
  const std::string whole = OneOfEverything().Encode();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (unsigned char flip : {0x01, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      EXPECT_FALSE(Catalogue::Decode(damaged).ok()) << "byte " << at;
    }
  }
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(Catalogue::Decode(whole.substr(0, size)).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(Catalogue::Decode(whole + "x").status()));
}

// The body with a checksum that fits it.
std::string Sealed(const std::string& body, uint32_t format = 3) {
  std::string bytes = "RELC";
  AppendLE32(&bytes, format);
  AppendLE64(&bytes, body.size());
  AppendLE64(&bytes, Hash64(body, format));
  return bytes + body;
}

// Damage that the checksum does not see: whatever is made of it must hold together.
TEST(CatalogueArchiveTest, DamageUnderARightChecksumNeverCrashes) {
  const std::string body = OneOfEverything().Encode().substr(kHeaderSize);
  ASSERT_TRUE(Catalogue::Decode(Sealed(body)).ok());
  size_t refused = 0;
  for (size_t at = 0; at < body.size(); ++at) {
    for (unsigned char flip : {0x01, 0x40, 0x80, 0xff}) {
      std::string damaged = body;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      const StatusOr<Catalogue> back = Catalogue::Decode(Sealed(damaged));
      if (!back.ok()) {
        EXPECT_TRUE(absl::IsDataLoss(back.status()));
        ++refused;
        continue;
      }
      for (const EntityType* type : back->types()) {
        EXPECT_EQ(back->Find(type->id), type);
        for (const Index& index : type->indexes) ASSERT_LT(index.parts[0].field, type->fields.size());
      }
      EXPECT_TRUE(Catalogue::Decode(back->Encode()).ok());
    }
  }
  EXPECT_GT(refused, body.size());
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(Catalogue::Decode(Sealed(body.substr(0, size))).ok()) << size;
  }
}

TEST(CatalogueArchiveTest, NewerFormatsAndFalseSizesAreNamed) {
  const std::string body = OneOfEverything().Encode().substr(kHeaderSize);
  const Status newer = Catalogue::Decode(Sealed(body, 4)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(newer));
  EXPECT_THAT(ToStd(newer.message()),
              HasSubstr("the catalogue: has format 4; this version of the library reads"));
  std::string large = Sealed(body);
  StoreLE64(large.data() + 8, uint64_t{64 << 20} + 1);
  EXPECT_THAT(ToStd(Catalogue::Decode(large).status().message()), HasSubstr("claims 67108865 bytes"));
  EXPECT_THAT(
      ToStd(Catalogue::Decode("").status().message()),
      HasSubstr("the catalogue is damaged: it does not begin with 'RELC'; restore the store from a backup"));
}

// A schema that a host might come by: entities with fields of every type, and references among them.
Catalogue AnySchema() {
  Catalogue catalogue;
  const int entities = *rc::gen::inRange(0, 5);
  for (int e = 0; e < entities; ++e) {
    EntitySpec spec{.name = StrCat("e", e), .description = *rc::gen::arbitrary<std::string>()};
    const int fields = *rc::gen::inRange(0, 12);
    for (int f = 0; f < fields; ++f) {
      FieldSpec field{.name = StrCat(*rc::gen::element<std::string>("", "group."), "f", f),
                      .type = static_cast<ValueType>(*rc::gen::inRange(1, 19)),
                      .nullable = *rc::gen::arbitrary<bool>()};
      field.scale = *rc::gen::inRange<uint8_t>(0, 19);
      field.options.sensitive = *rc::gen::arbitrary<bool>();
      field.options.description = *rc::gen::arbitrary<std::string>();
      if (field.type == ValueType::kMoney) field.currency = Currency::Eur();
      if (field.type == ValueType::kEnum || field.type == ValueType::kLabelSet)
        field.labels = {"a", "b", "c"};
      if (field.type == ValueType::kInt64) {
        field.options.default_value = *rc::gen::arbitrary<int64_t>();
        field.options.min_value = *rc::gen::inRange<int64_t>(std::numeric_limits<int64_t>::min(), 0);
      }
      if (field.type == ValueType::kReference || field.type == ValueType::kReferenceSet ||
          field.type == ValueType::kAnyReference) {
        field.targets = {StrCat("e", *rc::gen::inRange(0, e + 1))};
        field.inverse = StrCat("of_", e, "_", f);
      }
      spec.fields.push_back(std::move(field));
    }
    // A default below the least value is refused, and then the entity is not there: that, too, is a schema.
    catalogue.AddEntity(spec).IgnoreError();
  }
  return catalogue;
}

RC_GTEST_PROP(CatalogueArchiveProperty, AnySchemaComesBack, ()) {
  const Catalogue catalogue = AnySchema();
  const StatusOr<Catalogue> back = Catalogue::Decode(catalogue.Encode());
  RC_ASSERT(back.ok());
  ExpectSame(catalogue, *back);
  RC_ASSERT(!testing::Test::HasFailure());
  RC_ASSERT(back->Encode() == catalogue.Encode());
}

}  // namespace
}  // namespace relata::schema
