// What completes a struct's declaration, and refuses one that cannot be meant. A mistake here is one in the
// host's code that no data can cause, so it stops the program at once and says where to look.
#include "relata/schema/declaration.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "relata/schema/declare-inl.h"
#include "src/schema/names.h"

namespace relata {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// Calls DeclarationError for one member of one entity.
class MemberCheck {
 public:
  MemberCheck(const EntityDeclaration& entity, const MemberDeclaration& member)
      : entity_(entity), member_(member) {}

  void All() const {
    Name();
    Labels();
    const bool system = member_.name == schema::kCreatedAtName || member_.name == schema::kUpdatedAtName;
    if (system && (member_.type != ValueType::kTimestamp || member_.nullable)) {
      Fail("is written by the engine and must be a relata::Timestamp");
    }
    const bool reference = !member_.targets.empty();
    if (!reference && (!member_.inverse.empty() || member_.on_delete))
      Fail("is no reference, so it has no inverse");
    const bool can_clear =
        member_.type == ValueType::kReferenceSet || (member_.nullable && !member_.options.required);
    if (member_.on_delete == OnDelete::kClear && !can_clear) {
      Fail(
          "cannot be cleared: make it a std::optional that is not required, or choose kRestrict or kCascade");
    }
  }

 private:
  [[noreturn]] void Fail(std::string_view what) const {
    internal::DeclarationError(entity_.name, member_.name, what);
  }

  void Name() const {
    if (!schema::IsFieldName(member_.name)) Fail(StrCat("has no name for a field; ", schema::kNameRule));
    if (member_.name == schema::kIdName) Fail("must have the type relata::Id of the struct");
  }

  void Labels() const {
    const std::vector<Label>& labels = member_.labels;
    for (auto label = labels.begin(); label != labels.end(); ++label) {
      for (auto other = labels.begin(); other != label; ++other) {
        if (other->code == label->code) Fail(StrCat("has two labels with the code ", label->code));
        if (other->name == label->name) Fail(StrCat("has two labels named ", Quoted(label->name)));
      }
    }
    if (member_.type == ValueType::kEnum || member_.type == ValueType::kLabelSet) {
      if (member_.labels.empty()) Fail("has an enum without enumerators");
    }
  }

  const EntityDeclaration& entity_;
  const MemberDeclaration& member_;
};

void CompleteReference(const EntityDeclaration& entity, MemberDeclaration* member) {
  if (member->targets.empty()) return;
  if (member->inverse.empty()) member->inverse = StrCat(entity.name, "s");
  if (!member->on_delete) {
    const bool may_be_empty = member->nullable || member->type == ValueType::kReferenceSet;
    member->on_delete = may_be_empty && !member->options.required ? OnDelete::kClear : OnDelete::kRestrict;
  }
}

}  // namespace

namespace internal {

void DeclarationError(std::string_view entity, std::string_view member, std::string_view what) {
  const std::string message = member.empty()
                                  ? StrCat("the declaration of entity '", entity, "' ", what)
                                  : StrCat("member '", member, "' of entity '", entity, "' ", what);
  CheckFailed(__FILE__, __LINE__, message.c_str());
}

std::string LabelName(std::string_view enumerator) {
  if (enumerator.size() < 2 || enumerator[0] != 'k' || !IsUpper(enumerator[1]))
    return std::string(enumerator);
  enumerator.remove_prefix(1);
  std::string name;
  for (size_t i = 0; i < enumerator.size(); ++i) {
    const char c = enumerator[i];
    if (!IsUpper(c)) {
      name += c;
      continue;
    }
    // A word begins after a lower-case letter, and with the last capital of "NPSScore".
    const bool ends_capitals = i + 1 < enumerator.size() && IsLower(enumerator[i + 1]);
    const bool begins = i > 0 && enumerator[i - 1] != '_' && (IsLower(enumerator[i - 1]) || ends_capitals);
    if (begins) name += '_';
    name += static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

MemberDeclaration& MemberAt(EntityDeclaration* declaration, size_t offset, std::string_view option) {
  MemberDeclaration* member = declaration->At(offset);
  if (member == nullptr) {
    DeclarationError(declaration->name, "",
                     StrCat("names in '", option, "' something that is no field (the member `id` is none)"));
  }
  return *member;
}

void FinishDeclaration(EntityDeclaration* declaration) {
  if (!schema::IsName(declaration->name)) {
    DeclarationError(declaration->name, "", StrCat("has no name for an entity type; ", schema::kNameRule));
  }
  if (declaration->members.size() > schema::kMaxFields) {
    DeclarationError(
        declaration->name, "",
        StrCat("has ", declaration->members.size(), " fields; at most ", schema::kMaxFields, " fit"));
  }
  std::vector<std::string_view> names;
  names.reserve(declaration->members.size());
  for (MemberDeclaration& member : declaration->members) {
    MemberCheck(*declaration, member).All();
    names.push_back(member.name);
    CompleteReference(*declaration, &member);
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    DeclarationError(declaration->name, *twice, "stands there twice");
  }
  for (const IndexDeclaration& index : declaration->indexes) {
    for (const IndexPartDeclaration& part : index.parts) {
      MemberAt(declaration, part.offset, index.unique ? "unique" : "ordered");
    }
  }
  if (declaration->moment) {
    const MemberDeclaration& moment = MemberAt(declaration, *declaration->moment, "moment");
    if (moment.type != ValueType::kDate && moment.type != ValueType::kTimestamp) {
      DeclarationError(declaration->name, moment.name, "is the moment and must be a date or timestamp");
    }
  }
}

}  // namespace internal

namespace declare {

void CurrencyOption::ApplyTo(EntityDeclaration* declaration) const {
  MemberDeclaration& member = internal::MemberAt(declaration, offset, "currency");
  if (member.type != ValueType::kMoney) {
    internal::DeclarationError(declaration->name, member.name, "is no money, so it has no currency");
  }
  const StatusOr<Currency> known = Currency::Parse(code);
  if (!known.ok()) {
    internal::DeclarationError(declaration->name, member.name,
                               StrCat("has a currency that ISO 4217 does not list: ", Quoted(code)));
  }
  member.currency = *known;
}

}  // namespace declare
}  // namespace relata
