// Defines Archived<T>, a member that holds a host's own struct whole: stored and read as one value, not
// queryable.
//
//   struct Machine {
//     relata::Id<Machine> id;
//     relata::Archived<Settings> settings;        // Settings has Boost's `serialize`
//   };
//
// The bytes carry a version, a size and a checksum of their own, verified before T sees them, and T's class
// version (BOOST_CLASS_VERSION), so an older T is read by a newer one's `serialize`. A field that was never
// written, and a view of damaged bytes, hold a T{}; reading the struct then is DataLoss. The checksum finds
// accidents, not forgery: where others may write the file, T should hold no pointers, since Boost believes
// what they are said to point at. An exception that T's `serialize` throws while writing goes through to the
// host.
//
// Kept out of the other headers: it includes Boost.Serialization, and who includes it links
// boost_serialization.
//
// Thread safety: as T. Cost: each read decodes the whole.
#ifndef RELATA_SCHEMA_ARCHIVED_H_
#define RELATA_SCHEMA_ARCHIVED_H_

#include <string>
#include <string_view>

#include "relata/schema/archive.h"
#include "relata/schema/member.h"

namespace relata {

template <class T>
struct Archived {
  T value{};

  T* operator->() { return &value; }
  const T* operator->() const { return &value; }
  T& operator*() { return value; }
  const T& operator*() const { return value; }
  friend bool operator==(const Archived&, const Archived&) = default;
};

template <class T>
struct MemberTraits<Archived<T>> {
  static constexpr ValueType type = ValueType::kObject;
  using View = Archived<T>;

  static Cell Load(const Archived<T>& member, std::string* scratch) {
    ArchiveWriter writer;
    writer << member.value;
    *scratch = SealArchive(kMagic, kFormat, writer.bytes());
    return Cell::OfBytes(*scratch);
  }
  static bool Store(const Cell& cell, Archived<T>* member) {
    *member = Archived<T>{};
    if (cell.bytes.empty()) return true;
    const StatusOr<std::string_view> body = OpenArchive(kMagic, kFormat, cell.bytes, kMaxArchiveBytes);
    if (body.ok() && ReadArchive(*body, &member->value)) return true;
    *member = Archived<T>{};
    return false;
  }
  static View Read(const Cell& cell) {
    View member;
    Store(cell, &member);
    return member;
  }

 private:
  static constexpr std::string_view kMagic = "RELO";
  static constexpr uint32_t kFormat = 1;
};

}  // namespace relata

#endif  // RELATA_SCHEMA_ARCHIVED_H_
