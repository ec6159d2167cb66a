// Defines SegmentDefinition, a named condition of the catalogue whose members the store keeps, and
// SegmentSpec, what a host asks for when it defines one.
//
//   SegmentSpec quiet{.name = "quiet top customers",
//                     .entity = "relation",
//                     .expression = "tier = 'top' and count(interactions where at >= today() - 60) = 0"};
//
// The text speaks of fields and other segments by the names they have now: renaming one rewrites it. Others
// know a segment by its id, which is never used again.
//
// Thread safety: plain values.
#ifndef RELATA_SCHEMA_SEGMENT_DEFINITION_H_
#define RELATA_SCHEMA_SEGMENT_DEFINITION_H_

#include <cstdint>
#include <string>

#include "relata/schema/ids.h"

namespace relata {

struct SegmentDefinition {
  uint32_t id = 0;          // from 1
  std::string name;         // any text that a person reads, unique in the store
  EntityTypeId entity = 0;  // of its members
  std::string expression;   // a condition in the expression language
  std::string description;
  uint32_t version = 1;  // grows when the segment is defined anew with another expression
  friend bool operator==(const SegmentDefinition&, const SegmentDefinition&) = default;
};

struct SegmentSpec {
  std::string name;
  std::string entity;
  std::string expression;
  std::string description;
};

}  // namespace relata

#endif  // RELATA_SCHEMA_SEGMENT_DEFINITION_H_
