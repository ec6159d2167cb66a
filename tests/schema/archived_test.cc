// Archives, their envelope, and a host's struct stored whole.
#include "relata/schema/archived.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/serialization/export.hpp>
#include <boost/serialization/map.hpp>
#include <boost/serialization/shared_ptr.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/vector.hpp>
#include <boost/serialization/version.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "relata/schema/declare.h"

namespace host {

struct Shape {
  virtual ~Shape() = default;
  virtual std::string Name() const { return "shape"; }
  template <class Archive>
  void serialize(Archive&, unsigned) {}
};
struct Circle : Shape {
  double radius = 0;
  std::string Name() const override { return "circle"; }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    (archive & boost::serialization::base_object<Shape>(*this)) & radius;
  }
};

struct Settings {
  std::string theme;
  std::vector<double> margins;
  std::map<std::string, int> keys;
  float zoom = 1;
  int8_t level = 0;
  uint64_t seed = 0;
  unsigned read_version = 99;  // of the class, as it was read

  template <class Archive>
  void serialize(Archive& archive, unsigned version) {
    read_version = version;
    ((((archive & theme) & margins) & keys) & zoom) & level& seed;
  }
};

struct Drawing {
  std::vector<std::shared_ptr<Shape>> shapes;
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive.operator&(shapes);
  }
};

struct Gadget {
  relata::Id<Gadget> id;
  relata::Archived<Settings> settings;
  std::optional<relata::Archived<Settings>> spare;
};
BOOST_DESCRIBE_STRUCT(Gadget, (), (id, settings, spare))
RELATA_ENTITY(Gadget, "gadget")

}  // namespace host

BOOST_CLASS_VERSION(host::Settings, 7)
BOOST_CLASS_EXPORT(host::Circle)

