// The catalogue as bytes. What is written is what the functions `serialize` below name, in that order. A
// member that is added to a struct gets a line guarded by its class version (BOOST_CLASS_VERSION) and raises
// kFormat, so that older catalogues stay readable for ever (tests/schema/golden holds one of each format) and
// older libraries say that they are too old.
//
// The archive is Relata's own (see archive.h for why), and the envelope is verified before it is looked at.
// Should bytes that pass the checksum still make no catalogue, they are damage too: IsWhole sees that nothing
// in it points outside.
#include <algorithm>
#include <boost/serialization/split_free.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/version.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "relata/base/strings.h"
#include "relata/schema/archive.h"
#include "src/schema/catalogue.h"

namespace relata {
namespace {

constexpr std::string_view kMagic = "RELC";
constexpr uint32_t kFormat = 3;  // 2: derived fields; 3: segments

[[noreturn]] void Refuse() {
  throw boost::archive::archive_exception(boost::archive::archive_exception::input_stream_error);
}

template <class Archive, class... Members>
void Each(Archive& archive, Members&&... members) {
  (archive & ... & members);
}

// Enums travel as their numbers, which are fixed.
template <class Archive, class E>
void Number(Archive& archive, E& value, E last) {
  auto number = static_cast<uint8_t>(value);
  Each(archive, number);
  if (number > static_cast<uint8_t>(last)) Refuse();
  value = static_cast<E>(number);
}

template <class Archive, class T>
void Optional(Archive& archive, std::optional<T>& value) {
  bool there = value.has_value();
  Each(archive, there);
  if (!there) return value.reset();
  T& held = value ? *value : value.emplace();
  Each(archive, held);
}

// One element at a time, so that memory grows with what was read and not with what is claimed to follow; but
// for a first few, which need not be moved then.
constexpr uint64_t kFirstElements = 32;
template <class Archive, class T>
void Sequence(Archive& archive, std::vector<T>& list) {
  uint64_t count = list.size();
  Each(archive, count);
  if constexpr (Archive::is_loading::value) {
    list.clear();
    list.reserve(std::min(count, kFirstElements));
    for (uint64_t i = 0; i < count; ++i) Each(archive, list.emplace_back());
  } else {
    for (T& element : list) Each(archive, element);
  }
}

}  // namespace

template <class Archive>
void serialize(Archive& archive, Currency& currency, unsigned) {
  uint16_t packed = currency.packed();
  Each(archive, packed);
  const StatusOr<Currency> known = Currency::FromPacked(packed);
  if (!known.ok()) Refuse();
  currency = *known;
}
template <class Archive>
void serialize(Archive& archive, Money& money, unsigned) {
  Each(archive, money.minor, money.currency);
}
template <class Archive>
void serialize(Archive& archive, Decimal& decimal, unsigned) {
  Each(archive, decimal.units, decimal.scale);
}
template <class Archive>
void serialize(Archive& archive, Date& date, unsigned) {
  Each(archive, date.days);
}
template <class Archive>
void serialize(Archive& archive, Timestamp& timestamp, unsigned) {
  Each(archive, timestamp.micros);
}
template <class Archive>
void serialize(Archive& archive, Duration& duration, unsigned) {
  Each(archive, duration.micros);
}
template <class Archive>
void serialize(Archive& archive, Point& point, unsigned) {
  Each(archive, point.lat_e7, point.lon_e7);
}
template <class Archive>
void serialize(Archive& archive, Reference& reference, unsigned) {
  Each(archive, reference.id);
}
template <class Archive>
void serialize(Archive& archive, RecordRef& record, unsigned) {
  Each(archive, record.type, record.id);
}
template <class Archive>
void serialize(Archive& archive, ObjectBytes& object, unsigned) {
  Each(archive, object.bytes);
}

// The position of an alternative in Value::Variant is its number in the file: add at the end only.
static_assert(std::variant_size_v<Value::Variant> == 17);

template <size_t kAt>
void LoadAlternative(ArchiveReader& archive, size_t at, Value* value) {
  if constexpr (kAt == std::variant_size_v<Value::Variant>) {
    Refuse();
  } else if (at != kAt) {
    LoadAlternative<kAt + 1>(archive, at, value);
  } else {
    std::variant_alternative_t<kAt, Value::Variant> alternative{};
    if constexpr (std::is_same_v<decltype(alternative), TextSet> ||
                  std::is_same_v<decltype(alternative), ReferenceSet>) {
      Sequence(archive, alternative);
    } else {
      Each(archive, alternative);
    }
    *value = Value(std::move(alternative));
  }
}

template <class Archive>
void serialize(Archive& archive, Value& value, unsigned) {
  size_t at = value.variant().index();
  Each(archive, at);
  if (at == 0) return void(value = Value());
  if constexpr (Archive::is_loading::value) {
    LoadAlternative<1>(archive, at, &value);
  } else {
    std::visit(
        [&](auto alternative) {
          using T = decltype(alternative);
          if constexpr (std::is_same_v<T, TextSet> || std::is_same_v<T, ReferenceSet>) {
            Sequence(archive, alternative);
          } else if constexpr (!std::is_same_v<T, std::monostate>) {
            Each(archive, alternative);
          }
        },
        value.variant());
  }
}

template <class Archive>
void serialize(Archive& archive, Label& label, unsigned) {
  Each(archive, label.code, label.name);
}
template <class Archive>
void serialize(Archive& archive, FieldOptions& options, unsigned) {
  Each(archive, options.required, options.sensitive, options.history);
  Optional(archive, options.default_value);
  Optional(archive, options.min_length);
  Optional(archive, options.max_length);
  Optional(archive, options.min_value);
  Optional(archive, options.max_value);
  Each(archive, options.pattern, options.description);
}
template <class Archive>
void serialize(Archive& archive, Field& field, unsigned) {
  Each(archive, field.id, field.name);
  Number(archive, field.type, ValueType::kObject);
  Each(archive, field.nullable, field.options, field.scale, field.currency);
  Optional(archive, field.base_amount);
  Sequence(archive, field.labels);
  Sequence(archive, field.targets);
  Number(archive, field.on_delete, OnDelete::kClear);
  Each(archive, field.inverse, field.generated, field.dropped, field.added_in, field.dropped_in);
  Each(archive, field.frozen_present, field.frozen_bits, field.frozen_bytes);
}
template <class Archive>
void serialize(Archive& archive, IndexPart& part, unsigned) {
  Each(archive, part.field, part.descending, part.nulls_last);
  Number(archive, part.folding, Folding::kWords);
  Each(archive, part.locale);
}
template <class Archive>
void serialize(Archive& archive, Index& index, unsigned) {
  Each(archive, index.id, index.name, index.tree);
  Sequence(archive, index.parts);
  Each(archive, index.unique);
  Number(archive, index.state, IndexState::kDropped);
  Each(archive, index.text_versions);
}
template <class Archive>
void serialize(Archive& archive, EntityType& type, unsigned) {
  Each(archive, type.id, type.name, type.tree, type.description, type.version);
  Sequence(archive, type.fields);
  Sequence(archive, type.indexes);
  Optional(archive, type.moment);
  Each(archive, type.dropped);
}
template <class Archive>
void serialize(Archive& archive, DerivedField& derived, unsigned) {
  Each(archive, derived.entity, derived.name, derived.expression, derived.description);
}
template <class Archive>
void serialize(Archive& archive, SegmentDefinition& segment, unsigned) {
  Each(archive, segment.id, segment.name, segment.entity, segment.expression, segment.description,
       segment.version);
}

namespace schema {

template <class Archive>
void serialize(Archive& archive, StoreSettings& settings, unsigned) {
  Each(archive, settings.base_currency, settings.time_zone, settings.locale);
}
template <class Archive>
void serialize(Archive& archive, Versions& versions, unsigned) {
  Each(archive, versions.feature_level, versions.icu, versions.time_zone_data);
}

// The catalogue with its types and segments in rows.
struct CatalogueArchive {
  Catalogue catalogue;
  std::vector<EntityType> types;
  std::vector<SegmentDefinition> segments;

