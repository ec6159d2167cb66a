// Defines ArchiveWriter and ArchiveReader, the Boost.Serialization archives of everything that Relata stores
// whole, and the envelope such bytes lie in.
//
//   ArchiveWriter writer;
//   writer << definition;                                       // a type with Boost's `serialize`
//   std::string bytes = SealArchive("RELX", 1, writer.bytes());
//
//   RELATA_ASSIGN_OR_RETURN(std::string_view body, OpenArchive("RELX", 1, bytes, kMaxArchiveBytes));
//   if (!ReadArchive(body, &definition)) …
//
// Archives of our own, because Boost's binary one depends on the machine, its text one cannot read back every
// double, and both believe a length they read: one damaged byte then asks for any amount of memory. Here
// integers are varints and a length is never more than the bytes that are left. Class versions, pointers and
// containers work as in any archive of Boost's. wchar_t and long double are not written: they differ between
// machines.
//
// Thread safety: one thread at a time. Lifetime: a reader reads the bytes where they are.
// Cost: this header includes Boost.Serialization; a program that includes it links boost_serialization.
#ifndef RELATA_SCHEMA_ARCHIVE_H_
#define RELATA_SCHEMA_ARCHIVE_H_

#include <bit>
#include <boost/archive/archive_exception.hpp>
#include <boost/archive/detail/common_iarchive.hpp>
#include <boost/archive/detail/common_oarchive.hpp>
#include <boost/archive/detail/register_archive.hpp>
#include <boost/archive/impl/archive_serializer_map.ipp>
#include <boost/serialization/collection_size_type.hpp>
#include <boost/serialization/item_version_type.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata {

inline constexpr size_t kMaxArchiveBytes = size_t{64} << 20;

// What a field of the C++ language becomes: a varint, zigzag where it is signed.
template <class T>
concept ArchivedInteger = std::integral<T> && !std::same_as<T, wchar_t>;

class RELATA_EXPORT ArchiveWriter : public boost::archive::detail::common_oarchive<ArchiveWriter> {
 public:
  ArchiveWriter();
  const std::string& bytes() const { return bytes_; }
  void save_binary(const void* bytes, size_t count);  // NOLINT: Boost's name

 private:
  using Base = boost::archive::detail::common_oarchive<ArchiveWriter>;
  friend class boost::archive::detail::interface_oarchive<ArchiveWriter>;
  friend class boost::archive::detail::common_oarchive<ArchiveWriter>;
  friend class boost::archive::save_access;

  template <ArchivedInteger I>
  void save(I value) {
    if constexpr (std::signed_integral<I>) {
      PutSigned(value);
    } else {
      PutUnsigned(value);
    }
  }
  void save(double value) { PutUnsigned(std::bit_cast<uint64_t>(value)); }
  void save(float value) { PutUnsigned(std::bit_cast<uint32_t>(value)); }
  void save(const std::string& text);
  void save(const boost::serialization::collection_size_type& size) { PutUnsigned(size); }
  void save(const boost::serialization::item_version_type& version) { PutUnsigned(version); }

  template <class T>
  void save_override(const T& value) {
    Base::save_override(value);
  }
  void save_override(const boost::archive::version_type& version) { PutUnsigned(uint32_t{version}); }
  void save_override(const boost::archive::object_id_type& id) { PutUnsigned(uint32_t{id}); }
  void save_override(const boost::archive::object_reference_type& id) { PutUnsigned(uint32_t{id}); }
  void save_override(const boost::archive::class_id_type& id) { PutSigned(int{id}); }
  void save_override(const boost::archive::class_id_reference_type& id) { PutSigned(int{id}); }
  void save_override(const boost::archive::class_id_optional_type&) {}
  void save_override(const boost::archive::tracking_type& tracking) { PutUnsigned(bool{tracking}); }
  void save_override(const boost::archive::class_name_type& name) { save(std::string(name)); }

  void PutUnsigned(uint64_t value);
  void PutSigned(int64_t value);

  std::string bytes_;
};

