// This file runs the export and holds what its parts share.
#include "examples/sample_company/export.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "examples/sample_company/codes.h"

namespace sample_company {

bool ExportCompany(const ExportOptions& options, const std::filesystem::path& folder, Truth* truth) {
  const Generator company(options.company);
  *truth = Truth{};
  truth->seed = company.seed();
  truth->relations = company.relations();
  truth->dirt = options.dirt;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return false;

  const Exporter exporter{company, options.dirt, folder, truth};
  exporter.Office();
  exporter.ErpParties();
  exporter.ErpSales();
  exporter.Mailing();
  exporter.SalesList();
  exporter.SalesFunnel();
  exporter.Desk();

  std::ofstream json(folder / "truth.json", std::ios::binary);
  json << truth->ToJson();
  json.close();
  return !json.fail() && std::all_of(truth->files.begin(), truth->files.end(),
                                     [](const FileTruth& file) { return file.written; });
}

int64_t Exporter::SecondDebtor(int64_t relation) const {
  if (!dirt) return -1;
  const int rank = company.TraitsOf(relation).rank;
  const int64_t place = rank == 8 ? 0 : rank == 33 ? 1 : rank == 51 ? 2 : -1;
  return place < 0 ? -1 : company.relations() + relation / 100 * 3 + place;
}

std::string Exporter::DebtorOf(const Order& order) const {
  const int64_t second = order.index % 3 == 0 ? SecondDebtor(order.relation) : -1;
  return DebtorNumber(second >= 0 ? second : order.relation);
}

void Exporter::AppendParty(int64_t relation, CsvFile::Cells* cells) const {
  const RelationKind kind = company.TraitsOf(relation).kind;
  const bool debtor = kind == RelationKind::kDebtor;
  const bool supplier = kind == RelationKind::kSupplier;
  cells->push_back(debtor ? DebtorNumber(relation) : "");
  cells->push_back(debtor || supplier ? "" : ProspectCode(relation));
  cells->push_back(supplier ? CreditorNumber(relation) : "");
}

}  // namespace sample_company
