// Look-ups by name in an entity type and in a declaration.
#include "relata/schema/entity.h"

#include "relata/schema/declaration.h"

namespace relata {

const Field* EntityType::FindField(std::string_view field_name) const {
  for (const Field& field : fields) {
    if (!field.dropped && field.name == field_name) return &field;
  }
  return nullptr;
}

const Index* EntityType::FindIndex(std::string_view index_name) const {
  for (const Index& index : indexes) {
    if (index.state != IndexState::kDropped && index.name == index_name) return &index;
  }
  return nullptr;
}

const MemberDeclaration* EntityDeclaration::At(size_t offset) const {
  for (const MemberDeclaration& member : members) {
    if (member.offset == offset) return &member;
  }
  return nullptr;
}

MemberDeclaration* EntityDeclaration::At(size_t offset) {
  return const_cast<MemberDeclaration*>(static_cast<const EntityDeclaration*>(this)->At(offset));
}

}  // namespace relata
