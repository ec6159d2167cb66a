// The catalogue by name: what is added, renamed and dropped at run time, and what is refused in which words.
#include "src/schema/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "src/schema/conversion.h"

namespace relata::schema {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Message(const Status& status) { return std::string(ToStd(status.message())); }
std::string Message(const StatusOr<Changes>& changes) { return Message(changes.status()); }

// A store with users and orders.
Catalogue Shop() {
  Catalogue shop;
  EXPECT_TRUE(shop.AddEntity({.name = "user", .fields = {{.name = "name", .nullable = false}}}).ok());
  const EntitySpec order{.name = "order",
                         .description = "What was ordered.",
                         .fields = {{.name = "number", .unique = true},
                                    {.name = "ordered_on", .type = ValueType::kDate},
                                    {.name = "total", .type = ValueType::kMoney},
                                    {.name = "currency", .type = ValueType::kCurrency, .nullable = false},
                                    {.name = "status", .type = ValueType::kEnum, .labels = {"open", "paid"}},
                                    {.name = "owner", .type = ValueType::kReference, .targets = {"user"}},
                                    {.name = "visiting.city"},
                                    {.name = "tags", .type = ValueType::kTextSet, .nullable = false}},
                         .indexes = {{.parts = {"visiting.city", "-ordered_on"}}},
                         .moment = "ordered_on"};
  const StatusOr<Changes> changes = shop.AddEntity(order);
  EXPECT_TRUE(changes.ok()) << changes.status();
  return shop;
}

std::vector<std::string> IndexNames(const EntityType& type) {
  std::vector<std::string> names;
  for (const Index& index : type.indexes) names.push_back(index.name);
  return names;
}

TEST(CatalogueTest, AnEntityBeginsWithItsSystemSlots) {
  const Catalogue shop = Shop();
  const EntityType& order = **shop.Get("order");
  std::vector<std::string> names;
  for (const Field& field : order.fields) {
    EXPECT_EQ(field.id, names.size());
    names.push_back(field.name);
  }
  EXPECT_THAT(names, ElementsAre("created_at", "updated_at", "number", "ordered_on", "total", "total_base",
                                 "currency", "status", "owner", "visiting.city", "tags"));
  for (FieldId slot : {kCreatedAt, kUpdatedAt}) {
    EXPECT_TRUE(order.fields[slot].generated);
    EXPECT_FALSE(order.fields[slot].nullable);
    EXPECT_EQ(order.fields[slot].type, ValueType::kTimestamp);
  }
  EXPECT_EQ(order.version, 1);
  EXPECT_EQ(order.moment, order.FindField("ordered_on")->id);
  EXPECT_EQ(order.description, "What was ordered.");
}

TEST(CatalogueTest, AnAmountInTheRecordsCurrencyHasItsBaseAmount) {
  const Catalogue shop = Shop();
  const EntityType& order = **shop.Get("order");
  const Field& total = *order.FindField("total");
  ASSERT_TRUE(total.base_amount.has_value());
  const Field& base = order.fields[*total.base_amount];
  EXPECT_EQ(base.name, "total_base");
  EXPECT_EQ(base.currency, Currency::Eur());
  EXPECT_TRUE(base.generated);
  EXPECT_TRUE(base.nullable);
}

TEST(CatalogueTest, ReferencesAndUniqueFieldsAreIndexed) {
  const Catalogue shop = Shop();
  const EntityType& order = **shop.Get("order");
  EXPECT_THAT(IndexNames(order), ElementsAre("number", "owner", "visiting.city,-ordered_on"));
  EXPECT_TRUE(order.FindIndex("number")->unique);
  EXPECT_FALSE(order.FindIndex("owner")->unique);
  EXPECT_TRUE(order.FindIndex("visiting.city,-ordered_on")->parts[1].descending);
  EXPECT_EQ(order.FindIndex("owner")->state, IndexState::kBuilding);
  EXPECT_EQ(order.FindField("owner")->inverse, "orders");
  EXPECT_EQ(order.FindField("owner")->on_delete, OnDelete::kClear);
  const std::vector<Catalogue::Referrer> referrers = shop.ReferrersOf(shop.Find("user")->id);
  ASSERT_EQ(referrers.size(), 1u);
  EXPECT_EQ(referrers[0].field->name, "owner");
}

TEST(CatalogueTest, NamesTheNearest) {
  const Catalogue shop = Shop();
  EXPECT_EQ(Message(shop.Get("oder").status()), "unknown entity 'oder'; did you mean 'order'?");
  EXPECT_EQ(Message(GetField(*shop.Find("order"), "visiting.ctiy").status()),
            "unknown field 'visiting.ctiy' of order; did you mean 'visiting.city'?");
  EXPECT_EQ(Message(GetIndex(*shop.Find("order"), "numbr").status()),
            "unknown index 'numbr' of order; did you mean 'number'?");
  EXPECT_TRUE(absl::IsNotFound(shop.Get("oder").status()));
}

TEST(CatalogueTest, AFieldAddedLaterHasAFrozenDefault) {
  Catalogue shop = Shop();
  const uint64_t before = shop.version();
  FieldSpec level{.name = "level", .type = ValueType::kInt64};
  level.options.default_value = 3;
  const StatusOr<Changes> changes = shop.AddField("order", level);
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_TRUE(changes->any);
  EXPECT_THAT(changes->to_verify, IsEmpty());
  EXPECT_EQ(shop.version(), before + 1);
  const EntityType& order = **shop.Get("order");
  EXPECT_EQ(order.version, 2);
  const Field& field = *order.FindField("level");
  EXPECT_EQ(field.added_in, 2);
  EXPECT_TRUE(field.frozen_present);
  EXPECT_EQ(field.frozen_bits, 3u);
}

TEST(CatalogueTest, AFieldWhoseDefaultIsNotValidMustBeVerified) {
  Catalogue shop = Shop();
  FieldSpec name{.name = "contact"};
  name.options.required = true;
  StatusOr<Changes> changes = shop.AddField("order", name);
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->to_verify.size(), 1u);
  EXPECT_EQ(changes->to_verify[0].type, shop.Find("order")->id);
  EXPECT_EQ(changes->to_verify[0].field, shop.Find("order")->FindField("contact")->id);
  changes = shop.AddField("order", {.name = "seller",
                                    .type = ValueType::kReference,
                                    .nullable = false,
                                    .targets = {"user"},
                                    .inverse = "sales"});
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_EQ(changes->to_verify.size(), 1u);
}

