// This file tests the sample company's files with a reader of its own: the bytes are the same everywhere,
// each dialect is what the README says, every reference is found except in the rows planted to be rejected,
// and the truth is true.
#include "examples/sample_company/export.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "examples/sample_company/calendar.h"

namespace sample_company {
namespace {

namespace fs = std::filesystem;

std::string Bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

uint64_t Fnv1a(std::string_view bytes) {
  uint64_t hash = 14'695'981'039'346'656'037u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  return hash;
}

using Row = std::map<std::string, std::string>;

char SeparatorOf(const std::string& name) {
  static const std::set<std::string> kSemicolons = {"erp_debtors.csv",     "erp_creditors.csv",
                                                    "erp_products.csv",    "erp_invoices.csv",
                                                    "sales_prospects.csv", "contact_moments.csv"};
  return name == "route_positions.csv" ? '\t' : kSemicolons.contains(name) ? ';' : ',';
}

std::vector<Row> Parse(std::string bytes, char separator) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.erase(0, 3);
  std::vector<std::vector<std::string>> records(1, {""});
  bool quoted = false;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    std::string& cell = records.back().back();
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < bytes.size() && bytes[i + 1] == '"') {
        cell += bytes[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == separator) {
      records.back().emplace_back();
    } else if (c == '\n') {
      records.push_back({""});
    } else if (c != '\r') {
      cell += c;
    }
  }
  EXPECT_FALSE(quoted);
  EXPECT_EQ(records.back(), std::vector<std::string>{""}) << "the last line ends";
  records.pop_back();
  std::vector<Row> rows;
  for (size_t r = 1; r < records.size(); ++r) {
    EXPECT_EQ(records[r].size(), records[0].size()) << "row " << r;
    Row row;
    for (size_t c = 0; c < records[r].size(); ++c) row[records[0][c]] = records[r][c];
    rows.push_back(std::move(row));
  }
  return rows;
}

// The shipped company, written once for all tests here.
class ExportTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::temp_directory_path() / ("sample_company_test_" + std::to_string(getpid()));
    truth_ = new Truth;
    ASSERT_TRUE(ExportCompany({}, folder_ / "dirty", truth_));
    ASSERT_TRUE(ExportCompany({.dirt = false}, folder_ / "clean", &clean_truth_));
    for (const FileTruth& file : truth_->files) {
      files_[file.name] = Parse(Bytes(folder_ / "dirty" / file.name), SeparatorOf(file.name));
    }
  }
  static void TearDownTestSuite() {
    fs::remove_all(folder_);
    delete truth_;
    files_.clear();
  }

  static std::set<int64_t> RejectedRows(const std::string& name) {
    std::set<int64_t> rows;
    for (const FileTruth& file : truth_->files) {
      if (file.name != name) continue;
      for (const FileTruth::Reject& reject : file.rejects) rows.insert(reject.row);
    }
    return rows;
  }
  // Values of a column in rows that an importer accepts.
  static std::set<std::string> Column(const std::string& name, const std::string& column) {
    const std::set<int64_t> rejected = RejectedRows(name);
    std::set<std::string> values;
    for (size_t i = 0; i < files_[name].size(); ++i) {
      if (!rejected.contains(static_cast<int64_t>(i) + 1)) values.insert(files_[name][i].at(column));
    }
    return values;
  }

  static inline fs::path folder_;
  static inline Truth* truth_ = nullptr;
  static inline Truth clean_truth_;
  static inline std::map<std::string, std::vector<Row>> files_;
};

