// Writes a golden store through names alone, so that no C++ struct of today has a part in it.
#include "tests/format/content.h"

#include <memory>

#include "relata/base/strings.h"
#include "src/schema/conversion.h"
#include "src/store/change_log.h"
#include "src/store/check.h"
#include "src/store/history.h"
#include "src/store/store.h"

namespace relata::store::test {

namespace {

Options GoldenOptions(std::shared_ptr<Clock> clock) {
  Options options;
  options.map_size = 16 << 20;
  options.max_trees = 64;
  options.clock = std::move(clock);
  options.exchange_rate = [](Currency, Currency, Date) { return Decimal::Parse("1.25"); };
  return options;
}

Status AddTypes(Store* store) {
  RELATA_RETURN_IF_ERROR(store->ChangeSchema(
      [](schema::Catalogue& c) { return c.AddEntity({.name = "depot", .fields = {{.name = "name"}}}); }));
  return store->ChangeSchema([](schema::Catalogue& c) {
    return c.AddEntity(
        {.name = "machine",
         .fields =
             {{.name = "serial", .options = {.required = true}, .unique = true},
              {.name = "sold", .type = ValueType::kBool},
              {.name = "axles", .type = ValueType::kInt64},
              {.name = "wear", .type = ValueType::kDouble},
              {.name = "toll", .type = ValueType::kMoney, .currency = Currency::Eur()},
              {.name = "price", .type = ValueType::kMoney},
              {.name = "currency", .type = ValueType::kCurrency, .nullable = false},
              {.name = "built", .type = ValueType::kDate},
              {.name = "seen", .type = ValueType::kTimestamp},
              {.name = "driven", .type = ValueType::kDuration},
              {.name = "tonnes", .type = ValueType::kDecimal, .scale = 3},
              {.name = "place", .type = ValueType::kPoint},
              {.name = "fuel", .type = ValueType::kEnum, .labels = {"diesel", "electric"}},
              {.name = "uses", .type = ValueType::kLabelSet, .labels = {"road", "field"}},
              {.name = "tags", .type = ValueType::kTextSet},
              {.name = "depot", .type = ValueType::kReference, .targets = {"depot"}, .inverse = "fleet"},
              {.name = "twin", .type = ValueType::kReference, .targets = {"machine"}, .inverse = "twins"},
              {.name = "depots", .type = ValueType::kReferenceSet, .targets = {"depot"}, .inverse = "served"},
              {.name = "owner", .options = {.history = true}},
              {.name = "gone", .options = {}}},
         .indexes = {{.parts = {"folded(owner)"}}, {.parts = {"tags"}}, {.parts = {"built", "-axles"}}},
         .moment = "built"});
  });
}

Record FullMachine(std::string_view serial) {
  Record machine("machine");
  machine.Set("serial", serial)
      .Set("sold", true)
      .Set("axles", int64_t{-3'000'000'000})
      .Set("wear", 0.1)
      .Set("toll", Money::Eur(12))
      .Set("currency", Currency::Parse("GBP").value())
      .Set("price", Money::Minor(199'95, Currency::Parse("GBP").value()))
      .Set("built", Date::Parse("1969-07-20").value())
      .Set("seen", Timestamp::Parse("2026-01-31T12:00:00Z").value())
      .Set("driven", Duration{-1'500'000})
      .Set("tonnes", Decimal::Parse("-7.125").value())
      .Set("place", Point::FromDegrees(52.0907, 5.1214).value())
      .Set("fuel", "electric")
      .Set("uses", TextSet{"field", "road"})
      .Set("tags", TextSet{"Überholt", "zwaar"})
      .Set("depot", Reference{1})
      .Set("depots", ReferenceSet{1, 2})
      .Set("owner", "Änna")
      .Set("gone", "a field that is dropped later");
  return machine;
}

}  // namespace

Status WriteGolden(const std::string& path) {
  const auto clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<Store> store, Store::Open(path, GoldenOptions(clock)));
  RELATA_RETURN_IF_ERROR(AddTypes(store.get()));
  RELATA_RETURN_IF_ERROR(
      store->Update({.principal = "anna", .cause = "import"}, [](Transaction& tx) -> Status {
        RELATA_RETURN_IF_ERROR(tx.Insert(Record("depot").Set("name", "Utrecht")).status());
        RELATA_RETURN_IF_ERROR(tx.Insert(Record("depot").Set("name", "Łódź")).status());
        RELATA_RETURN_IF_ERROR(tx.Insert(FullMachine("M-1")).status());
        RELATA_RETURN_IF_ERROR(tx.Insert(Record("machine").Set("serial", "M-2")).status());
        Record large("machine");
        large.Set("serial", "M-3")
            .Set("owner", std::string(5'000, 'o'))
            .Set("tags", TextSet{std::string(600, 't')});
        RELATA_RETURN_IF_ERROR(tx.Insert(large).status());
        for (int i = 4; i < 40; ++i) {
          Record machine("machine");
          machine.Set("serial", StrCat("M-", i)).Set("axles", i % 5).Set("tags", TextSet{StrCat("t", i % 3)});
          RELATA_RETURN_IF_ERROR(tx.Insert(machine).status());
        }
        return tx.NextInSequence("invoice").status();
      }));
  clock->Advance(Duration::Days(1));
  RELATA_RETURN_IF_ERROR(store->Update({}, [](Transaction& tx) -> Status {
    RELATA_RETURN_IF_ERROR(
        tx.Update(Record("machine", 1).Set("owner", "Bob").Set("axles", 4).Set("twin", Reference{2})));
    return tx.Delete(*tx.schema().Find("machine"), 5);
  }));
  // The schema goes on; rows of before stay as they are.
  RELATA_RETURN_IF_ERROR(store->ChangeSchema([](schema::Catalogue& c) {
    return c.AddField("machine", {.name = "level", .options = {.default_value = Value("new")}});
  }));
  RELATA_RETURN_IF_ERROR(
      store->ChangeSchema([](schema::Catalogue& c) { return c.AddLabel("machine", "fuel", "hydrogen"); }));
  RELATA_RETURN_IF_ERROR(
      store->ChangeSchema([](schema::Catalogue& c) { return c.DropField("machine", "gone"); }));
  RELATA_RETURN_IF_ERROR(
      store->ChangeSchema([](schema::Catalogue& c) { return c.RenameField("machine", "wear", "worn"); }));
  RELATA_RETURN_IF_ERROR(store->ChangeSchema(
      [](schema::Catalogue& c) { return c.AddIndex("machine", {.name = "by_level", .parts = {"level"}}); }));
  return store->Update({}, [](Transaction& tx) -> Status {
    Record machine("machine");
    machine.Set("serial", "M-40").Set("level", "old").Set("fuel", "hydrogen").Set("worn", -0.0);
    RELATA_RETURN_IF_ERROR(tx.Insert(machine).status());
    return tx.Update(Record("machine", 2).Set("level", "mended").Set("owner", "Carla"));
  });
}

StatusOr<std::string> TellAll(const std::string& path) {
  const auto clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-07-31T10:00:00Z").value());
  Options options = GoldenOptions(clock);
  options.create_if_missing = false;
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<Store> store, Store::Open(path, options));
  RELATA_ASSIGN_OR_RETURN(const CheckReport report, CheckStore(store.get(), {}));
  std::string text;
  for (const Finding& finding : report.findings) text += StrCat("finding: ", finding.what, "\n");
  RELATA_ASSIGN_OR_RETURN(const Snapshot now, store->Read());
  for (const TypeRuntime* type : now.schema().types()) {
    RowCursor at(now, *type);
    for (; at.Valid(); at.Next()) {
      RELATA_ASSIGN_OR_RETURN(const Record record, now.ToRecord(*type, at.id(), at.row()));
      text += StrCat(type->type->name, " ", at.id());
      for (const auto& [name, value] : record.fields()) {
        if (!value.is_null()) text += StrCat(" | ", name, " ", value.ToString());
      }
      text += "\n";
      for (const Field& field : type->type->fields) {
        if (!field.options.history || field.dropped) continue;
        std::vector<HistoryEntry> entries;
        RELATA_RETURN_IF_ERROR(
            ReadHistory(now.kv(), now.history_tree(), type->type->id, at.id(), field, &entries));
        for (const HistoryEntry& entry : entries) {
          RELATA_ASSIGN_OR_RETURN(const Value value,
                                  schema::FromCell(*type->type, field, entry.cell, Currency()));
          text += StrCat("  ", field.name, " from ", entry.from, ": ", value.ToString(), "\n");
        }
      }
    }
    RELATA_RETURN_IF_ERROR(at.status());
  }
  RELATA_ASSIGN_OR_RETURN(const uint64_t next,
                          ReadCounter(now.kv(), store->trees().meta, SequenceKey("invoice")));
  text += StrCat("sequence invoice: ", next, "\n");
  RELATA_ASSIGN_OR_RETURN(const std::vector<Commit> commits,
                          ReadCommits(now, {.epoch = now.position().epoch, .sequence = 0}, SIZE_MAX));
  for (const Commit& commit : commits) {
    // What an open in another environment appends is none of the file's.
    if (commit.at >= clock->Now()) break;
    text += StrCat("commit ", commit.position.epoch, ".", commit.position.sequence, " ", commit.at, " ",
                   commit.principal, " ", commit.cause, ": ", commit.changes.size(), " changes\n");
    for (const Change& change : commit.changes) {
      if (change.former.empty()) continue;
      text += StrCat("  ", change.kind == ChangeKind::kUpdate ? "update " : "delete ", change.type, " ",
                     change.id);
      for (const auto& [name, value] : change.former) text += StrCat(" | ", name, " ", value.ToString());
      text += "\n";
    }
  }
  return text;
}

}  // namespace relata::store::test
