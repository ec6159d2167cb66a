// This file implements the type-ahead workloads.
#include "benchmarks/type_ahead.h"

#include <algorithm>

namespace benchmarks {
namespace {

struct Typed {
  std::string word;  // empty: nothing before the prefix
  std::string prefix;
};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The words of a folded name, as long as it is in ASCII; word breakers agree on those, apostrophes and dots
// aside, which the names that are typed here do not have.
std::vector<std::string> WordsOf(std::string_view folded) {
  std::vector<std::string> words(1);
  for (const char c : folded) {
    if (IsLetter(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool IsPlain(std::string_view folded) {
  return std::all_of(folded.begin(), folded.end(),
                     [](char c) { return IsLetter(c) || c == ' ' || c == '-'; });
}

void Gather(const Company& company, std::vector<Typed>* plain, std::vector<Typed>* ranked) {
  constexpr int64_t kNames = 60;
  for (int64_t i = 0; i < kNames; ++i) {
    const int64_t id = 1 + (i * 7919 + 13) * 2654435761 % company.relations();
    const std::string folded = Folded(company.RelationAt(id).name);
    const std::vector<std::string> words = WordsOf(folded);
    if (!IsPlain(folded) || words.size() < 2) continue;
    for (size_t letters = 1; letters <= std::min<size_t>(4, words[1].size()); ++letters) {
      plain->push_back({words[0], words[1].substr(0, letters)});
    }
    const std::string& last = words.back();
    for (size_t letters = 1; letters <= std::min<size_t>(4, last.size()); ++letters) {
      ranked->push_back({"", last.substr(0, letters)});
    }
  }
}

Ids Ask(QueryPeer& peer, Question question, const Typed& typed) {
  return question == Question::kTypeAhead ? peer.TypeAhead(typed.word, typed.prefix)
                                          : peer.RankedAhead(typed.prefix);
}

void CheckResults(const Company& company, const Typed& typed, const Ids& found, std::string_view peer) {
  for (const int64_t id : found) {
    const std::string name = Folded(company.RelationAt(id).name);
    const std::vector<std::string> words = WordsOf(name);
    const auto begins = [&](const std::string& word) { return word.starts_with(typed.prefix); };
    const bool ok = std::any_of(words.begin(), words.end(), begins) &&
                    (typed.word.empty() || std::find(words.begin(), words.end(), typed.word) != words.end());
    Require(ok, std::string(peer) + " found '" + name + "' for '" + typed.word + " " + typed.prefix + "'");
  }
}

void MeasureOne(std::string_view workload, Question question, const Company& company,
                const std::vector<Typed>& all, const std::vector<QueryPeer*>& peers, const Patience& patience,
                Report* report) {
  if (!report->Wants(workload)) return;
  std::vector<QueryPeer*> able;
  for (QueryPeer* peer : peers) {
    if (peer->Answers(question)) able.push_back(peer);
  }
  if (able.empty()) return;
  // Word breakers disagree about some names ("d'Or"): what finds a different number is left out, and said.
  std::vector<Typed> typed;
  for (const Typed& text : all) {
    std::vector<size_t> counts;
    for (QueryPeer* peer : able) {
      const Ids found = Ask(*peer, question, text);
      CheckResults(company, text, found, peer->name());
      counts.push_back(found.size());
    }
    if (std::count(counts.begin(), counts.end(), counts.front()) == std::ssize(counts)) typed.push_back(text);
  }
  Require(typed.size() * 20 >= all.size() * 19, std::string(workload) + ": the peers' answers differ");
  if (typed.size() < all.size()) {
    report->Note(std::to_string(all.size() - typed.size()) + " of " + std::to_string(all.size()) +
                 " beginnings left out: the peers break names into words differently");
  }
  constexpr int kRepetitions = 7;
  const double began = WallSeconds();
  std::vector<std::vector<double>> medians(able.size()), tails(able.size());
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    if (repetition >= 2 && WallSeconds() - began > patience.seconds) break;
    for (size_t i = 0; i < able.size(); ++i) {
      std::vector<double> times;
      for (const Typed& text : typed) {
        const double start = ThreadSeconds();
        Ask(*able[i], question, text);
        times.push_back(ThreadSeconds() - start);
      }
      std::sort(times.begin(), times.end());
      medians[i].push_back(times[times.size() / 2]);
      tails[i].push_back(times[times.size() * 99 / 100]);
    }
  }
  std::vector<Figure> median_figures, tail_figures;
  for (size_t i = 0; i < able.size(); ++i) {
    median_figures.push_back(Summarise(able[i]->name(), medians[i]));
    tail_figures.push_back(Summarise(able[i]->name(), tails[i]));
  }
  report->Add(std::string(workload) + ", median", "us", median_figures);
  report->Add(std::string(workload) + ", p99", "us", tail_figures);
}

}  // namespace

void MeasureTypeAhead(const Company& company, const std::vector<QueryPeer*>& peers, const Patience& patience,
                      Report* report) {
  std::vector<Typed> plain, ranked;
  Gather(company, &plain, &ranked);
  MeasureOne("type-ahead, plain", Question::kTypeAhead, company, plain, peers, patience, report);
  MeasureOne("type-ahead, ranked", Question::kRankedAhead, company, ranked, peers, patience, report);
}

}  // namespace benchmarks