  explicit CatalogueArchive(const Catalogue& from)
      : catalogue(from),
        types(from.types_.get<Catalogue::ById>().begin(), from.types_.get<Catalogue::ById>().end()),
        segments(from.segments_.get<Catalogue::ById>().begin(), from.segments_.get<Catalogue::ById>().end()) {
  }

  template <class Archive>
  void serialize(Archive& archive, unsigned version) {
    Each(archive, catalogue.version_, catalogue.next_tree_, catalogue.next_index_);
    Each(archive, catalogue.settings_, catalogue.versions_);
    Sequence(archive, catalogue.dropped_trees_);
    Sequence(archive, types);
    if (version >= 1) Sequence(archive, catalogue.derived_);
    if (version < 2) return;
    Each(archive, catalogue.next_segment_);
    Sequence(archive, segments);
  }

  Catalogue Assembled() && {
    catalogue.types_.clear();
    for (EntityType& type : types) catalogue.types_.insert(std::move(type));
    catalogue.segments_.clear();
    for (SegmentDefinition& segment : segments) catalogue.segments_.insert(std::move(segment));
    catalogue.schema_version_ = catalogue.version_;
    return std::move(catalogue);
  }

  // Whether nothing points outside, and ids and names tell segments apart.
  bool IsWhole() const {
    for (size_t i = 0; i < types.size(); ++i) {
      if (types[i].id != i + 1 || !IsWhole(types[i])) return false;
    }
    for (const DerivedField& derived : catalogue.derived_) {
      if (derived.entity == 0 || derived.entity > types.size()) return false;
    }
    uint32_t last = 0;
    std::set<std::string_view> names;
    for (const SegmentDefinition& segment : segments) {
      if (segment.id <= last || segment.id >= catalogue.next_segment_) return false;
      if (segment.entity == 0 || segment.entity > types.size()) return false;
      if (segment.name.empty() || !names.insert(segment.name).second) return false;
      last = segment.id;
    }
    return true;
  }