namespace relata {
namespace {

using testing::HasSubstr;
using Traits = MemberTraits<Archived<host::Settings>>;

Archived<host::Settings> Made() {
  Archived<host::Settings> made;
  made->theme = "dark";
  made->margins = {0.1, -0.0, std::numeric_limits<double>::infinity(), std::nan("")};
  made->keys = {{"save", 19}, {"quit", std::numeric_limits<int>::min()}};
  made->zoom = 1.25f;
  made->level = -128;
  made->seed = std::numeric_limits<uint64_t>::max();
  return made;
}

std::string Bytes() {
  std::string scratch;
  return std::string(Traits::Load(Made(), &scratch).bytes);
}

TEST(ArchivedTest, IsAFieldOfTypeObject) {
  const EntityDeclaration& gadget = DeclarationOf<host::Gadget>();
  ASSERT_EQ(gadget.members.size(), 2u);
  EXPECT_EQ(gadget.members[0].type, ValueType::kObject);
  EXPECT_TRUE(gadget.members[1].nullable);
}

TEST(ArchivedTest, ComesBackWhole) {
  Archived<host::Settings> back;
  ASSERT_TRUE(Traits::Store(Cell::OfBytes(Bytes()), &back));
  EXPECT_EQ(back->theme, "dark");
  ASSERT_EQ(back->margins.size(), 4u);
  EXPECT_EQ(back->margins[0], 0.1);
  EXPECT_TRUE(std::signbit(back->margins[1]));
  EXPECT_TRUE(std::isinf(back->margins[2]));
  EXPECT_TRUE(std::isnan(back->margins[3]));
  EXPECT_EQ(back->keys, Made()->keys);
  EXPECT_EQ(back->zoom, 1.25f);
  EXPECT_EQ(back->level, -128);
  EXPECT_EQ(back->seed, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(back->read_version, 7u);
}

TEST(ArchivedTest, PointersToBasesAndSharedOnesComeBack) {
  auto circle = std::make_shared<host::Circle>();
  circle->radius = 2.5;
  Archived<host::Drawing> drawing;
  drawing->shapes = {circle, nullptr, circle};
  std::string scratch;
  Archived<host::Drawing> back;
  ASSERT_TRUE(MemberTraits<Archived<host::Drawing>>::Store(
      MemberTraits<Archived<host::Drawing>>::Load(drawing, &scratch), &back));
  ASSERT_EQ(back->shapes.size(), 3u);
  ASSERT_NE(back->shapes[0], nullptr);
  EXPECT_EQ(back->shapes[0]->Name(), "circle");
  EXPECT_EQ(static_cast<host::Circle&>(*back->shapes[0]).radius, 2.5);
  EXPECT_EQ(back->shapes[1], nullptr);
  EXPECT_EQ(back->shapes[2], back->shapes[0]);
}

TEST(ArchivedTest, NothingStoredIsADefault) {
  Archived<host::Settings> back = Made();
  ASSERT_TRUE(Traits::Store(Cell::Absent(), &back));
  EXPECT_EQ(back->theme, "");
  EXPECT_EQ(Traits::Read(Cell::OfBytes("rubbish"))->theme, "");
}

TEST(ArchivedTest, DamageIsSeen) {
  const std::string whole = Bytes();
  Archived<host::Settings> back;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
    EXPECT_FALSE(Traits::Store(Cell::OfBytes(damaged), &back)) << at;
    EXPECT_EQ(back->theme, "");
  }
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(Traits::Store(Cell::OfBytes(whole.substr(0, size)), &back)) << size;
  }
}

// What the checksum does not see is bounded by the bytes there are: no length is believed.
TEST(ArchivedTest, DamageUnderARightChecksumIsBounded) {
  const std::string body(OpenArchive("RELO", 1, Bytes(), kMaxArchiveBytes).value());
  for (size_t at = 0; at < body.size(); ++at) {
    for (int value : {0x00, 0x7f, 0x80, 0xff}) {
      std::string damaged = body;
      damaged[at] = static_cast<char>(value);
      Archived<host::Settings> back;
      Traits::Store(Cell::OfBytes(SealArchive("RELO", 1, damaged)), &back);
    }
  }
}

TEST(ArchiveTest, IntegersMustFit) {
  ArchiveWriter writer;
  const int64_t large = 300;
  writer << large;
  int8_t narrow = 0;
  EXPECT_FALSE(ReadArchive(writer.bytes(), &narrow));
  int16_t wide = 0;
  EXPECT_TRUE(ReadArchive(writer.bytes(), &wide));
  EXPECT_EQ(wide, 300);
  EXPECT_FALSE(ReadArchive(writer.bytes() + "x", &wide));  // more than one object
  EXPECT_FALSE(ReadArchive("", &wide));
}

TEST(ArchiveTest, ALengthIsNeverMoreThanWhatIsLeft) {
  ArchiveWriter writer;
  const uint64_t length = uint64_t{1} << 60;
  writer << length;
  std::string text;
  EXPECT_FALSE(ReadArchive(writer.bytes(), &text));
  std::vector<int> list;
  EXPECT_FALSE(ReadArchive(writer.bytes(), &list));
}

TEST(ArchiveTest, AnEnvelopeSaysWhatIsWrong) {
  const std::string sealed = SealArchive("RELX", 2, "body");
  EXPECT_EQ(OpenArchive("RELX", 2, sealed, 100).value(), "body");
  const auto message = [](const StatusOr<std::string_view>& body) {
    return std::string(body.status().message().data(), body.status().message().size());
  };
  EXPECT_THAT(message(OpenArchive("RELY", 2, sealed, 100)), HasSubstr("does not begin with 'RELY'"));
  EXPECT_THAT(message(OpenArchive("RELX", 2, sealed, 3)), HasSubstr("claims 4 bytes; at most 3"));
  EXPECT_THAT(message(OpenArchive("RELX", 2, sealed + "x", 100)), HasSubstr("claims 4 bytes, but has 5"));
  EXPECT_THAT(message(OpenArchive("RELX", 1, sealed, 100)), HasSubstr("has format 2"));
  EXPECT_THAT(message(OpenArchive("RELX", 2, SealArchive("RELX", 0, "body"), 100)), HasSubstr("format 0"));
  EXPECT_TRUE(absl::IsDataLoss(OpenArchive("RELX", 2, "REL", 100).status()));
}

}  // namespace
}  // namespace relata
