// Defines the audience of a segment as a host asks for it: of a Snapshot or a Transaction.
//
//   StatusOr<audience::Audience> mailing =
//       AudienceOf(now, "quiet top customers", {.purpose = "newsletter", .channel = crm::Channel::kEmail});
#ifndef RELATA_ENGINE_AUDIENCE_H_
#define RELATA_ENGINE_AUDIENCE_H_

#include <span>
#include <string_view>

#include "relata/audience/audience.h"
#include "relata/engine/reader.h"
#include "relata/export.h"

namespace relata {

// See audience/audience.h.
RELATA_EXPORT StatusOr<audience::Audience> AudienceOf(const Reader& reader, std::string_view segment,
                                                      const audience::AudienceSpec& spec);
RELATA_EXPORT StatusOr<audience::Audience> AudienceOf(const Reader& reader, std::string_view entity,
                                                      std::span<const RecordId> ids,
                                                      const audience::AudienceSpec& spec);

}  // namespace relata

#endif  // RELATA_ENGINE_AUDIENCE_H_