TEST(CatalogueTest, AnIndexPartIsSpelledOneWay) {
  Catalogue shop = Shop();
  const auto name_of = [&](std::vector<std::string> parts) {
    const StatusOr<Changes> changes = shop.AddIndex("order", {.parts = std::move(parts)});
    EXPECT_TRUE(changes.ok()) << changes.status();
    return changes.ok() ? IndexNames(*shop.Find("order")).back() : "";
  };
  EXPECT_EQ(name_of({"-folded( visiting.city ) nulls last"}), "-folded(visiting.city) nulls last");
  EXPECT_EQ(name_of({"collated(visiting.city)"}), "collated(visiting.city)");
  EXPECT_EQ(shop.Find("order")->indexes.back().parts[0].locale, "nl");
  EXPECT_EQ(name_of({"collated(visiting.city, sv)", "tags"}), "collated(visiting.city,sv),tags");
  EXPECT_EQ(shop.Find("order")->indexes.back().parts[0].locale, "sv");
  EXPECT_EQ(name_of({"-total_base"}), "-total_base");
}

TEST(CatalogueTest, RefusesIndexesThatMakeNoSense) {
  Catalogue shop = Shop();
  ASSERT_TRUE(shop.AddField("order", {.name = "blob", .type = ValueType::kObject}).ok());
  const auto refused = [&](IndexSpec spec) { return Message(shop.AddIndex("order", spec)); };
  EXPECT_THAT(refused({.parts = {}}), HasSubstr("0 parts; give 1 to 8"));
  EXPECT_THAT(refused({.parts = {"folded(visiting.city"}}), HasSubstr("is no part of an index"));
  EXPECT_THAT(refused({.parts = {"number, sv"}}), HasSubstr("is no part of an index"));
  EXPECT_THAT(refused({.parts = {"visiting.cty"}}), HasSubstr("did you mean 'visiting.city'?"));
  EXPECT_THAT(refused({.parts = {"folded(total)"}}),
              HasSubstr("total is money; only text is folded, collated or searched by its words"));
  EXPECT_THAT(refused({.parts = {"collated(number, !)"}}), HasSubstr("index of order: number"));
  EXPECT_THAT(refused({.parts = {"blob"}}), HasSubstr("blob is an object, which has no order"));
  EXPECT_THAT(refused({.parts = {"number", "-number"}}), HasSubstr("number stands there twice"));
  EXPECT_THAT(refused({.parts = {"visiting.city", "-ordered_on"}}), HasSubstr("has these parts already"));
  EXPECT_THAT(refused({.name = "owner", .parts = {"status"}}),
              HasSubstr("the index 'owner' of order exists"));
  ASSERT_TRUE(shop.AddField("order", {.name = "codes", .type = ValueType::kTextSet}).ok());
  EXPECT_THAT(refused({.parts = {"tags", "codes"}}), HasSubstr("tags and codes are both sets"));
}

