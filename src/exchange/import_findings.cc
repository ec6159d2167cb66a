// This file knows what may be missing or stale in the types that a company looks at first.
#include "src/exchange/import_findings.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/store/schema_runtime.h"

namespace relata::exchange {
namespace {

// Records of `entity` in which all of these fields are empty.
struct Lack {
  std::string_view entity;
  std::string_view what;
  std::vector<std::string_view> fields;
};

const std::vector<Lack>& Lacks() {
  static const std::vector<Lack> lacks = {
      {"relation",
       "without an address",
       {"visiting.city", "visiting.postcode", "postal.city", "billing.city"}},
      {"relation", "without phone, email and website", {"phone", "email", "website"}},
      {"person", "of no known relation", {"relations"}},
      {"person", "without a last name", {"last_name"}},
      {"order", "whose customer is unknown", {"relation"}},
      {"invoice", "whose customer is unknown", {"relation"}},
      {"payment", "of no known invoice", {"invoice"}},
      {"quote", "addressed to no known relation", {"relation"}},
      {"ticket", "of no known relation", {"relation"}},
      {"interaction", "with no known relation or person", {"relation", "persons"}},
      {"product", "without a name", {"name"}},
  };
  return lacks;
}

// One pass over a type: counts rows and those that meet each test.
class Pass {
 public:
  explicit Pass(const store::TypeRuntime& type) : type_(type) {}

  void Add(const Lack& lack) {
    std::vector<FieldId> slots;
    for (std::string_view name : lack.fields) {
      const Field* field = type_.type->FindField(name);
      if (field == nullptr) return;
      slots.push_back(field->id);
    }
    tests_.push_back({.what = std::string(lack.what), .slots = std::move(slots)});
  }
  // Records whose reference names someone who has left.
  Status AddStale(const store::Reader& reader, std::string_view reference, std::string_view what) {
    const Field* field = type_.type->FindField(reference);
    const store::TypeRuntime* users = reader.schema().Find("user");
    const Field* left = users == nullptr ? nullptr : users->type->FindField("left_on");
    if (field == nullptr || left == nullptr) return absl::OkStatus();
    Test test{.what = std::string(what), .slots = {field->id}, .stale = true};
    store::RowCursor at(reader, *users);
    for (; at.Valid(); at.Next()) {
      const Cell day = at.row().Get(left->id);
      if (day.present && day.AsInt() * 86'400'000'000 <= reader.now().micros)
        test.stale_ids.push_back(at.id());
    }
    tests_.push_back(std::move(test));
    return at.status();
  }

  Status Run(const store::Reader& reader, std::vector<ImportFinding>* findings) {
    if (tests_.empty()) return absl::OkStatus();
    uint64_t rows = 0;
    store::RowCursor at(reader, type_);
    for (; at.Valid(); at.Next(), ++rows) {
      for (Test& test : tests_) test.count += Meets(test, at.row()) ? 1 : 0;
    }
    for (Test& test : tests_) {
      if (test.count == 0) continue;
      findings->push_back(
          {.entity = type_.type->name, .what = std::move(test.what), .count = test.count, .of = rows});
    }
    return at.status();
  }

 private:
  struct Test {
    std::string what;
    std::vector<FieldId> slots;
    bool stale = false;
    std::vector<RecordId> stale_ids = {};  // ascending
    uint64_t count = 0;
  };

  static bool Meets(const Test& test, const RowView& row) {
    if (test.stale) {
      const Cell cell = row.Get(test.slots.front());
      return cell.present && std::binary_search(test.stale_ids.begin(), test.stale_ids.end(), cell.bits);
    }
    return std::all_of(test.slots.begin(), test.slots.end(), [&](FieldId slot) {
      const Cell cell = row.Get(slot);
      return !cell.present || (cell.bits == 0 && cell.bytes.empty());
    });
  }

  const store::TypeRuntime& type_;
  std::vector<Test> tests_;
};

}  // namespace

Status FindMissing(const store::Reader& reader, const FileSpec& file, std::vector<ImportFinding>* findings) {
  std::vector<std::string_view> entities;
  for (const RecordSpec& record : file.records) {
    const bool known = std::find(entities.begin(), entities.end(), record.entity) != entities.end();
    if (!known) entities.push_back(record.entity);
  }
  for (std::string_view entity : entities) {
    const store::TypeRuntime* type = reader.schema().Find(entity);
    if (type == nullptr) continue;
    Pass pass(*type);
    for (const Lack& lack : Lacks()) {
      if (lack.entity == entity) pass.Add(lack);
    }
    if (entity == "relation") {
      RELATA_RETURN_IF_ERROR(pass.AddStale(reader, "account_manager", "whose account manager has left"));
    }
    RELATA_RETURN_IF_ERROR(pass.Run(reader, findings));
  }
  return absl::OkStatus();
}

}  // namespace relata::exchange
