// Measures live segments: what a commit costs with none to ten thousand of them, and what their answer costs
// right after a write, beside peers that run the query again.
//
//   segment_benchmark --scale 1000000 --folder build/data/1000000 --json results.jsonl [--segments 10000]
//
// Works on a copy of the store that query_benchmark loads; the peers' files are only read. Definitions are
// those of segment_definitions.h, writes those of writes.h, the clock is the company's. The store is made
// without syncing, so that a commit is its processor time.
#include <algorithm>
#include <filesystem>

#include "benchmarks/company_clock.h"
#include "benchmarks/expect.h"
#include "benchmarks/harness.h"
#include "benchmarks/loading.h"
#include "benchmarks/query_peer.h"
#include "benchmarks/segment_definitions.h"
#include "benchmarks/settings.h"
#include "benchmarks/writes.h"
#include "relata/relata.h"

namespace benchmarks {
namespace {

constexpr int kWarmUp = 200;
constexpr int kBatch = 100;  // commits
constexpr size_t kBatches = 20;
// How long defining the segments of a step may take, and the commits with them, as times of what a workload
// takes.
constexpr double kDefiningAtMost = 45;
constexpr double kCommittingAtMost = 4;
constexpr std::string_view kQuiet = "big and quiet";

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

// Processor time of an update, sync left out, with so many segments. A step that would take too long by what
// the one before took is left out, and that is said.
void MeasureCommits(const Settings& settings, const Company& company, relata::Database* db, Writer* writer,
                    Report* report) {
  const std::vector<Definition> definitions = MakeDefinitions(company, settings.segments);
  int64_t defined = 0;
  double seconds_each = 0;  // to define one
  for (const int64_t count : {0, 10, 100, 1'000, 10'000}) {
    const std::string workload = "update, " + std::to_string(count) + " segments";
    if (count > settings.segments || !report->Wants(workload)) continue;
    const double foreseen = seconds_each * static_cast<double>(count - defined);
    if (foreseen > kDefiningAtMost * settings.seconds) {
      report->Note(workload + ": left out, to define them would take " + std::to_string(foreseen) + " s");
      break;
    }
    const double start = WallSeconds();
    std::vector<relata::SegmentSpec> specs;
    for (; defined < count; ++defined) {
      const Definition& definition = definitions[static_cast<size_t>(defined)];
      specs.push_back({.name = definition.name, .entity = "relation", .expression = definition.text});
    }
    Expect(relata::DefineSegments(db, specs));
    const double took = WallSeconds() - start;
    if (!specs.empty()) seconds_each = took / static_cast<double>(specs.size());
    for (int i = 0; i < kWarmUp; ++i) writer->Write();
    const relata::LogPosition before = Value(db->Read()).position();
    std::vector<double> batches;  // the means of each: most writes meet no segment, some meet many
    double sum = 0;
    const double begun_all = WallSeconds();
    while (batches.size() < kBatches && WallSeconds() - begun_all < kCommittingAtMost * settings.seconds) {
      const double begun = ThreadSeconds();
      for (int i = 0; i < kBatch; ++i) writer->Write();
      batches.push_back((ThreadSeconds() - begun) / kBatch);
      sum += batches.back();
    }
    const auto commits = static_cast<double>(batches.size() * kBatch);
    Figure figure = Summarise("relata", batches);
    figure.median = sum / static_cast<double>(batches.size());
    report->Add(workload, "us", {figure});
    report->Note(workload + ": " + std::to_string(took) + " s to define, " +
                 std::to_string(static_cast<double>(FlipsSince(*db, before)) / commits) +
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

void MeasureReads(const Settings& settings, relata::Database* db, const std::vector<QueryPeer*>& peers,
                  Writer* writer, Report* report) {
  const int32_t today = sample_company::ReferenceDate().days;
  Expect(relata::DefineSegment(
      db, kQuiet, "relation",
      "sum(orders.total where ordered_on >= today() - " + std::to_string(today - kYearFrom.days) + ") > " +
          std::to_string(kWindowOver / 100) + " and max(interactions.at) < today() - " +
          std::to_string(today - kQuietSince.days)));
  Ids members;
  Value(relata::MembersOf(Value(db->Read()), kQuiet)).ForEach([&](relata::RecordId id) {
    members.push_back(static_cast<int64_t>(id));
  });
  std::vector<Contender> contenders;
  for (QueryPeer* peer : peers) {
    Ids found = peer->Window();
    std::sort(found.begin(), found.end());
    Require(found == members, std::string(peer->name()) + " finds " + std::to_string(found.size()) +
                                  " relations, the segment has " + std::to_string(members.size()) +
                                  " members");
    contenders.push_back({std::string(peer->name()), [peer] { peer->Window(); }});
  }
  const Patience patience{.seconds = settings.seconds};
  const std::vector<Figure> queries =
      contenders.empty() ? std::vector<Figure>() : Interleave(contenders, patience);
  const auto with = [&](Figure own) {
    std::vector<Figure> figures{std::move(own)};
    figures.insert(figures.end(), queries.begin(), queries.end());
    return figures;
  };
  report->Add("segment after a write: count and page", "us",
              with(AfterWrites(db, writer, [](relata::Database& of) {
                const relata::Snapshot after = Value(of.Read());
                const relata::Members all = Value(relata::MembersOf(after, kQuiet));
                Require(all.size() > 0 && !all.ToVector(50).empty(), "the segment has members");
              })));
  report->Add("segment after a write: all ids", "us", with(AfterWrites(db, writer, [](relata::Database& of) {
                const relata::Snapshot after = Value(of.Read());
                uint64_t sum = 0;
                Value(relata::MembersOf(after, kQuiet)).ForEach([&](relata::RecordId id) { sum += id; });
                Require(sum > 0, "the segment has members");
              })));
  const relata::Snapshot last = Value(db->Read());
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
  Report report(settings.json, settings.scale, settings.only);
  const bool reads = report.Wants("segment after a write: count and page") ||
                     report.Wants("segment after a write: all ids") || report.Wants("count of a segment") ||
                     report.Wants("membership of a record");
  const Company company(settings.folder, settings.scale);
  LoadOnce(settings.folder, company, "relata");
  std::vector<std::unique_ptr<QueryPeer>> owned;
  std::vector<QueryPeer*> peers;
  for (const std::string peer : {"duckdb", "sqlite"}) {
    if (!reads || !settings.Has(peer) || (peer == "duckdb" && DuckdbVersion().empty())) continue;
    LoadOnce(settings.folder, company, peer);
    owned.push_back(MakePeer(settings.folder, peer));
    owned.back()->PrepareScans();
    peers.push_back(owned.back().get());
  }
  const std::string copy = settings.folder + "/segments.db";
  std::filesystem::remove(copy + "-lock");
  std::filesystem::copy_file(PathOf(settings.folder, "relata"), copy,
                             std::filesystem::copy_options::overwrite_existing);
  {
    const std::shared_ptr<relata::ManualClock> clock = CompanyClock();
    relata::Options options;
    options.clock = clock;
    options.durability = relata::Durability::kUnsafe;  // sync left out
    relata::Database db = Value(relata::Database::Open(copy, options));
    Writer writer(&db, company, clock);
    if (reads) {
      MeasureReads(settings, &db, peers, &writer, &report);
      Expect(relata::DropSegment(&db, kQuiet));
    }
    MeasureCommits(settings, company, &db, &writer, &report);
  }
  std::filesystem::remove(copy);
  std::filesystem::remove(copy + "-lock");
  return 0;
}

}  // namespace
}  // namespace benchmarks

int main(int argc, char** argv) {
  return benchmarks::Run(benchmarks::SettingsOf(
      argc, argv, {.folder = "/tmp/relata-query-benchmark", .peers = "duckdb,sqlite"}));
}