// Throws boost::archive::archive_exception where the bytes cannot be what is asked for; ReadArchive catches
// it.
class RELATA_EXPORT ArchiveReader : public boost::archive::detail::common_iarchive<ArchiveReader> {
 public:
  explicit ArchiveReader(std::string_view bytes);
  std::string_view rest() const { return rest_; }
  void load_binary(void* bytes, size_t count);  // NOLINT: Boost's name

 private:
  using Base = boost::archive::detail::common_iarchive<ArchiveReader>;
  friend class boost::archive::detail::interface_iarchive<ArchiveReader>;
  friend class boost::archive::detail::common_iarchive<ArchiveReader>;
  friend class boost::archive::load_access;

  template <ArchivedInteger I>
  void load(I& value) {
    value = Integer<I>();
  }
  void load(double& value) { value = std::bit_cast<double>(TakeUnsigned()); }
  void load(float& value) { value = std::bit_cast<float>(Integer<uint32_t>()); }
  void load(std::string& text);
  void load(boost::serialization::collection_size_type& size);
  void load(boost::serialization::item_version_type& version) {
    version = boost::serialization::item_version_type(Integer<uint32_t>());
  }

  template <class T>
  void load_override(T& value) {
    Base::load_override(value);
  }
  void load_override(boost::archive::version_type& version) {
    version = boost::archive::version_type(Integer<uint32_t>());
  }
  void load_override(boost::archive::object_id_type& id) {
    id = boost::archive::object_id_type(size_t{Integer<uint32_t>()});
  }
  void load_override(boost::archive::object_reference_type& id) {
    id = boost::archive::object_reference_type(boost::archive::object_id_type(size_t{Integer<uint32_t>()}));
  }
  void load_override(boost::archive::class_id_type& id) {
    id = boost::archive::class_id_type(int{Integer<int16_t>()});
  }
  void load_override(boost::archive::class_id_reference_type& id) {
    id = boost::archive::class_id_reference_type(boost::archive::class_id_type(int{Integer<int16_t>()}));
  }
  void load_override(boost::archive::class_id_optional_type&) {}
  void load_override(boost::archive::tracking_type& tracking) {
    tracking = boost::archive::tracking_type(Integer<bool>());
  }
  void load_override(boost::archive::class_name_type& name);

  template <ArchivedInteger I>
  I Integer() {
    if constexpr (std::signed_integral<I>) {
      const int64_t value = TakeSigned();
      if (value < std::numeric_limits<I>::min() || value > std::numeric_limits<I>::max()) Fail();
      return static_cast<I>(value);
    } else {
      const uint64_t value = TakeUnsigned();
      if (value > std::numeric_limits<I>::max()) Fail();
      return static_cast<I>(value);
    }
  }
  uint64_t TakeUnsigned();
  int64_t TakeSigned();
  [[noreturn]] static void Fail();

  std::string_view rest_;
};

// Reads one object that takes all of the bytes. False, with the object in any state, where they do not hold
// one, or one of a newer class version.
template <class T>
bool ReadArchive(std::string_view bytes, T* object) {
  try {
    ArchiveReader reader(bytes);
    reader >> *object;
    return reader.rest().empty();
  } catch (const std::exception&) {  // Boost's, or what the type's own `serialize` throws
    return false;
  }
}

// The body behind its magic (4 bytes), format version, size and checksum (XXH3 of format and body).
RELATA_EXPORT std::string SealArchive(std::string_view magic, uint32_t format, std::string_view body);

// The body, once all of that holds. DataLoss for damage; FailedPrecondition for a format above
// `newest_format`.
RELATA_EXPORT StatusOr<std::string_view> OpenArchive(std::string_view magic, uint32_t newest_format,
                                                     std::string_view bytes, size_t max_size);

}  // namespace relata

BOOST_SERIALIZATION_REGISTER_ARCHIVE(relata::ArchiveWriter)
BOOST_SERIALIZATION_REGISTER_ARCHIVE(relata::ArchiveReader)

#endif  // RELATA_SCHEMA_ARCHIVE_H_
