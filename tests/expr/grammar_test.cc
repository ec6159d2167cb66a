// The grammar and the parser say the same: sentences made at random from grammar.ebnf all parse, and what is
// printed of them is read back as the same tree.
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "relata/expr/text.h"

namespace relata::expr {
namespace {

// A rule's right-hand side: alternatives of sequences of terms.
struct SyntaxTerm {
  enum class Form { kWord, kRule, kOptional, kRepeated, kGroup };
  Form form = Form::kWord;
  std::string text;                              // of a word, or a rule's name
  std::vector<std::vector<SyntaxTerm>> choices;  // of a bracketed form
};
using Choices = std::vector<std::vector<SyntaxTerm>>;

// Reads the EBNF of the file: rule = … ; with [ ] { } ( ) | "word" and comments (* *).
class Grammar {
 public:
  explicit Grammar(const std::string& text) : text_(text) {
    while (Skip(), at_ < text_.size()) {
      const std::string name = Name();
      Expect('=');
      rules_[name] = Alternatives();
      Expect(';');
    }
  }
  const Choices& rule(const std::string& name) const { return rules_.at(name); }
  const std::map<std::string, Choices>& rules() const { return rules_; }

 private:
  void Skip() {
    for (;;) {
      while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
      if (text_.compare(at_, 2, "(*") != 0) return;
      at_ = text_.find("*)", at_) + 2;
    }
  }
  char Next() { return Skip(), at_ < text_.size() ? text_[at_] : '\0'; }
  void Expect(char c) {
    ASSERT_EQ(Next(), c) << text_.substr(at_, 60);
    ++at_;
  }
  std::string Name() {
    std::string name;
    Next();
    while (at_ < text_.size() &&
           (std::isalpha(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) {
      name += text_[at_++];
    }
    if (name.empty()) ADD_FAILURE() << "no name at: " << text_.substr(at_++, 60);
    return name;
  }
  Choices Alternatives() {
    Choices choices(1);
    for (;;) {
      const char c = Next();
      if (c == '|') {
        ++at_;
        choices.emplace_back();
      } else if (c == '"') {
        const size_t end = text_.find('"', at_ + 1);
        choices.back().push_back({SyntaxTerm::Form::kWord, text_.substr(at_ + 1, end - at_ - 1), {}});
        at_ = end + 1;
      } else if (c == '[' || c == '{' || c == '(') {
        ++at_;
        SyntaxTerm term;
        term.form = c == '['   ? SyntaxTerm::Form::kOptional
                    : c == '{' ? SyntaxTerm::Form::kRepeated
                               : SyntaxTerm::Form::kGroup;
        term.choices = Alternatives();
        Expect(c == '[' ? ']' : c == '{' ? '}' : ')');
        choices.back().push_back(std::move(term));
      } else if (std::isalpha(static_cast<unsigned char>(c))) {
        choices.back().push_back({SyntaxTerm::Form::kRule, Name(), {}});
      } else {
        return choices;
      }
    }
  }

  std::string text_;
  size_t at_ = 0;
  std::map<std::string, Choices> rules_;
};

// Makes sentences, and remembers which words of the grammar it has used.
class Speaker {
 public:
  Speaker(const Grammar& grammar, uint32_t seed) : grammar_(grammar), random_(seed) {}

  std::string Sentence() {
    out_.clear();
    Rule("expression", 0);
    return out_;
  }
  const std::set<std::string>& used() const { return used_; }

 private:
  size_t Draw(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random_); }

  template <size_t kCount>
  void Pick(const char* const (&texts)[kCount]) {
    Say(texts[Draw(kCount)]);
  }
  void Say(const std::string& text) { out_ += (out_.empty() ? "" : " ") + text; }

  void Rule(const std::string& name, int depth) {
    if (name == "NAME") {
      return Pick({"name",
                   "city",
                   "Total",
                   "top",
                   "is",
                   "date",
                   "where",
                   "per",
                   "outer",
                   "count",
                   "segment",
                   "in",
                   "this",
                   "week",
                   "x1",
                   "like",
                   "between",
                   "within",
                   "m",
                   "\"and\"",
                   "\"quoted name\"",
                   "\"with \"\" quote\"",
                   "\"Été\"",
                   "\"visiting.city\""});
    }
    if (name == "TEXT") return Pick({"'text'", "''", "'it''s'", "'Été -- no comment'", "'two\nlines'"});
    if (name == "INTEGER") return Pick({"1", "7", "10", "90", "365", "10000"});
    if (name == "NUMBER") return Pick({"3.14", "0.50", "2.0", "1e9", "2.5e-3", "6E+2"});
    if (name == "PARAMETER") return Pick({":p", ":Name_2", ":days"});
    if (name == "DATE_TEXT") return Pick({"'2026-01-31'", "'0001-01-01'"});
    if (name == "TIMESTAMP_TEXT") return Pick({"'2026-01-31T12:00:00Z'", "'2026-01-31 12:00'"});
    if (name == "INTERVAL_TEXT")
      return Pick({"'3 months'", "'1 year -2 days 6 hours'", "'14 days'", "'0 days'"});
    if (name == "MONEY_TEXT") return Pick({"'EUR 12.50'", "'JPY -300'"});
    // Deep down only the shortest way out is taken.
    if (depth > 40 && (name == "value" || name == "expression" || name == "sum"))
      return Pick({"a", "1", "'t'", ":p"});
    Any(grammar_.rule(name), depth + 1);
  }
  void Any(const Choices& choices, int depth) {
    for (const SyntaxTerm& term : choices[Draw(choices.size())]) {
      switch (term.form) {
        case SyntaxTerm::Form::kWord:
          used_.insert(term.text);
          Say(term.text);
          break;
        case SyntaxTerm::Form::kRule:
          Rule(term.text, depth);
          break;
        case SyntaxTerm::Form::kOptional:
        case SyntaxTerm::Form::kRepeated:
          if (Draw(6) == 0) Any(term.choices, depth);
          break;
        case SyntaxTerm::Form::kGroup:
          Any(term.choices, depth);
          break;
      }
    }
  }

  const Grammar& grammar_;
  std::mt19937 random_;
  std::string out_;
  std::set<std::string> used_;
};

void Words(const Choices& choices, std::set<std::string>* words) {
  for (const std::vector<SyntaxTerm>& sequence : choices) {
    for (const SyntaxTerm& term : sequence) {
      if (term.form == SyntaxTerm::Form::kWord) words->insert(term.text);
      Words(term.choices, words);
    }
  }
}

TEST(GrammarTest, EverySentenceParsesAndPrintsBack) {
  std::ifstream file(RELATA_SOURCE_DIR "/src/expr/grammar.ebnf");
  ASSERT_TRUE(file.good());
  const Grammar grammar(std::string(std::istreambuf_iterator<char>(file), {}));
  Speaker speaker(grammar, 20261121);
  size_t parsed = 0;
  for (int i = 0; i < 6'000; ++i) {
    const std::string sentence = speaker.Sentence();
    if (sentence.size() > 4'000) continue;  // chains this long may pass kMaxDepth
    const StatusOr<Expr> tree = Parse(sentence);
    ASSERT_TRUE(tree.ok()) << sentence << "\n" << tree.status();
    const std::string printed = Print(*tree);
    const StatusOr<Expr> again = Parse(printed);
    ASSERT_TRUE(again.ok()) << sentence << "\n" << printed << "\n" << again.status();
    ASSERT_TRUE(*again == *tree) << sentence << "\n" << printed << "\n" << Print(*again);
    ASSERT_EQ(Print(*again), printed);
    ++parsed;
  }
  EXPECT_GT(parsed, 5'000u);

  std::set<std::string> words;
  for (const auto& [name, choices] : grammar.rules()) Words(choices, &words);
  for (const std::string& word : words) EXPECT_TRUE(speaker.used().count(word)) << word << " was never said";
}

}  // namespace
}  // namespace relata::expr
