// Measures live segments: what a commit costs with none to ten thousand of them, and what their answer costs
// right after a write, beside peers that run the query again.
//
//   segment_benchmark --scale 1000000 --folder build/data/1000000 --json results.jsonl [--segments 10000]
//
// Works on a copy of the store that query_benchmark loads; the peers' files are only read. Definitions are
// those of segment_definitions.h, writes a mix of updates of relations, new contact moments and new orders.
// The store is made without syncing, so that a commit is its processor time.
#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "benchmarks/harness.h"
#include "benchmarks/loading.h"
#include "benchmarks/query_peer.h"
#include "benchmarks/segment_definitions.h"
#include "examples/sample_company/random.h"
#include "relata/relata.h"

namespace benchmarks {
namespace {

namespace crm = relata::crm;
using relata::Date;
using relata::Id;
using relata::Money;
using relata::Status;
using relata::StatusOr;
using relata::Timestamp;
using sample_company::Random;

struct Settings {
  int64_t scale = 1'000'000;
  int64_t segments = 10'000;
  std::string folder = "/tmp/relata-query-benchmark";
  std::string json;
  std::string only;
  std::string peers = "duckdb,sqlite";
};

constexpr int kWarmUp = 200;
constexpr int kCommits = 2'000;
constexpr std::string_view kQuiet = "big and quiet";

void Expect(const Status& status) {
  Require(status.ok(), std::string_view(status.message().data(), status.message().size()));
}
template <class T>
T Value(StatusOr<T> result) {
  Expect(result.status());
  return *std::move(result);
}

// The writes of an ordinary hour: four in ten change a relation, four are contact moments, two are orders.
class Writer {
 public:
  Writer(relata::Database* db, const Company& company) : db_(db), company_(company) {}

  // One commit.
  void Write() {
    Random random(7, sample_company::Stream::kInteraction, ++written_);
    const Id<crm::Relation> relation(static_cast<uint64_t>(random.Between(1, company_.relations())));
    const uint64_t kind = random.Below(10);
    Expect(db_->Update([&](relata::Transaction& tx) -> Status {
      if (kind < 4) return ChangeRelation(random, relation, tx);
      return kind < 8 ? AddInteraction(random, relation, tx) : AddOrder(random, relation, tx);
    }));
  }

