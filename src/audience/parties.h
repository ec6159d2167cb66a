// Defines Parties, which reads of persons and relations what an audience asks: where they can be reached, and
// who counts as one with whom.
//
// Thread safety: one thread, as the reader. Lifetime: within the reader's. Cost: O(log n) per question.
#ifndef RELATA_AUDIENCE_PARTIES_H_
#define RELATA_AUDIENCE_PARTIES_H_

#include <string>
#include <vector>

#include "relata/audience/audience.h"
#include "relata/base/status.h"
#include "src/record/row.h"
#include "src/store/reader.h"

namespace relata::audience {

struct Party {
  RecordRef record;
  bool gone = false;                // a person who left
  std::string address;              // for the channel; empty: none, where it needs one
  std::vector<RecordId> relations;  // of a person, ascending
  std::string unit;                 // the same for those who count as one
};

class Parties {
 public:
  static StatusOr<Parties> Make(const store::Reader& reader, const AudienceSpec& spec);

  // REQUIRES: type is that of persons or of relations. `*found` false where there is no such record.
  Status Find(RecordRef record, Party* party, bool* found) const;

  EntityTypeId person() const { return person_->type->id; }
  EntityTypeId relation() const { return relation_->type->id; }

 private:
  struct AddressSlots {
    FieldId street, house_number, postcode, city, region, country;
  };

  Parties(const store::Reader& reader, const AudienceSpec& spec) : reader_(reader), spec_(spec) {}

  StatusOr<AddressSlots> AddressIn(std::string_view group) const;
  // The postal address, or where that is empty the visiting address, in lines; `key` tells addresses apart.
  Status PostalOf(const RowView& relation, std::string* lines, std::string* key) const;
  void SetUnit(std::string_view household, Party* party) const;

  const store::Reader& reader_;
  const AudienceSpec& spec_;
  const store::TypeRuntime* person_ = nullptr;
  const store::TypeRuntime* relation_ = nullptr;
  FieldId relations_ = 0;
  FieldId left_on_ = 0;
  FieldId person_email_ = 0, person_phone_ = 0, person_mobile_ = 0;
  FieldId relation_email_ = 0, relation_phone_ = 0;
  AddressSlots postal_{}, visiting_{};
  Date today_;
};

}  // namespace relata::audience

#endif  // RELATA_AUDIENCE_PARTIES_H_