TEST(CatalogueTest, AUniqueIndexMayStandBesideAnOrderedOne) {
  Catalogue shop = Shop();
  ASSERT_TRUE(shop.AddIndex("order", {.parts = {"owner"}, .unique = true}).ok());
  EXPECT_TRUE(shop.Find("order")->FindIndex("owner unique")->unique);
  EXPECT_THAT(Message(shop.AddIndex("order", {.parts = {"number"}})), HasSubstr("already, and is unique"));
}

TEST(CatalogueTest, RefusesFieldsThatMakeNoSense) {
  Catalogue shop = Shop();
  const std::string before = shop.Encode();
  const auto refused = [&](FieldSpec spec) { return Message(shop.AddField("order", spec)); };
  EXPECT_THAT(refused({.name = "City"}),
              HasSubstr("no field of order can be named 'City': expected a lower-case letter"));
  EXPECT_THAT(refused({.name = "a..b"}), HasSubstr("can be named 'a..b'"));
  EXPECT_THAT(refused({.name = "id"}), HasSubstr("every record has its id"));
  EXPECT_THAT(refused({.name = "number"}), HasSubstr("order.number exists, as text"));
  EXPECT_THAT(refused({.name = "created_at", .type = ValueType::kTimestamp}),
              HasSubstr("that the engine writes"));
  EXPECT_THAT(refused({.name = "visiting"}), HasSubstr("a name cannot be that of a field and of a group"));
  EXPECT_THAT(refused({.name = "number.prefix"}), HasSubstr("and 'number' exists"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kDecimal, .scale = 19}),
              HasSubstr("at most 18 digits"));
  EXPECT_THAT(refused({.name = "d", .type = static_cast<ValueType>(99)}), HasSubstr("the type is none"));
  EXPECT_THAT(refused({.name = "d", .currency = Currency::Eur()}),
              HasSubstr("only money has a currency; this is text"));
  EXPECT_THAT(refused({.name = "d", .labels = {"a"}}), HasSubstr("only an enum or label set has labels"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kEnum}), HasSubstr("no labels; name at least one"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kEnum, .labels = {"a", "a"}}),
              HasSubstr("the label 'a' exists"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kEnum, .labels = {""}}),
              HasSubstr("must be text of 1 to 200"));
  std::vector<std::string> many;
  for (int i = 0; i <= 64; ++i) many.push_back(StrCat("l", i));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kLabelSet, .labels = many}),
              HasSubstr("a label set holds 64"));
  EXPECT_THAT(refused({.name = "d", .targets = {"user"}}), HasSubstr("only a reference has targets"));
  EXPECT_THAT(refused({.name = "d", .inverse = "ds"}), HasSubstr("only a reference has an inverse"));
  EXPECT_THAT(refused({.name = "d", .on_delete = OnDelete::kClear}),
              HasSubstr("only a reference has a rule for deletion"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kReference}),
              HasSubstr("names 0 entities to refer to"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kReference, .targets = {"usr"}}),
              HasSubstr("order.d: unknown entity 'usr'; did you mean 'user'?"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kReference, .targets = {"user", "order"}}),
              HasSubstr("name one, or make it an any-reference"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kAnyReference, .targets = {"user", "user"}}),
              HasSubstr("names an entity to refer to twice"));
  EXPECT_THAT(refused({.name = "d",
                       .type = ValueType::kReference,
                       .nullable = false,
                       .targets = {"user"},
                       .on_delete = OnDelete::kClear}),
              HasSubstr("cannot be cleared; choose restrict or cascade"));
  EXPECT_THAT(
      refused({.name = "d", .type = ValueType::kReference, .targets = {"user"}}),
      HasSubstr(
          "the collection 'orders' of user is already that of order.owner; give the reference another"));
  EXPECT_THAT(refused({.name = "d", .type = ValueType::kReference, .targets = {"user"}, .inverse = "name"}),
              HasSubstr("the collection 'name' of user has the name of its field name"));
  EXPECT_THAT(refused({.name = "tot", .type = ValueType::kMoney, .options = {.min_value = 5}}),
              HasSubstr("can only be 0; give the field a currency of its own"));
  EXPECT_EQ(shop.Encode(), before);
}