 private:
  // What such changes are: it moved, has other terms, another manager, another line of business, another
  // phone.
  Status ChangeRelation(Random& random, Id<crm::Relation> id, relata::Transaction& tx) {
    const sample_company::Relation from = company_.RelationAt(random.Between(1, company_.relations()));
    const RelationRow like = company_.RowOf(from);
    relata::Record change("relation", id.value);
    switch (random.Below(5)) {
      case 0:
        change.Set("visiting.city", std::string(like.city));
        break;
      case 1:
        change.Set("credit_limit", Money::Minor(like.credit_limit, relata::Currency::Eur()));
        break;
      case 2:
        change.Set("account_manager", like.account_manager);
        break;
      case 3:
        change.Set("industry_code", std::string(like.industry_code));
        break;
      default:
        change.Set("phone", std::string(like.phone));
    }
    return tx.Update(change);
  }
  static Status AddInteraction(Random& random, Id<crm::Relation> relation, relata::Transaction& tx) {
    return tx
        .Insert(crm::Interaction{.channel = static_cast<crm::Channel>(random.Below(8)),
                                 .direction = crm::Direction::kOutbound,
                                 .at = tx.now(),
                                 .relation = relation,
                                 .subject = "Call"})
        .status();
  }
  static Status AddOrder(Random& random, Id<crm::Relation> relation, relata::Transaction& tx) {
    return tx
        .Insert(crm::Order{.relation = relation,
                           .status = crm::OrderStatus::kConfirmed,
                           .ordered_on = Date{static_cast<int32_t>(tx.now().micros / 86'400'000'000)},
                           .total = Money::Minor(random.LogNormal(40'000, 900), relata::Currency::Eur())})
        .status();
  }

  relata::Database* db_;
  const Company& company_;
  uint64_t written_ = 0;
};

// How many members changed in the commits after `from`.
uint64_t FlipsSince(const relata::Database& db, relata::LogPosition from) {
  const relata::Snapshot now = Value(db.Read());
  uint64_t flips = 0;
  for (;;) {
    const std::vector<relata::SegmentEvent> events = Value(relata::ReadSegmentEvents(now, from, 10'000));
    if (events.empty()) return flips;
    flips += events.size();
    from = events.back().position;
  }
}

// Processor time of an update, sync left out, with so many segments.
void MeasureCommits(const Settings& settings, const Company& company, relata::Database* db, Report* report) {
  Writer writer(db, company);
  const std::vector<Definition> definitions = MakeDefinitions(company, settings.segments);
  int64_t defined = 0;
  for (const int64_t count : {0, 10, 100, 1'000, 10'000}) {
    const std::string workload = "update, " + std::to_string(count) + " segments";
    if (count > settings.segments || !report->Wants(workload)) continue;
    const double start = WallSeconds();
    std::vector<relata::SegmentSpec> specs;
    for (; defined < count; ++defined) {
      const Definition& definition = definitions[static_cast<size_t>(defined)];
      specs.push_back({.name = definition.name, .entity = "relation", .expression = definition.text});
    }
    Expect(relata::DefineSegments(db, specs));
    const double took = WallSeconds() - start;
    for (int i = 0; i < kWarmUp; ++i) writer.Write();
    const relata::LogPosition before = Value(db->Read()).position();
    std::vector<double> samples;
    for (int i = 0; i < kCommits; ++i) {
      const double begun = ThreadSeconds();
      writer.Write();
      samples.push_back(ThreadSeconds() - begun);
    }
    double sum = 0;
    for (const double sample : samples) sum += sample;
    Figure figure = Summarise("relata", samples);
    figure.median = sum / kCommits;  // the mean: most writes meet no segment, some meet many
    report->Add(workload, "us", {figure});
    report->Note(workload + ": " + std::to_string(took) + " s to define, " +
                 std::to_string(static_cast<double>(FlipsSince(*db, before)) / kCommits) +
                 " members changed per commit");
  }
}

// The answer right after each of some writes; `ask` is what is timed.
template <class Ask>
Figure AfterWrites(relata::Database* db, Writer* writer, Ask ask) {
  std::vector<double> samples;
  for (int i = 0; i < 200; ++i) {
    writer->Write();
    const double begun = ThreadSeconds();
    ask(*db);
    samples.push_back(ThreadSeconds() - begun);
  }
  return Summarise("relata", samples);
}

void MeasureReads(const Settings& settings, const Company& company, relata::Database* db,
                  const std::vector<QueryPeer*>& peers, Report* report) {
  const relata::Snapshot now = Value(db->Read());
  const auto today = static_cast<int32_t>(now.now().micros / 86'400'000'000);
  Expect(relata::DefineSegment(
      db, kQuiet, "relation",
      "sum(orders.total where ordered_on >= today() - " + std::to_string(today - kYearFrom.days) + ") > " +
          std::to_string(kWindowOver / 100) + " and max(interactions.at) < today() - " +
          std::to_string(today - kQuietSince.days)));
  std::vector<Contender> contenders;
  Ids members;
  Value(relata::MembersOf(Value(db->Read()), kQuiet)).ForEach([&](relata::RecordId id) {
    members.push_back(static_cast<int64_t>(id));
  });
  for (QueryPeer* peer : peers) {
    Ids found = peer->Window();
    std::sort(found.begin(), found.end());
    report->Note(std::string(peer->name()) + " finds " + std::to_string(found.size()) + ", the segment has " +
                 std::to_string(members.size()) + " members after the writes before");
    contenders.push_back({std::string(peer->name()), [peer] { peer->Window(); }});
  }
  Writer writer(db, company);
  const std::vector<Figure> queries = Interleave(contenders, {});
  const auto with = [&](Figure own) {
    std::vector<Figure> figures{std::move(own)};
    figures.insert(figures.end(), queries.begin(), queries.end());
    return figures;
  };
  report->Add("segment after a write: count and page", "us",
              with(AfterWrites(db, &writer, [](relata::Database& of) {
                const relata::Snapshot after = Value(of.Read());
                const relata::Members all = Value(relata::MembersOf(after, kQuiet));
                Require(all.size() > 0 && !all.ToVector(50).empty(), "the segment has members");
              })));
  report->Add("segment after a write: all ids", "us", with(AfterWrites(db, &writer, [](relata::Database& of) {
                const relata::Snapshot after = Value(of.Read());
                uint64_t sum = 0;
                Value(relata::MembersOf(after, kQuiet)).ForEach([&](relata::RecordId id) { sum += id; });
                Require(sum > 0, "the segment has members");
              })));
  const relata::Snapshot last = Value(db->Read());
  const auto members_now = Value(relata::MembersOf(last, kQuiet));
  const std::vector<Figure> count = Interleave(
      {{"relata", [&] { Require(Value(relata::CountMembers(last, kQuiet)) > 0, "members"); }}}, {});
  report->Add("count of a segment", "ns", count);
  uint64_t id = 0;
  report->Add("membership of a record", "ns",
              Interleave({{"relata",
                           [&] {
                             id = id % static_cast<uint64_t>(settings.scale) + 1;
                             Value(relata::IsMember(last, kQuiet, id));
                           }}},
                         {}));
}

int Run(const Settings& settings) {
  std::filesystem::create_directories(settings.folder);
  const Company company(settings.folder, settings.scale);
  LoadOnce(settings.folder, company, "relata");
  std::vector<std::unique_ptr<QueryPeer>> owned;
  std::vector<QueryPeer*> peers;
  for (const std::string peer : {"duckdb", "sqlite"}) {
    if (settings.peers.find(peer) == std::string::npos || (peer == "duckdb" && DuckdbVersion().empty()))
      continue;
    LoadOnce(settings.folder, company, peer);
    owned.push_back(MakePeer(settings.folder, peer));
    owned.back()->Prepare(settings.scale / 10);
    peers.push_back(owned.back().get());
  }
  Report report(settings.json, settings.scale, settings.only);
  const std::string copy = settings.folder + "/segments.db";
  std::filesystem::remove(copy + "-lock");
  std::filesystem::copy_file(PathOf(settings.folder, "relata"), copy,
                             std::filesystem::copy_options::overwrite_existing);
  {
    relata::Options options;
    options.durability = relata::Durability::kUnsafe;  // sync left out
    relata::Database db = Value(relata::Database::Open(copy, options));
    MeasureReads(settings, company, &db, peers, &report);
    Expect(relata::DropSegment(&db, kQuiet));
    MeasureCommits(settings, company, &db, &report);
  }
  std::filesystem::remove(copy);
  std::filesystem::remove(copy + "-lock");
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  benchmarks::Settings settings;
  const std::map<std::string_view, std::string*> texts = {{"--folder", &settings.folder},
                                                          {"--json", &settings.json},
                                                          {"--only", &settings.only},
                                                          {"--peers", &settings.peers}};
  const std::map<std::string_view, int64_t*> numbers = {{"--scale", &settings.scale},
                                                        {"--segments", &settings.segments}};
  for (int i = 1; i < argc; i += 2) {
    const auto text = texts.find(argv[i]);
    const auto number = numbers.find(argv[i]);
    if (i + 1 < argc && text != texts.end()) {
      *text->second = argv[i + 1];
    } else if (i + 1 < argc && number != numbers.end()) {
      *number->second = std::atoll(argv[i + 1]);
    } else {
      std::fprintf(
          stderr,
          "usage: segment_benchmark [--scale RELATIONS] [--segments MOST] [--folder DIR] [--json FILE] "
          "[--only WORKLOAD] [--peers LIST]\n");
      return 2;
    }
  }
  settings.scale = (std::max<int64_t>(settings.scale, 1000) + 99) / 100 * 100;
  return benchmarks::Run(settings);
}
