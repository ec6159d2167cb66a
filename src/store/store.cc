// Opens a store, applies declared types to its catalogue, and lets one writer at a time commit.
#include "src/store/store.h"

#include <algorithm>
#include <utility>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/base/zone_file.h"
#include "src/kv/error.h"
#include "src/store/index_build.h"
#include "src/store/index_sorter.h"

namespace relata::store {

namespace {

constexpr uint32_t kFeatureLevel = schema::kSegmentsFeatureLevel;  // what this library can write

kv::OpenOptions ToKv(const Options& options) {
  kv::OpenOptions kv;
  kv.create = options.create_if_missing && !options.read_only;
  kv.read_only = options.read_only;
  kv.map_size = options.map_size;
  kv.map_limit = options.map_limit;
  kv.max_readers = options.max_readers;
  kv.max_trees = options.max_trees;
  kv.growth_deadline = options.growth_deadline;
  kv.allow_network_file_system = options.allow_network_file_system;
  switch (options.durability) {
    case Durability::kFull:
      kv.durability = kv::Durability::kFull;
      break;
    case Durability::kRelaxed:
      kv.durability = kv::Durability::kRelaxed;
      break;
    case Durability::kUnsafe:
      kv.durability = kv::Durability::kUnsafe;
      break;
  }
  return kv;
}

}  // namespace

Snapshot::Snapshot(kv::ReadTransaction txn, std::shared_ptr<const SchemaRuntime> schema, kv::Tree history,
                   Timestamp now, State state, bool verify)
    : Reader(std::move(schema), history, now, state, verify),
      owned_(std::make_unique<kv::ReadTransaction>(std::move(txn))) {
  txn_ = owned_.get();
}

Snapshot::Snapshot(Snapshot&& other) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&& other) noexcept = default;

Store::Store(std::shared_ptr<kv::Environment> environment, Options options)
    : environment_(std::move(environment)), options_(std::move(options)) {
  if (options_.clock == nullptr) options_.clock = SystemClock();
}

StatusOr<std::shared_ptr<Store>> Store::Open(std::string_view path, Options options) {
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<kv::Environment> environment,
                          kv::Environment::Open(path, ToKv(options)));
  std::shared_ptr<Store> store(new Store(std::move(environment), std::move(options)));
  const bool empty = store->environment_->TreeNames().empty();
  if (empty && store->options_.read_only) {
    return absl::NotFoundError(StrCat(path, ": the file is empty; open it for writing first"));
  }
  if (empty) RELATA_RETURN_IF_ERROR(store->Initialise());
  RELATA_RETURN_IF_ERROR(store->Load());
  return store;
}

Status Store::Initialise() {
  schema::Catalogue catalogue;
  schema::StoreSettings settings;
  RELATA_ASSIGN_OR_RETURN(settings.base_currency, Currency::Parse(options_.base_currency));
  RELATA_RETURN_IF_ERROR(TimeZone::Load(options_.time_zone).status());
  RELATA_RETURN_IF_ERROR(Collator::ForLocale(options_.locale).status());
  settings.time_zone = options_.time_zone;
  settings.locale = options_.locale;
  catalogue.set_settings(settings);
  catalogue.set_versions({.feature_level = 1,  // it grows with what the store comes to hold
                          .icu = std::string(IcuVersion()),
                          .time_zone_data = TimeZone::DataVersion()});

  RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction txn, environment_->BeginWrite());
  RELATA_ASSIGN_OR_RETURN(const kv::Tree meta, environment_->OpenTree(&txn, kMetaTree));
  RELATA_RETURN_IF_ERROR(environment_->OpenTree(&txn, kLogTree).status());
  RELATA_RETURN_IF_ERROR(environment_->OpenTree(&txn, kHistoryTree).status());
  RELATA_RETURN_IF_ERROR(environment_->OpenTree(&txn, kSegmentsTree).status());
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string_view> format, txn.Get(meta, "format"));
  if (format.has_value()) return absl::OkStatus();  // another process was first
  RELATA_RETURN_IF_ERROR(WriteFormat(&txn, meta));
  RELATA_RETURN_IF_ERROR(WriteCatalogue(&txn, meta, catalogue.version(), catalogue.Encode()));
  RELATA_RETURN_IF_ERROR(WriteState(&txn, meta, State{}));
  return txn.Commit();
}

