// This file implements the ground of Generator: who is who in each hundred, since when, how they behave, and
// the draws of a buyer, a contact and a person. The records themselves are in generator_*.cc.
#include "examples/sample_company/generator.h"

#include <algorithm>

#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

constexpr int64_t kMostRelations = 10'000'000;
constexpr int kTries = 256;

RelationKind KindOfRank(int rank) {
  if (rank < 70) return RelationKind::kDebtor;
  if (rank < 80) return RelationKind::kProspect;
  if (rank < 90) return RelationKind::kSuspect;
  if (rank < 96) return RelationKind::kGeneral;
  if (rank < 98) return RelationKind::kSupplier;
  return rank == 98 ? RelationKind::kPartner : RelationKind::kCompetitor;
}

}  // namespace

Date ReferenceDate() { return FromCivil(2026, 6, 30); }
Date HistoryStart() { return FromCivil(2023, 6, 30); }

Generator::Generator(Options options)
    : seed_(options.seed),
      relations_((std::clamp<int64_t>(options.relations, 100, kMostRelations) + 99) / 100 * 100),
      users_(std::clamp<int64_t>(relations_ / 60, 14, 2000)),
      season_(options.seed, HistoryStart(), ReferenceDate()) {}

int64_t Generator::products() const { return static_cast<int64_t>(ProductList().size()); }
int64_t Generator::campaigns() const { return static_cast<int64_t>(CampaignList().size()); }

// Within its hundred, the relation of rank r stands at place (37 r + shift) mod 100; 73 is the inverse of 37.
int Generator::RankOf(int64_t relation) const {
  const auto block = static_cast<uint64_t>(relation / 100);
  const auto shift = static_cast<int64_t>(Random(seed_, Stream::kBlock, block).Below(100));
  return static_cast<int>((relation % 100 + 100 - shift) * 73 % 100);
}

int64_t Generator::RelationOf(int64_t block, int rank) const {
  const auto shift =
      static_cast<int64_t>(Random(seed_, Stream::kBlock, static_cast<uint64_t>(block)).Below(100));
  return block * 100 + (rank * 37 + shift) % 100;
}

// Numbers were handed out in order of arrival: 55 % before the three years of history, the rest during them.
Date Generator::SinceOf(int64_t relation) const {
  const int64_t before = relations_ * 55 / 100;
  const Date first = FromCivil(2008, 1, 7);
  const Date start = HistoryStart();
  if (relation < before) return first + (start.days - first.days) * relation / before;
  return start + (ReferenceDate().days - start.days - 15) * (relation - before) / (relations_ - before);
}

Generator::Traits Generator::TraitsOf(int64_t relation) const {
  Random random(seed_, Stream::kTraits, static_cast<uint64_t>(relation));
  Traits traits;
  traits.rank = RankOf(relation);
  traits.kind = KindOfRank(traits.rank);
  traits.since = SinceOf(relation);
  traits.eagerness = traits.rank < 5 ? 4 : static_cast<int>(random.Between(1, 4));
  const int64_t usual = traits.rank == 0 ? 12'000 : traits.rank < 5 ? 7000 : traits.rank < 20 ? 3500 : 1500;
  traits.size = static_cast<int32_t>(random.LogNormal(usual, 600));
  const bool prompt = random.PerMille(700);
  traits.days_late = static_cast<int32_t>(prompt ? random.Between(-6, 6) : random.Between(7, 50));
  static constexpr int32_t kTerms[8] = {8, 14, 14, 30, 30, 30, 30, 60};
  traits.payment_term_days = kTerms[random.Below(8)];
  traits.account_manager = 3 * random.Between(0, (users_ - 1) / 3);
  if (traits.rank >= 5 && random.PerMille(240)) {
    const Date stops = HistoryStart() + random.Between(-200, 1095);
    if (stops > traits.since + 60) traits.stops = stops;
  }
  traits.fading = !traits.stops.known() && random.PerMille(80);
  return traits;
}

int64_t Generator::DrawBuyer(Random& random, Date on) const {
  for (int i = 0; i < kTries; ++i) {
    // How many of a hundred orders each class places.
    const uint64_t place = random.Below(100);
    const int rank = static_cast<int>(place < 8    ? 0
                                      : place < 25 ? 1 + random.Below(4)
                                      : place < 60 ? 5 + random.Below(15)
                                                   : 20 + random.Below(50));
    const int64_t block = random.Between(0, relations_ / 100 - 1);
    const int64_t relation = RelationOf(block, rank);
    if (SinceOf(relation) > on) continue;
    const Traits traits = TraitsOf(relation);
    if (traits.stops.known() && on >= traits.stops) continue;
    if (traits.eagerness < random.Between(1, 4)) continue;
    if (traits.fading && ReferenceDate().days - on.days < random.Between(0, 364)) continue;
    return relation;
  }
  for (int64_t relation = 0; relation < relations_; ++relation) {
    if (RankOf(relation) < 70 && SinceOf(relation) <= on) return relation;
  }
  return RelationOf(0, 0);
}

int64_t Generator::DrawContact(Random& random, Date on) const {
  const uint64_t place = random.Below(100);
  if (place < 64) return DrawBuyer(random, on);
  for (int i = 0; i < kTries; ++i) {
    const int rank = static_cast<int>(place < 72   ? random.Below(70)
                                      : place < 86 ? 70 + random.Below(10)
                                      : place < 96 ? 80 + random.Below(10)
                                                   : 96 + random.Below(4));
    const int64_t relation = RelationOf(random.Between(0, relations_ / 100 - 1), rank);
    if (SinceOf(relation) <= on) return relation;
  }
  return DrawBuyer(random, on);
}

// People per rank: 7 at a top account, 5 at a large one, 2 at ranks 5 to 42, else 1; 160 in all.
Generator::PersonRange Generator::PersonsOf(int64_t relation) const {
  const int rank = RankOf(relation);
  const int64_t first = relation / 100 * kPeoplePerHundred;
  if (rank == 0) return {first, 7};
  if (rank < 5) return {first + 7 + 5 * (rank - 1), 5};
  if (rank < 43) return {first + 27 + 2 * (rank - 5), 2};
  return {first + 103 + (rank - 43), 1};
}

int64_t Generator::DrawPerson(Random& random, int64_t relation) const {
  const PersonRange range = PersonsOf(relation);
  // The first of them is the usual contact.
  return random.PerMille(600) ? range.first : range.first + random.Between(0, range.count - 1);
}

}  // namespace sample_company