TEST(CatalogueTest, RefusesOptionsThatMakeNoSense) {
  Catalogue shop = Shop();
  const auto refused = [&](ValueType type, FieldOptions options) {
    FieldSpec spec{.name = "f", .type = type, .options = std::move(options)};
    if (type == ValueType::kReference) spec.targets = {"user"};
    return Message(shop.AddField("order", spec));
  };
  EXPECT_THAT(refused(ValueType::kInt64, {.max_length = 3}),
              HasSubstr("only text has a length and a pattern"));
  EXPECT_THAT(refused(ValueType::kText, {.min_length = 4, .max_length = 3}),
              HasSubstr("at least 4 and at most 3"));
  EXPECT_THAT(refused(ValueType::kText, {.pattern = "("}), HasSubstr("is no regular expression of RE2"));
  EXPECT_THAT(refused(ValueType::kText, {.min_value = 3}), HasSubstr("have a range; this is text"));
  EXPECT_THAT(refused(ValueType::kInt64, {.min_value = "x"}),
              HasSubstr("the least value of the field does not fit"));
  EXPECT_THAT(refused(ValueType::kInt64, {.min_value = 4, .max_value = 3}),
              HasSubstr("at least 4 and at most 3"));
  EXPECT_THAT(refused(ValueType::kInt64, {.default_value = "x"}),
              HasSubstr("the default of the field does not fit"));
  EXPECT_THAT(refused(ValueType::kInt64, {.default_value = 5, .max_value = 3}),
              HasSubstr("'5' is more than 3"));
  EXPECT_THAT(refused(ValueType::kReference, {.default_value = 5}), HasSubstr("a reference has no default"));
}

TEST(CatalogueTest, OptionsAreKeptInTheFieldsOwnForm) {
  Catalogue shop = Shop();
  FieldSpec limit{.name = "limit", .type = ValueType::kMoney, .currency = Currency::Eur()};
  limit.options.default_value = "12.5";
  limit.options.max_value = 100;
  limit.options.min_value = Value();
  ASSERT_TRUE(shop.AddField("order", limit).ok());
  const FieldOptions& options = shop.Find("order")->FindField("limit")->options;
  EXPECT_EQ(options.default_value, Value(Money::Minor(1250, Currency::Eur())));
  EXPECT_EQ(options.max_value, Value(Money::Eur(100)));
  EXPECT_FALSE(options.min_value.has_value());
}

TEST(CatalogueTest, MoneyNeedsACurrency) {
  Catalogue shop = Shop();
  EXPECT_THAT(
      Message(shop.AddField("user", {.name = "budget", .type = ValueType::kMoney})),
      HasSubstr(
          "user.budget: an amount without a currency of its own takes that of the record, but user has no "
          "field 'currency'"));
  EXPECT_TRUE(
      shop.AddField("user", {.name = "budget", .type = ValueType::kMoney, .currency = Currency::Eur()}).ok());
}

TEST(CatalogueTest, LabelsAreAddedBehind) {
  Catalogue shop = Shop();
  ASSERT_TRUE(shop.AddLabel("order", "status", "cancelled").ok());
  EXPECT_THAT(shop.Find("order")->FindField("status")->labels,
              ElementsAre(Label{0, "open"}, Label{1, "paid"}, Label{2, "cancelled"}));
  EXPECT_THAT(Message(shop.AddLabel("order", "status", "paid")),
              HasSubstr("the label 'paid' exists, with the code 1"));
  EXPECT_THAT(Message(shop.AddLabel("order", "number", "x")),
              HasSubstr("order.number is text; only an enum"));
}

