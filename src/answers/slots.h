// Defines Slots, which finds the slots of an entity type once, so that walks over its rows read by number.
#ifndef RELATA_ANSWERS_SLOTS_H_
#define RELATA_ANSWERS_SLOTS_H_

#include <string_view>

#include "relata/base/status.h"
#include "relata/base/strings.h"
#include "src/store/reader.h"

namespace relata::answers {

class Slots {
 public:
  static StatusOr<Slots> Of(const store::Reader& reader, std::string_view entity) {
    RELATA_ASSIGN_OR_RETURN(const store::TypeRuntime* type, reader.schema().Get(entity));
    return Slots(type);
  }

  const store::TypeRuntime& type() const { return *type_; }

  // The slot of a model field, which no store lacks.
  StatusOr<FieldId> operator[](std::string_view field) const {
    const Field* found = type_->type->FindField(field);
    if (found == nullptr) {
      return absl::FailedPreconditionError(StrCat("the store's ", type_->type->name, " has no field ",
                                                  Quoted(field),
                                                  "; register the CRM model with Database::Open"));
    }
    return found->id;
  }

 private:
  explicit Slots(const store::TypeRuntime* type) : type_(type) {}
  const store::TypeRuntime* type_;
};

}  // namespace relata::answers

#endif  // RELATA_ANSWERS_SLOTS_H_
