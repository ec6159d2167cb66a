// Defines Random, the sample company's own source of chance.
//
//   Random r(seed, Stream::kOrder, 1234);     // order 1234's own stream, independent of every other record's
//   int64_t pieces = r.Between(1, 12);
//   int64_t cents = r.LogNormal(25'000, 900);  // median 250.00, sigma 0.9
//
// Everything is integer arithmetic: no std::*_distribution (they differ between standard libraries) and no
// floating point (it differs between processors), so a seed gives the same company everywhere. Thread safety:
// an object belongs to one thread. Cost: a few nanoseconds a draw; creating one costs about as much.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_RANDOM_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sample_company {

// What the draws are for. Each (seed, stream, index) is a sequence of its own. Values are part of the output:
// never renumber them.
enum class Stream : uint64_t {
  kBlock = 1,
  kTraits = 2,
  kRelation = 3,
  kPerson = 4,
  kUser = 5,
  kCalendar = 6,
  kOrder = 7,
  kOrderLines = 8,
  kInvoice = 9,
  kPayment = 10,
  kQuote = 11,
  kOpportunity = 12,
  kLead = 13,
  kEpisode = 14,
  kInteraction = 15,
  kTicket = 16,
  kContract = 17,
  kInstalled = 18,
  kInterest = 19,
  kSurvey = 20,
  kCampaign = 21,
  kTouch = 22,
  kConsent = 23,
  kPreference = 24,
  kTask = 25,
  kProject = 26,
  kDocument = 27,
  kAffiliation = 28,
  kDirt = 29,
  kDuplicate = 30,
};

// SplitMix64 (Steele, Lea and Flood, 2014) over a start value hashed from seed, stream and index.
class Random {
 public:
  Random(uint64_t seed, Stream stream, uint64_t index)
      : state_(Mix(Mix(seed + 0x9e3779b97f4a7c15u * static_cast<uint64_t>(stream)) ^
                   (index * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du))) {}

  uint64_t Next() { return Mix(state_ += 0x9e3779b97f4a7c15u); }
  // Uniform in [0, n). REQUIRES: 0 < n < 2^32.
  uint64_t Below(uint64_t n) { return ((Next() >> 32) * n) >> 32; }
  // Uniform in [low, high]. REQUIRES: low <= high, fewer than 2^32 values.
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }
  // True with probability per_mille / 1000.
  bool PerMille(int per_mille) { return static_cast<int>(Below(1000)) < per_mille; }
  // Standard normal as Q16 fixed point (65536 is one standard deviation), cut at six deviations.
  int64_t Gauss();
  // Log-normal with this median; sigma in thousandths. At least 1 for a positive median.
  int64_t LogNormal(int64_t median, int sigma_per_mille);

 private:
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
};

// Draws an index with a probability proportional to its weight. O(log n). Immutable after construction.
class Picker {
 public:
  explicit Picker(const std::vector<uint32_t>& weights);
  // Weights 1/(rank + 2), the usual shape of names and places listed by frequency.
  static Picker ByRank(size_t count);

  size_t Pick(Random& random) const;

 private:
  std::vector<uint64_t> cumulative_;
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_RANDOM_H_