TEST(CatalogueTest, RenamingCarriesNamesThatWereMadeOfIt) {
  Catalogue shop = Shop();
  const FieldId city = shop.Find("order")->FindField("visiting.city")->id;
  ASSERT_TRUE(shop.RenameField("order", "visiting.city", "visiting.town").ok());
  const EntityType& order = *shop.Find("order");
  EXPECT_EQ(order.FindField("visiting.town")->id, city);
  EXPECT_EQ(order.version, 1);  // rows are as they were
  EXPECT_NE(order.FindIndex("visiting.town,-ordered_on"), nullptr);
  ASSERT_TRUE(shop.RenameField("order", "total", "sum").ok());
  EXPECT_NE(shop.Find("order")->FindField("sum_base"), nullptr);
  EXPECT_THAT(Message(shop.RenameField("order", "sum", "number")), HasSubstr("order.number exists"));
  EXPECT_THAT(Message(shop.RenameField("order", "sum", "Sum")), HasSubstr("cannot be renamed to 'Sum'"));
  EXPECT_THAT(Message(shop.RenameField("order", "created_at", "made")),
              HasSubstr("is written by the engine"));
  EXPECT_THAT(Message(shop.RenameField("order", "currency", "coin")), HasSubstr("is the currency of sum"));
  EXPECT_THAT(Message(shop.RenameField("order", "nmber", "x")), HasSubstr("did you mean 'number'?"));
  ASSERT_TRUE(shop.RenameEntity("order", "purchase").ok());
  EXPECT_EQ(shop.Find("order"), nullptr);
  EXPECT_NE(shop.Find("purchase"), nullptr);
  EXPECT_THAT(Message(shop.RenameEntity("purchase", "user")), HasSubstr("the entity 'user' exists"));
  EXPECT_THAT(Message(shop.RenameEntity("purchase", "My Orders")),
              HasSubstr("no entity can be named 'My Orders'"));
}

TEST(CatalogueTest, DroppedSlotsAndTreesAreNeverUsedAgain) {
  Catalogue shop = Shop();
  const std::string tree = shop.Find("order")->FindIndex("owner")->tree;
  const FieldId owner = shop.Find("order")->FindField("owner")->id;
  StatusOr<Changes> changes = shop.DropField("order", "owner");
  ASSERT_TRUE(changes.ok()) << changes.status();
  EXPECT_THAT(changes->dropped_trees, ElementsAre(tree));
  EXPECT_THAT(shop.dropped_trees(), ElementsAre(tree));
  EXPECT_EQ(shop.Find("order")->FindField("owner"), nullptr);
  EXPECT_EQ(shop.Find("order")->FindIndex("owner"), nullptr);
  EXPECT_EQ(shop.Find("order")->version, 2);
  EXPECT_EQ(shop.Find("order")->fields[owner].dropped_in, 2);
  ASSERT_TRUE(
      shop.AddField("order", {.name = "owner", .type = ValueType::kReference, .targets = {"user"}}).ok());
  const EntityType& order = *shop.Find("order");
  EXPECT_GT(order.FindField("owner")->id, owner);
  EXPECT_EQ(order.version, 3);
  EXPECT_NE(order.FindIndex("owner")->tree, tree);
  shop.ForgetDroppedTree(tree);
  EXPECT_THAT(shop.dropped_trees(), IsEmpty());
}

TEST(CatalogueTest, AnAmountTakesItsBaseAmountWithIt) {
  Catalogue shop = Shop();
  EXPECT_THAT(Message(shop.DropField("order", "total_base")),
              HasSubstr("it goes with the amount that it is made of"));
  EXPECT_THAT(Message(shop.DropField("order", "currency")),
              HasSubstr("is the currency of total; drop that field first"));
  ASSERT_TRUE(shop.DropField("order", "total").ok());
  EXPECT_EQ(shop.Find("order")->FindField("total_base"), nullptr);
  EXPECT_TRUE(shop.DropField("order", "currency").ok());
}

TEST(CatalogueTest, RefusesToDropWhatIsInUse) {
  Catalogue shop = Shop();
  EXPECT_THAT(Message(shop.DropField("order", "number")),
              HasSubstr("order.number is part of the index 'number'; drop the index first"));
  EXPECT_THAT(Message(shop.DropField("order", "ordered_on")), HasSubstr("is the moment of order"));
  EXPECT_THAT(Message(shop.DropField("order", "updated_at")), HasSubstr("is written by the engine"));
  EXPECT_THAT(Message(shop.DropIndex("order", "owner")),
              HasSubstr("belongs to a reference and goes with it"));
  EXPECT_THAT(Message(shop.DropEntity("user")),
              HasSubstr("entity user: order.owner refers to it; drop that field first"));
  ASSERT_TRUE(shop.DropIndex("order", "number").ok());
  EXPECT_TRUE(shop.DropField("order", "number").ok());
  ASSERT_TRUE(shop.DropField("order", "owner").ok());
  EXPECT_TRUE(shop.DropEntity("user").ok());
}