TEST_F(ExportTest, BytesAreTheSameEverywhere) {
  // FNV-1a of each file. A change here is a change of everything that counts on the sample company: the
  // quickstart's output, mappings, golden answers. Make it on purpose.
  const std::map<std::string, uint64_t> pinned = {
      {"contact_moments.csv", 13343330757280565469u},   {"desk_contracts.csv", 4478658144130375544u},
      {"desk_installed.csv", 16882534639047866365u},    {"desk_surveys.csv", 8965106233221597400u},
      {"desk_tickets.csv", 1548957623483423361u},       {"erp_creditors.csv", 1068963062826882422u},
      {"erp_debtors.csv", 15666245135484448122u},       {"erp_invoices.csv", 14549610615014540346u},
      {"erp_order_lines.csv", 8364036448950770538u},    {"erp_orders.csv", 4414888117226352626u},
      {"erp_payments.csv", 11612718856849759745u},      {"erp_products.csv", 9644907540330679288u},
      {"mailing_campaigns.csv", 3945752590115641041u},  {"mailing_consents.csv", 14314000670836288854u},
      {"mailing_contacts.csv", 11932491134499074885u},  {"mailing_preferences.csv", 6802214136741959540u},
      {"mailing_touches.csv", 6531866509415231049u},    {"office_documents.csv", 1942627423264419074u},
      {"office_projects.csv", 5031084425266657316u},    {"office_sources.csv", 13052913749589624206u},
      {"office_tasks.csv", 6598764665463418330u},       {"office_teams.csv", 1948858401486375524u},
      {"office_users.csv", 15088067980258518826u},      {"route_positions.csv", 5307402736026248270u},
      {"sales_affiliations.csv", 6262910961391241943u}, {"sales_interests.csv", 494693922432554350u},
      {"sales_leads.csv", 12270296971753889839u},       {"sales_opportunities.csv", 12774927250130766037u},
      {"sales_prospects.csv", 3125231073445303022u},    {"sales_quotes.csv", 17835976992135688748u},
      {"sales_stages.csv", 7447291777171558133u},       {"truth.json", 15379288580726701045u},
  };
  std::string actual;
  std::map<std::string, uint64_t> found;
  for (const auto& entry : fs::directory_iterator(folder_ / "dirty")) {
    found[entry.path().filename().string()] = Fnv1a(Bytes(entry.path()));
  }
  for (const auto& [name, hash] : found) actual += "    {\"" + name + "\", " + std::to_string(hash) + "u},\n";
  EXPECT_EQ(found, pinned) << "now:\n" << actual;
}

TEST_F(ExportTest, DialectsAreAsDocumented) {
  const auto bytes = [](const char* name) { return Bytes(folder_ / "dirty" / name); };
  EXPECT_EQ(bytes("sales_prospects.csv").substr(0, 17), "\xef\xbb\xbfprospect_code;");
  EXPECT_EQ(bytes("mailing_contacts.csv").substr(0, 14),
            "\xef\xbb\xbf"
            "contact_id,");
  const std::string debtors = bytes("erp_debtors.csv");
  EXPECT_NE(debtors.find("Cr\xeaperie"), std::string::npos) << "Windows-1252 for Crêperie";
  EXPECT_EQ(debtors.find('\xc3'), std::string::npos) << "no UTF-8 in it";
  EXPECT_NE(debtors.find("\r\n"), std::string::npos);
  EXPECT_NE(bytes("erp_products.csv").find("Temperatuurbewaking \x96 basis"), std::string::npos)
      << "an en dash";
  EXPECT_EQ(bytes("erp_orders.csv").find('\r'), std::string::npos);
  EXPECT_EQ(bytes("sales_leads.csv").substr(0, 12), "\"lead_code\",");
  EXPECT_TRUE(
      std::any_of(files_["desk_tickets.csv"].begin(), files_["desk_tickets.csv"].end(), [](const Row& row) {
        return row.at("description").find('\n') != std::string::npos &&
               row.at("description").find('"') != std::string::npos;
      }));
  // Dutch and ISO notations of the same invoice and order.
  std::map<std::string, std::string> net;
  for (const Row& order : files_["erp_orders.csv"]) net[order.at("order_number")] = order.at("net_amount");
  for (const Row& invoice : files_["erp_invoices.csv"]) {
    if (!net.contains(invoice.at("ordernr"))) continue;
    std::string amount = invoice.at("bedrag_excl");
    std::erase(amount, '.');
    std::replace(amount.begin(), amount.end(), ',', '.');
    EXPECT_EQ(amount, net[invoice.at("ordernr")]);
    EXPECT_EQ(invoice.at("factuurdatum").substr(2, 1), "-");
  }
}