 private:
  bool IsWhole(const EntityType& type) const {
    const size_t slots = type.fields.size();
    if (slots <= kUpdatedAt || (type.moment && *type.moment >= slots)) return false;
    for (size_t i = 0; i < slots; ++i) {
      const Field& field = type.fields[i];
      if (field.id != i || field.type < ValueType::kBool || field.scale > Decimal::kMaxScale) return false;
      if (field.added_in == 0 || field.added_in > type.version) return false;
      if (field.base_amount && *field.base_amount >= slots) return false;
      const bool known = std::all_of(field.targets.begin(), field.targets.end(), [&](EntityTypeId target) {
        return target != 0 && target <= types.size();
      });
      if (!known || field.is_reference() == field.targets.empty()) return false;
    }
    return std::all_of(type.indexes.begin(), type.indexes.end(), [&](const Index& index) {
      return !index.parts.empty() && std::all_of(index.parts.begin(), index.parts.end(),
                                                 [&](const IndexPart& part) { return part.field < slots; });
    });
  }
};

}  // namespace schema
}  // namespace relata

BOOST_CLASS_VERSION(relata::schema::CatalogueArchive, 2)

namespace relata::schema {

std::string Catalogue::Encode() const {
  const CatalogueArchive archive(*this);
  ArchiveWriter writer;
  writer << archive;
  return SealArchive(kMagic, kFormat, writer.bytes());
}

StatusOr<Catalogue> Catalogue::Decode(std::string_view bytes) {
  const StatusOr<std::string_view> body = OpenArchive(kMagic, kFormat, bytes, kMaxCatalogueBytes);
  if (absl::IsFailedPrecondition(body.status())) return Annotate(body.status(), "the catalogue");
  CatalogueArchive archive{Catalogue()};
  if (body.ok() && ReadArchive(*body, &archive) && archive.IsWhole()) return std::move(archive).Assembled();
  const std::string what = body.ok() ? "makes no sense" : std::string(ToStd(body.status().message()));
  return absl::DataLossError(
      StrCat("the catalogue is damaged: it ", what, "; restore the store from a backup"));
}

}  // namespace relata::schema