TEST(CatalogueTest, ADroppedEntityStaysByItsNumber) {
  Catalogue shop = Shop();
  const EntityTypeId id = shop.Find("order")->id;
  const StatusOr<Changes> changes = shop.DropEntity("order");
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->dropped_trees.size(), 4u);  // three indexes and the rows
  EXPECT_EQ(shop.Find("order"), nullptr);
  ASSERT_NE(shop.Find(id), nullptr);
  EXPECT_TRUE(shop.Find(id)->dropped);
  EXPECT_EQ(shop.types().size(), 1u);
  EXPECT_EQ(shop.all_types().size(), 2u);
  ASSERT_TRUE(shop.AddEntity({.name = "order"}).ok());
  EXPECT_NE(shop.Find("order")->id, id);
}

TEST(CatalogueTest, AFieldCanBeTooMany) {
  Catalogue shop;
  EntitySpec wide{.name = "wide"};
  for (int i = 0; i < 400; ++i) wide.fields.push_back({.name = StrCat("f", i)});
  ASSERT_TRUE(shop.AddEntity(wide).ok());
  EXPECT_THAT(Message(shop.AddField("wide", {.name = "more"})),
              HasSubstr("wide has 400 fields; at most 400 fit"));
  ASSERT_TRUE(shop.DropField("wide", "f0").ok());
  EXPECT_TRUE(shop.AddField("wide", {.name = "more"}).ok());
}

TEST(CatalogueTest, RefusesEntitiesThatMakeNoSense) {
  Catalogue shop = Shop();
  EXPECT_THAT(Message(shop.AddEntity({.name = "user"})), HasSubstr("the entity 'user' exists"));
  EXPECT_THAT(Message(shop.AddEntity({.name = "a.b"})), HasSubstr("no entity can be named 'a.b'"));
  EXPECT_THAT(Message(shop.AddEntity({.name = "e", .fields = {{.name = "n"}}, .moment = "n"})),
              HasSubstr("e.n is text; a moment is a date or timestamp"));
  EXPECT_THAT(Message(shop.AddEntity({.name = "e", .moment = "at"})), HasSubstr("unknown field 'at' of e"));
  EXPECT_EQ(shop.all_types().size(), 2u);
  EXPECT_TRUE(absl::IsNotFound(shop.AddField("usr", {.name = "x"}).status()));
}

TEST(CatalogueTest, IndexStatesAreSet) {
  Catalogue shop = Shop();
  const EntityType& order = *shop.Find("order");
  const uint64_t before = shop.version();
  ASSERT_TRUE(shop.SetIndexState(order.id, order.indexes[0].id, IndexState::kReady, "72.1").ok());
  EXPECT_EQ(shop.Find("order")->indexes[0].state, IndexState::kReady);
  EXPECT_EQ(shop.Find("order")->indexes[0].text_versions, "72.1");
  EXPECT_GT(shop.version(), before);
  EXPECT_TRUE(absl::IsNotFound(shop.SetIndexState(order.id, 999, IndexState::kReady, "")));
  EXPECT_TRUE(absl::IsNotFound(shop.SetIndexState(99, 1, IndexState::kReady, "")));
}

TEST(CatalogueTest, TextIndexesRememberTheVersionOfTheirKeys) {
  Catalogue shop;
  shop.set_versions({.feature_level = 1, .icu = "72.1", .time_zone_data = "2026a"});
  ASSERT_TRUE(shop.AddEntity({.name = "e",
                              .fields = {{.name = "n"}},
                              .indexes = {{.parts = {"folded(n)"}}, {.parts = {"n"}}}})
                  .ok());
  EXPECT_EQ(shop.Find("e")->indexes[0].text_versions, "72.1");
  EXPECT_EQ(shop.Find("e")->indexes[1].text_versions, "");
}

}  // namespace
}  // namespace relata::schema