Status Store::Load() {
  const StatusOr<kv::Tree> meta = environment_->FindTree(kMetaTree);
  if (!meta.ok()) {
    return absl::InvalidArgumentError(StrCat(path(),
                                             ": an LMDB file, but not a Relata store; give the path of a ",
                                             "store, or of a file that does not exist yet"));
  }
  trees_.meta = *meta;
  RELATA_ASSIGN_OR_RETURN(trees_.log, environment_->FindTree(kLogTree));
  RELATA_ASSIGN_OR_RETURN(trees_.history, environment_->FindTree(kHistoryTree));
  const StatusOr<kv::Tree> segments = environment_->FindTree(kSegmentsTree);
  if (segments.ok()) trees_.segments = *segments;
  {
    RELATA_ASSIGN_OR_RETURN(const kv::ReadTransaction txn, environment_->BeginRead());
    // What an open reads must not end the process, however damaged the file is.
    const StatusOr<kv::PageReport> pages = environment_->CheckPages(txn, {.all = false, .tree = kMetaTree});
    if (pages.ok() && !pages->clean()) {
      return absl::DataLossError(StrCat(path(), ": ", pages->damage.front(), "; restore a backup"));
    }
    RELATA_RETURN_IF_ERROR(CheckFormat(txn, trees_.meta, path()));
    RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const SchemaRuntime> runtime, RuntimeFor(txn));
    const std::string& zone = runtime->catalogue().settings().time_zone;
    if (!HasZoneFile(zone)) RELATA_RETURN_IF_ERROR(TimeZone::Load(zone).status());
  }
  if (options_.read_only) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(CheckVersions());
  if (!segments.ok()) RELATA_RETURN_IF_ERROR(AddSegmentsTree());
  RELATA_RETURN_IF_ERROR(BuildPending(nullptr));
  // The names of dropped trees go once nobody else has the file open.
  const std::vector<std::string> dropped = schema()->catalogue().dropped_trees();
  if (dropped.empty() || !environment_->UnnameTrees(dropped).ok()) return absl::OkStatus();
  return ChangeSchema([&](schema::Catalogue& catalogue) -> StatusOr<schema::Changes> {
    for (const std::string& tree : dropped) catalogue.ForgetDroppedTree(tree);
    return schema::Changes{.any = true};
  });
}

Status Store::AddSegmentsTree() {
  RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction txn, environment_->BeginWrite());
  RELATA_ASSIGN_OR_RETURN(trees_.segments, environment_->OpenTree(&txn, kSegmentsTree));
  return txn.Commit();
}

Status Store::CheckVersions() {
  const std::shared_ptr<const SchemaRuntime> runtime = schema();
  const schema::Versions& stored = runtime->catalogue().versions();
  if (stored.feature_level > kFeatureLevel) {
    return absl::FailedPreconditionError(StrCat(path(), ": needs feature level ", stored.feature_level,
                                                " to be written; this program has ", kFeatureLevel,
                                                ". Upgrade it, or open the store for reading only"));
  }
  const std::string icu(IcuVersion());
  const std::string zones = TimeZone::DataVersion();
  if (stored.icu == icu && stored.time_zone_data == zones) return absl::OkStatus();
  // Keys that were folded or collated by another ICU no longer match: those indexes are built anew. This is
  // written past Transaction, which refuses a store that another ICU keeps.
  RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction txn, environment_->BeginWrite());
  RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const SchemaRuntime> present, RuntimeFor(txn));
  schema::Catalogue catalogue = present->catalogue();
  for (const EntityType* type : present->catalogue().types()) {
    for (const Index& index : type->indexes) {
      if (index.state != IndexState::kReady || index.text_versions.empty() || index.text_versions == icu)
        continue;
      RELATA_RETURN_IF_ERROR(catalogue.SetIndexState(type->id, index.id, IndexState::kBuilding, icu));
    }
  }
  schema::Versions versions = catalogue.versions();
  versions.icu = icu;
  versions.time_zone_data = zones;
  catalogue.set_versions(versions);
  RELATA_RETURN_IF_ERROR(WriteCatalogue(&txn, trees_.meta, catalogue.version(), catalogue.Encode()));
  return txn.Commit();
}

StatusOr<Snapshot> Store::Read() {
  RELATA_ASSIGN_OR_RETURN(kv::ReadTransaction txn, environment_->BeginRead());
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const SchemaRuntime> runtime, RuntimeFor(txn));
  RELATA_ASSIGN_OR_RETURN(const State state, ReadState(txn, trees_.meta));
  const Timestamp now = NowFrom(state);
  return Snapshot(std::move(txn), std::move(runtime), trees_.history, now, state, options_.verify_checksums);
}

Status Store::RefuseSecondWriter() const {
  if (!queue_.RunsOnThisThread() && !environment_->ThisThreadWrites()) return absl::OkStatus();
  return absl::FailedPreconditionError(StrCat(
      path(), ": this thread is writing already, and would wait for itself; use the transaction it has"));
}

StatusOr<std::unique_ptr<Transaction>> Store::Begin(const WriteLabel& label) {
  RELATA_RETURN_IF_ERROR(RefuseSecondWriter());
  if (options_.read_only) {
    return absl::FailedPreconditionError(StrCat(path(), ": opened for reading only"));
  }
  RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction txn, environment_->BeginWrite());
  return MakeTransaction(std::move(txn), label);
}

