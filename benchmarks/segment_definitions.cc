// Draws the parts of each definition from lists of what such firms ask.
#include "benchmarks/segment_definitions.h"

#include "examples/sample_company/random.h"

namespace benchmarks {
namespace {

using sample_company::Random;
using sample_company::Stream;

constexpr uint64_t kSeed = 4'711;
constexpr int kDays[] = {7, 14, 30, 30, 60, 60, 90, 90, 90, 180, 365, 365, 730};
constexpr int kEuros[] = {100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000};
constexpr const char* kChannels[] = {"phone", "email", "meeting", "visit", "letter", "web"};

template <class T, size_t kSize>
const T& Pick(Random& random, const T (&from)[kSize]) {
  return from[random.Below(kSize)];
}

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

// What a relation is. `like` is a relation drawn by chance: its values are as frequent as they are.
std::string FieldCondition(Random& random, const RelationRow& like) {
  switch (random.Below(12)) {
    case 0:
    case 1:
      return "visiting.city = " + Quoted(like.city);
    case 2:
      return "visiting.city in (" + Quoted(like.city) + ", 'Utrecht', 'Amersfoort')";
    case 3:
      return "industry_code = " + Quoted(like.industry_code);
    case 4:
      return "industry_code like " + Quoted(std::string(like.industry_code.substr(0, 2)) + "%");
    case 5:
      return "acquisition.source = " + Quoted(like.source);
    case 6:
      return "account_manager = " + std::to_string(like.account_manager);
    case 7:
      return "credit_limit >= " + std::to_string(random.Between(1, 20) * 1'000);
    case 8:
      return "payment_term_days > " + std::to_string(random.Between(1, 4) * 14);
    case 9:
      return "acquisition.acquired_on >= today() - " + std::to_string(Pick(random, kDays));
    case 10:
      return "language = " + Quoted(like.language);
    default:
      return "legal_form = " + Quoted(like.legal_form);
  }
}

// What it did, or did not, of late. Everything is drawn first: operands of + come in no certain order.
std::string ConductCondition(Random& random) {
  const std::string since = "today() - " + std::to_string(Pick(random, kDays));
  const std::string euros = std::to_string(Pick(random, kEuros));
  const std::string few = std::to_string(random.Between(2, 8));
  const std::string channel = Quoted(Pick(random, kChannels));
  switch (random.Below(10)) {
    case 0:
    case 1:
      return "sum(orders.total where ordered_on >= " + since + ") > " + euros;
    case 2:
      return "count(orders where ordered_on >= " + since + ") >= " + few;
    case 3:
      return "exists(orders where total > " + euros + " and ordered_on >= " + since + ")";
    case 4:
      return "max(orders.ordered_on) < " + since;
    case 5:
    case 6:
      return "not exists(interactions where at >= " + since + ")";
    case 7:
      return "exists(interactions where channel = " + channel + " and at >= " + since + ")";
    case 8:
      return "count(interactions where at >= " + since + ") > " + few;
    default:
      return "max(interactions.at) < " + since;
  }
}

std::string Condition(Random& random, const RelationRow& like) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " and ") + part; };
  const uint64_t kind = random.Below(10);
  if (kind < 8) {
    for (int64_t fields = random.Between(1, 3); fields > 0; --fields) add(FieldCondition(random, like));
  }
  if (kind >= 3) add(ConductCondition(random));
  if (kind == 9) add(ConductCondition(random));
  return text;
}

}  // namespace

std::vector<Definition> MakeDefinitions(const Company& company, int64_t count) {
  std::vector<Definition> definitions;
  definitions.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    Random random(kSeed, Stream::kTraits, static_cast<uint64_t>(i));
    const std::string name = "segment " + std::to_string(i + 1);
    if (i >= 20 && random.PerMille(50)) {  // known under another name already
      definitions.push_back({name, definitions[random.Below(static_cast<uint64_t>(i))].text});
      continue;
    }
    const sample_company::Relation from = company.RelationAt(random.Between(1, company.relations()));
    definitions.push_back({name, Condition(random, company.RowOf(from))});
  }
  return definitions;
}

}  // namespace benchmarks
