// Defines the export of the sample company: the files its scattered systems would hand over, and the truth
// about them.
//
//   Truth truth;
//   if (!ExportCompany({}, "/tmp/company", &truth)) …   // truth.files says which file could not be written
//
// Columns, dialects and damage are described in README.md. The same options give the same bytes everywhere.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_EXPORT_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_EXPORT_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "examples/sample_company/csv_file.h"
#include "examples/sample_company/generator.h"
#include "examples/sample_company/truth.h"

namespace sample_company {

struct ExportOptions {
  Options company;
  bool dirt = true;
};

// Writes all files and truth.json into this folder, made if need be. False if a file could not be written.
// Memory: proportional to the number of debtors (their revenue), not of orders.
bool ExportCompany(const ExportOptions& options, const std::filesystem::path& folder, Truth* truth);

// What the parts of the export share. For export_*.cc.
struct Exporter {
  const Generator& company;
  bool dirt;
  std::filesystem::path folder;
  Truth* truth;

  // Three debtors in every hundred were entered a second time, and from then on a third of their orders is
  // booked under the second number. -1 if this relation has none.
  int64_t SecondDebtor(int64_t relation) const;
  // The debtor number an order is booked under.
  std::string DebtorOf(const Order& order) const;
  // The cells debtor_number, prospect_code, creditor_number: the one this relation is known by, the others
  // empty.
  void AppendParty(int64_t relation, CsvFile::Cells* cells) const;

  void ErpParties() const;   // debtors, creditors, products, route positions
  void ErpSales() const;     // orders, order lines, invoices, payments
  void Mailing() const;      // contacts, campaigns, touches, consents, preferences
  void SalesList() const;    // prospects, affiliations, interests
  void SalesFunnel() const;  // quotes, opportunities, stages, leads
  void Desk() const;         // tickets, contracts, installed products, surveys
  void Office() const;       // users, teams, contact moments, tasks, projects, documents, sources
};

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_EXPORT_H_