struct Reference {
  const char* file;
  const char* column;
  const char* target;
  const char* key;
};

constexpr Reference kReferences[] = {
    {"erp_debtors.csv", "moeder_debiteurnr", "erp_debtors.csv", "debiteurnr"},
    {"erp_debtors.csv", "accountmanager", "office_users.csv", "user_code"},
    {"erp_creditors.csv", "debiteurnr", "erp_debtors.csv", "debiteurnr"},
    {"route_positions.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"erp_orders.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"erp_orders.csv", "seller", "office_users.csv", "user_code"},
    {"erp_orders.csv", "quote_number", "sales_quotes.csv", "quote_number"},
    {"erp_order_lines.csv", "order_number", "erp_orders.csv", "order_number"},
    {"erp_order_lines.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"erp_invoices.csv", "ordernr", "erp_orders.csv", "order_number"},
    {"erp_invoices.csv", "debiteurnr", "erp_debtors.csv", "debiteurnr"},
    {"erp_payments.csv", "invoice_number", "erp_invoices.csv", "factuurnr"},
    {"erp_payments.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"mailing_contacts.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"mailing_contacts.csv", "also_at_debtor", "erp_debtors.csv", "debiteurnr"},
    {"mailing_contacts.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"mailing_contacts.csv", "creditor_number", "erp_creditors.csv", "crediteurnr"},
    {"mailing_touches.csv", "campaign_id", "mailing_campaigns.csv", "campaign_id"},
    {"mailing_touches.csv", "contact_id", "mailing_contacts.csv", "contact_id"},
    {"mailing_consents.csv", "contact_id", "mailing_contacts.csv", "contact_id"},
    {"mailing_preferences.csv", "contact_id", "mailing_contacts.csv", "contact_id"},
    {"sales_prospects.csv", "verkoper", "office_users.csv", "user_code"},
    {"sales_affiliations.csv", "from_debtor", "erp_debtors.csv", "debiteurnr"},
    {"sales_affiliations.csv", "from_prospect", "sales_prospects.csv", "prospect_code"},
    {"sales_affiliations.csv", "from_creditor", "erp_creditors.csv", "crediteurnr"},
    {"sales_affiliations.csv", "to_debtor", "erp_debtors.csv", "debiteurnr"},
    {"sales_affiliations.csv", "to_prospect", "sales_prospects.csv", "prospect_code"},
    {"sales_affiliations.csv", "to_creditor", "erp_creditors.csv", "crediteurnr"},
    {"sales_affiliations.csv", "from_contact", "mailing_contacts.csv", "contact_id"},
    {"sales_affiliations.csv", "to_contact", "mailing_contacts.csv", "contact_id"},
    {"sales_interests.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"sales_interests.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"sales_interests.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"sales_quotes.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"sales_quotes.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"sales_quotes.csv", "seller", "office_users.csv", "user_code"},
    {"sales_quotes.csv", "opportunity_code", "sales_opportunities.csv", "opportunity_code"},
    {"sales_opportunities.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"sales_opportunities.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"sales_opportunities.csv", "competitor_code", "sales_prospects.csv", "prospect_code"},
    {"sales_opportunities.csv", "owner", "office_users.csv", "user_code"},
    {"sales_opportunities.csv", "stage", "sales_stages.csv", "stage"},
    {"sales_leads.csv", "opportunity_code", "sales_opportunities.csv", "opportunity_code"},
    {"sales_leads.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"sales_leads.csv", "owner", "office_users.csv", "user_code"},
    {"desk_tickets.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"desk_tickets.csv", "contact_id", "mailing_contacts.csv", "contact_id"},
    {"desk_tickets.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"desk_tickets.csv", "agent", "office_users.csv", "user_code"},
    {"desk_contracts.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"desk_contracts.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"desk_installed.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"desk_installed.csv", "product_code", "erp_products.csv", "artikelnr"},
    {"desk_surveys.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"desk_surveys.csv", "contact_id", "mailing_contacts.csv", "contact_id"},
    {"desk_surveys.csv", "ticket_number", "desk_tickets.csv", "ticket_number"},
    {"contact_moments.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"contact_moments.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"contact_moments.csv", "creditor_number", "erp_creditors.csv", "crediteurnr"},
    {"contact_moments.csv", "contact_ids", "mailing_contacts.csv", "contact_id"},
    {"contact_moments.csv", "user_code", "office_users.csv", "user_code"},
    {"office_users.csv", "team_code", "office_teams.csv", "team_code"},
    {"office_tasks.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"office_tasks.csv", "prospect_code", "sales_prospects.csv", "prospect_code"},
    {"office_tasks.csv", "creditor_number", "erp_creditors.csv", "crediteurnr"},
    {"office_tasks.csv", "user_code", "office_users.csv", "user_code"},
    {"office_projects.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"office_projects.csv", "manager", "office_users.csv", "user_code"},
    {"office_documents.csv", "debtor_number", "erp_debtors.csv", "debiteurnr"},
    {"office_documents.csv", "project_number", "office_projects.csv", "project_number"},
    {"office_sources.csv", "responsible", "office_users.csv", "user_code"}};

TEST_F(ExportTest, EveryReferenceIsFoundSaveThePlantedOnes) {
  std::map<std::string, std::set<std::string>> missing;  // by file and column
  for (const Reference& reference : kReferences) {
    const std::set<std::string> known = Column(reference.target, reference.key);
    const std::set<int64_t> rejected = RejectedRows(reference.file);
    for (size_t i = 0; i < files_[reference.file].size(); ++i) {
      std::string codes = files_[reference.file][i].at(reference.column);
      while (!codes.empty()) {
        const std::string code = codes.substr(0, codes.find('|'));
        codes.erase(0, code.size() + 1);
        const bool planted = rejected.contains(static_cast<int64_t>(i) + 1);
        EXPECT_TRUE(known.contains(code) || planted)
            << reference.file << " row " << i + 1 << ": " << reference.column << " " << code;
        if (!known.contains(code)) missing[std::string(reference.file) + " " + reference.column].insert(code);
      }
    }
  }
  const std::map<std::string, std::set<std::string>> planted = {
      {"contact_moments.csv debtor_number", {"99999"}},      {"desk_tickets.csv debtor_number", {"99999"}},
      {"erp_order_lines.csv order_number", {"VO25-999999"}}, {"erp_orders.csv debtor_number", {"99999"}},
      {"erp_payments.csv invoice_number", {"F25-999999"}},   {"mailing_consents.csv contact_id", {"C999998"}},
      {"mailing_contacts.csv debtor_number", {"99999"}},     {"mailing_touches.csv campaign_id", {"CMP099"}},
      {"mailing_touches.csv contact_id", {"C999999"}},       {"sales_quotes.csv prospect_code", {"P-88888"}}};
  EXPECT_EQ(missing, planted);
}

struct Key {
  const char* file;
  std::vector<const char*> columns;
};

TEST_F(ExportTest, RowsRejectsAndRepeatedKeysAreAsTheTruthSays) {
  const std::vector<Key> keys = {
      {"erp_debtors.csv", {"debiteurnr"}},
      {"erp_creditors.csv", {"crediteurnr"}},
      {"erp_products.csv", {"artikelnr"}},
      {"route_positions.csv", {"debtor_number"}},
      {"erp_orders.csv", {"order_number"}},
      {"erp_order_lines.csv", {"order_number", "line_number"}},
      {"erp_invoices.csv", {"factuurnr"}},
      {"erp_payments.csv", {"payment_number"}},
      {"mailing_contacts.csv", {"contact_id"}},
      {"mailing_campaigns.csv", {"campaign_id"}},
      {"mailing_touches.csv", {"campaign_id", "contact_id", "event"}},
      {"mailing_consents.csv", {"contact_id", "purpose", "channel"}},
      {"mailing_preferences.csv", {"contact_id", "topic"}},
      {"sales_prospects.csv", {"prospect_code"}},
      {"sales_quotes.csv", {"quote_number"}},
      {"sales_opportunities.csv", {"opportunity_code"}},
      {"sales_stages.csv", {"pipeline", "stage"}},
      {"sales_leads.csv", {"lead_code"}},
      {"sales_interests.csv", {"debtor_number", "prospect_code", "product_code", "theme"}},
      {"sales_affiliations.csv",
       {"kind", "from_debtor", "from_prospect", "from_creditor", "to_debtor", "to_prospect", "to_creditor",
        "from_contact", "to_contact"}},
      {"desk_tickets.csv", {"ticket_number"}},
      {"desk_contracts.csv", {"contract_number"}},
      {"desk_installed.csv", {"serial"}},
      {"desk_surveys.csv", {"survey_id"}},
      {"contact_moments.csv", {"moment_id"}},
      {"office_users.csv", {"user_code"}},
      {"office_teams.csv", {"team_code"}},
      {"office_sources.csv", {"source_code"}},
      {"office_tasks.csv", {"task_id"}},
      {"office_projects.csv", {"project_number"}},
      {"office_documents.csv", {"document_id"}}};
  EXPECT_EQ(keys.size(), truth_->files.size());
  for (const Key& key : keys) {
    const auto file = std::find_if(truth_->files.begin(), truth_->files.end(),
                                   [&](const FileTruth& candidate) { return candidate.name == key.file; });
    ASSERT_NE(file, truth_->files.end()) << key.file;
    const std::vector<Row>& rows = files_[key.file];
    EXPECT_EQ(static_cast<int64_t>(rows.size()), file->rows) << key.file;
    std::map<std::string, Row> seen;
    int64_t repeated = 0;
    for (const Row& row : rows) {
      std::string code;
      for (const char* column : key.columns) code += row.at(column) + "\x1f";
      const auto [at, fresh] = seen.emplace(code, row);
      repeated += !fresh;
      if (!fresh) {
        EXPECT_EQ(at->second, row) << "a repeated key repeats the row, " << key.file;
      }
    }
    EXPECT_EQ(repeated, file->repeated_keys) << key.file;
    for (const FileTruth::Reject& reject : file->rejects) {
      ASSERT_LE(reject.row, file->rows);
      EXPECT_FALSE(rows[static_cast<size_t>(reject.row) - 1].at(reject.column).empty())
          << key.file << reject.row;
    }
  }
  EXPECT_GT(files_["erp_orders.csv"].size(), 2000u);
  EXPECT_EQ(RejectedRows("erp_orders.csv").size(), 3u);
}

TEST_F(ExportTest, RevenueIsWhatTheOrdersSay) {
  std::map<std::string, Truth::Revenue> revenue;
  const std::set<int64_t> rejected = RejectedRows("erp_orders.csv");
  for (size_t i = 0; i < files_["erp_orders.csv"].size(); ++i) {
    const Row& order = files_["erp_orders.csv"][i];
    if (rejected.contains(static_cast<int64_t>(i) + 1) || order.at("status") == "cancelled") continue;
    std::string digits = order.at("net_amount");
    ASSERT_EQ(digits[digits.size() - 3], '.');
    digits.erase(digits.size() - 3, 1);
    Truth::Revenue& mine = revenue[order.at("debtor_number")];
    mine.by_year[std::stoi(order.at("order_date").substr(0, 4))] += std::stoll(digits);
    if (order.at("order_date") >= "2025-06-30") mine.last_12_months += std::stoll(digits);
    ++mine.orders;
  }
  ASSERT_EQ(revenue.size(), truth_->revenue.size());
  for (const auto& [debtor, expected] : revenue) {
    const Truth::Revenue& stated = truth_->revenue.at(debtor);
    EXPECT_EQ(stated.by_year, expected.by_year) << debtor;
    EXPECT_EQ(stated.last_12_months, expected.last_12_months) << debtor;
    EXPECT_EQ(stated.orders, expected.orders) << debtor;
  }
}

TEST_F(ExportTest, DuplicatesArePlantedAndDiffer) {
  std::map<std::string, std::string> names;
  for (const Row& row : files_["erp_debtors.csv"]) names[row.at("debiteurnr")] = row.at("naam");
  for (const Row& row : files_["sales_prospects.csv"]) names[row.at("prospect_code")] = row.at("bedrijf");
  const std::set<std::string> contacts = Column("mailing_contacts.csv", "contact_id");
  std::map<std::string, int> kinds;
  for (const DuplicatePair& pair : truth_->duplicates) {
    ++kinds[pair.kind + " " + pair.file];
    if (pair.kind == "person") {
      EXPECT_TRUE(contacts.contains(pair.code) && contacts.contains(pair.original_code));
    } else {
      ASSERT_TRUE(names.contains(pair.code) && names.contains(pair.original_code)) << pair.code;
      EXPECT_NE(names[pair.code], names[pair.original_code]);
    }
  }
  const std::map<std::string, int> expected = {{"person mailing_contacts.csv", 13},
                                               {"relation erp_debtors.csv", 12},
                                               {"relation sales_prospects.csv", 4}};
  EXPECT_EQ(kinds, expected);
  EXPECT_TRUE(std::any_of(truth_->duplicates.begin(), truth_->duplicates.end(),
                          [](const DuplicatePair& pair) {
                            return pair.kind == "relation" && truth_->revenue.contains(pair.code) &&
                                   truth_->revenue.contains(pair.original_code);
                          }))
      << "some duplicates have orders under both numbers";
}

TEST_F(ExportTest, WithoutDirtNothingIsWrong) {
  EXPECT_TRUE(clean_truth_.duplicates.empty());
  for (const FileTruth& file : clean_truth_.files) {
    EXPECT_TRUE(file.rejects.empty()) << file.name;
    EXPECT_EQ(file.repeated_keys, 0) << file.name;
  }
  for (const Row& row : Parse(Bytes(folder_ / "clean" / "erp_debtors.csv"), ';')) {
    EXPECT_NE(row.at("naam").front(), ' ');
    EXPECT_NE(row.at("naam").back(), ' ');
    EXPECT_EQ(row.at("telefoon").front(), '+');
    EXPECT_FALSE(row.at("bezoek_postcode").empty());
  }
  int trailing = 0, no_postcode = 0, shouting = 0, bad_mail = 0;
  for (const Row& row : files_["erp_debtors.csv"]) {
    trailing += row.at("naam").back() == ' ';
    no_postcode += row.at("bezoek_postcode").empty();
    shouting += row.at("bezoek_plaats") == "DEN HAAG" || row.at("bezoek_plaats") == "amsterdam";
  }
  for (const Row& row : files_["mailing_contacts.csv"]) {
    const std::string& email = row.at("email");
    bad_mail += std::count(email.begin(), email.end(), '@') != 1 || email.find(',') != std::string::npos;
  }
  EXPECT_GT(trailing, 1);
  EXPECT_GT(no_postcode, 2);
  EXPECT_GT(shouting, 0);
  EXPECT_GT(bad_mail, 1);
}

TEST(ExportFailureTest, SaysWhenAFolderCannotBeWritten) {
  Truth truth;
  EXPECT_FALSE(ExportCompany({.company = {.relations = 100}}, "/dev/null/company", &truth));
}

}  // namespace
}  // namespace sample_company
