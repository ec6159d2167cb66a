// The audience of the room below, for the reader that a host holds.
#include "relata/engine/audience.h"

namespace relata {

StatusOr<audience::Audience> AudienceOf(const Reader& reader, std::string_view segment,
                                        const audience::AudienceSpec& spec) {
  return audience::AudienceOf(reader.store_reader(), segment, spec);
}

StatusOr<audience::Audience> AudienceOf(const Reader& reader, std::string_view entity,
                                        std::span<const RecordId> ids, const audience::AudienceSpec& spec) {
  return audience::AudienceOf(reader.store_reader(), entity, ids, spec);
}

}  // namespace relata
