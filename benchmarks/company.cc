// This file makes, keeps and maps the rows of the query benchmarks.
#include "benchmarks/company.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <thread>
#include <vector>

#include "benchmarks/harness.h"
#include "examples/sample_company/labels.h"
#include "examples/sample_company/words.h"
#include "relata/crm/relation_number.h"

namespace benchmarks {
namespace {

using sample_company::Generator;

OrderRow MakeRow(const sample_company::Order& from) {
  return {.total = from.net,
          .vat = from.vat,
          .relation = static_cast<int32_t>(from.relation + 1),
          .ordered_on = from.ordered_on().days,
          .seller = static_cast<int32_t>(from.seller + 1),
          .cancelled = from.status.text == "cancelled"};
}

uint8_t SubjectOf(std::string_view text) {
  const auto subjects = sample_company::Subjects();
  for (size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i].dutch == text) return static_cast<uint8_t>(i * 2);
    if (subjects[i].english == text) return static_cast<uint8_t>(i * 2 + 1);
  }
  return 0;
}

InteractionRow MakeRow(const sample_company::Interaction& from) {
  return {.at = from.at.seconds,
          .relation = static_cast<int32_t>(from.relation + 1),
          .employee = static_cast<int32_t>(from.user + 1),
          .minutes = from.minutes,
          .channel = from.channel.index,
          .outcome = from.outcome.index,
          .inbound = from.inbound,
          .subject = SubjectOf(from.subject)};
}

// Writes `count` rows, made by two threads in bounded pieces, and renames the file into place when it is
// whole.
template <class Row, class Make>
void WriteRows(const std::string& path, int64_t count, Make make) {
  constexpr int64_t kPiece = 1 << 16;
  const std::string unfinished = path + ".unfinished";
  const int file = open(unfinished.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  Require(file >= 0, unfinished);
  const auto fill = [&](int64_t first) {
    std::vector<Row> rows;
    for (int64_t from = first * kPiece; from < count; from += 2 * kPiece) {
      rows.clear();
      for (int64_t i = from; i < std::min(from + kPiece, count); ++i) rows.push_back(make(i));
      const auto size = static_cast<ssize_t>(rows.size() * sizeof(Row));
      Require(pwrite(file, rows.data(), static_cast<size_t>(size), from * int64_t{sizeof(Row)}) == size,
              "writing the company's rows");
    }
  };
  std::thread other(fill, 1);
  fill(0);
  other.join();
  close(file);
  Require(std::rename(unfinished.c_str(), path.c_str()) == 0, path);
}

template <class Row>
std::span<const Row> Map(const std::string& path, int64_t count) {
  const int file = open(path.c_str(), O_RDONLY);
  Require(file >= 0, path);
  const size_t size = static_cast<size_t>(count) * sizeof(Row);
  struct stat status {};
  Require(fstat(file, &status) == 0 && static_cast<size_t>(status.st_size) == size, path);
  void* at = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  Require(at != MAP_FAILED, path);
  close(file);
  return {static_cast<const Row*>(at), static_cast<size_t>(count)};
}

bool Exists(const std::string& path) { return access(path.c_str(), R_OK) == 0; }

}  // namespace

Company::Company(const std::string& folder, int64_t relations) : generator_({.relations = relations}) {
  const std::string orders = folder + "/orders." + std::string(kCompanyVersion) + ".rows";
  const std::string interactions = folder + "/interactions." + std::string(kCompanyVersion) + ".rows";
  if (!Exists(orders)) {
    WriteRows<OrderRow>(orders, generator_.orders(),
                        [&](int64_t j) { return MakeRow(generator_.OrderAt(j)); });
  }
  if (!Exists(interactions)) {
    WriteRows<InteractionRow>(interactions, generator_.interactions(),
                              [&](int64_t k) { return MakeRow(generator_.InteractionAt(k)); });
  }
  orders_ = Map<OrderRow>(orders, generator_.orders());
  interactions_ = Map<InteractionRow>(interactions, generator_.interactions());
}

Company::~Company() {
  munmap(const_cast<OrderRow*>(orders_.data()), orders_.size_bytes());
  munmap(const_cast<InteractionRow*>(interactions_.data()), interactions_.size_bytes());
}

RelationRow Company::RowOf(const sample_company::Relation& from) const {
  RelationRow row;
  row.id = from.index + 1;
  row.number = relata::crm::MakeRelationNumber(relata::crm::kFirstRelationSequence + from.index).value();
  row.name = from.name;
  row.folded = Folded(from.name);
  row.legal_form = from.legal_form;
  row.kvk_number = from.kvk_number;
  row.vat_number = from.vat_number;
  row.iban = from.iban;
  row.street = from.visiting.street;
  row.house_number = from.visiting.number;
  row.postcode = from.visiting.postcode;
  row.city = from.visiting.city;
  row.country = from.visiting.country;
  row.phone = from.phone;
  row.email = from.email;
  row.website = from.website;
  row.language = from.language;
  row.industry_code = from.sbi_code;
  row.industry = from.sbi_text;
  row.source = from.acquisition_source.text;
  row.acquired_on = from.acquired_on.days;
  row.credit_limit = from.credit_limit;
  row.payment_term_days = from.payment_term_days;
  row.account_manager = from.account_manager + 1;
  return row;
}

std::string_view Company::ChannelText(uint8_t channel) { return sample_company::kChannels[channel].text; }
std::string_view Company::OutcomeText(uint8_t outcome) {
  return sample_company::kContactOutcomes[outcome].text;
}
std::string_view Company::SubjectText(uint8_t subject) {
  const sample_company::Phrase& phrase = sample_company::Subjects()[subject / 2];
  return subject % 2 == 0 ? phrase.dutch : phrase.english;
}

std::string Folded(std::string_view text) {
  // The second bytes of U+00C0 to U+00FF in UTF-8, with bit 5 set as for a lower-case letter.
  static constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
  std::string folded;
  folded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0xc3 && i + 1 < text.size()) {
      folded += kLatin1[static_cast<unsigned char>(text[++i]) & 0x1f];
    } else {
      folded += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
    }
  }
  return folded;
}

}  // namespace benchmarks