StatusOr<std::unique_ptr<Transaction>> Store::MakeTransaction(kv::WriteTransaction txn,
                                                              const WriteLabel& label,
                                                              std::optional<uint64_t> committed) {
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const SchemaRuntime> runtime, RuntimeFor(txn));
  if (runtime->catalogue().versions().icu != IcuVersion()) {
    return absl::FailedPreconditionError(StrCat(path(), ": another process keeps its indexes with ICU ",
                                                runtime->catalogue().versions().icu, ", this one has ",
                                                IcuVersion(), "; close one of them"));
  }
  // From here on time_zone() is in memory. It is read late, since that takes a good part of opening.
  RELATA_RETURN_IF_ERROR(TimeZone::Load(runtime->catalogue().settings().time_zone).status());
  RELATA_ASSIGN_OR_RETURN(const State state, ReadState(txn, trees_.meta));
  const Timestamp now = NowFrom(state);
  return std::make_unique<Transaction>(std::move(txn), std::move(runtime),
                                       Context(committed.value_or(state.sequence)), now, state, label);
}

Status Store::Commit(std::unique_ptr<Transaction> transaction) {
  const Status status = transaction->Commit();
  transaction.reset();
  if (!kv::IsMapFull(status)) return status;
  RELATA_RETURN_IF_ERROR(environment_->GrowMap());
  return absl::AbortedError("the store had to grow and nothing was written; begin the transaction again");
}

Status Store::Update(const WriteLabel& label, Closure closure) {
  RELATA_RETURN_IF_ERROR(RefuseSecondWriter());
  if (options_.read_only) {
    return absl::FailedPreconditionError(StrCat(path(), ": opened for reading only"));
  }
  return queue_.Run(label, closure, /*alone=*/false);
}

Status Store::UpdateSchema(std::string_view cause, Closure closure) {
  RELATA_RETURN_IF_ERROR(RefuseSecondWriter());
  if (options_.read_only) {
    return absl::FailedPreconditionError(StrCat(path(), ": opened for reading only"));
  }
  return queue_.Run({.cause = cause}, closure, /*alone=*/true);
}

Status Store::UpdateAlone(const WriteLabel& label, Closure closure) {
  for (;;) {
    RELATA_ASSIGN_OR_RETURN(kv::WriteTransaction txn, environment_->BeginWrite());
    RELATA_ASSIGN_OR_RETURN(std::unique_ptr<Transaction> transaction, MakeTransaction(std::move(txn), label));
    Status status = closure(*transaction);
    // The closure may have dressed the status of a full map in its own words, or passed over it.
    bool full = transaction->met_full_map();
    if (status.ok() && !full) {
      status = transaction->Commit();
      full = kv::IsMapFull(status);
    }
    transaction.reset();
    if (!full) return status;
    RELATA_RETURN_IF_ERROR(environment_->GrowMap());
  }
}

Status Store::BeginEpoch() {
  return Update({.cause = "restore"}, [&](Transaction& tx) {
    tx.BeginEpoch();
    return absl::OkStatus();
  });
}

Status Store::Advance(Timestamp now) {
  return Update({.cause = "advance"}, [&](Transaction& tx) { return tx.AdvanceTo(now); });
}

const TimeZone& Store::time_zone() const {
  std::call_once(time_zone_once_, [&] {
    const StatusOr<TimeZone> zone = TimeZone::Load(schema()->catalogue().settings().time_zone);
    // Who asks has begun a transaction, or a question on segments; both have loaded it, and a zone that was
    // loaded once stays in memory.
    RELATA_CHECK(zone.ok());
    time_zone_ = *zone;
  });
  return time_zone_;
}

Timestamp Store::NowFrom(const State& state) const { return std::max(options_.clock->Now(), state.last_now); }

std::shared_ptr<const SchemaRuntime> Store::schema() const {
  absl::MutexLock lock(&mutex_);
  return runtime_;
}

StatusOr<std::shared_ptr<const SchemaRuntime>> Store::RuntimeFor(const kv::Transaction& txn) {
  RELATA_ASSIGN_OR_RETURN(const uint64_t version, ReadCatalogueVersion(txn, trees_.meta));
  {
    absl::MutexLock lock(&mutex_);
    if (runtime_ != nullptr && runtime_->version() == version) return runtime_;
  }
  RELATA_ASSIGN_OR_RETURN(const std::string bytes, ReadCatalogue(txn, trees_.meta));
  RELATA_ASSIGN_OR_RETURN(schema::Catalogue catalogue, schema::Catalogue::Decode(bytes));
  if (catalogue.version() != version) {
    return absl::DataLossError(StrCat(path(), ": the catalogue is of version ", catalogue.version(), ", not ",
                                      version, " as noted beside it; restore a backup"));
  }
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<const SchemaRuntime> runtime,
                          SchemaRuntime::Make(std::move(catalogue), [&](std::string_view name) {
                            return environment_->FindTree(name);
                          }));
  absl::MutexLock lock(&mutex_);
  // An old snapshot may ask for an older version than the cache holds; the newest stays cached.
  if (runtime_ == nullptr || runtime_->version() < version) runtime_ = runtime;
  return runtime;
}

}  // namespace relata::store
