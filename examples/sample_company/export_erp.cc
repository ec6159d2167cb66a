// This file writes what comes out of the ERP. Parties, products and invoices come from its old report writer
// (semicolons, Windows-1252, Dutch dates and numbers, Dutch headers), sales from its newer data export
// (commas, UTF-8, ISO dates).
#include "examples/sample_company/codes.h"
#include "examples/sample_company/dirt.h"
#include "examples/sample_company/export.h"

namespace sample_company {
namespace {

constexpr Dialect kReportWriter{.separator = ';', .windows_1252 = true, .crlf = true};

std::string Joined(const std::vector<std::string_view>& parts) {
  std::string joined;
  for (const std::string_view part : parts) {
    if (!joined.empty()) joined += '|';
    joined += part;
  }
  return joined;
}

CsvFile::Cells DebtorRow(const Relation& relation, const std::string& number, const std::string& name,
                         Dirt& dirt) {
  CsvFile::Cells row{number,
                     name,
                     dirt.Name(relation.trade_name),
                     std::string(relation.legal_form),
                     relation.kvk_number,
                     relation.establishment_number,
                     relation.vat_number,
                     relation.iban};
  row.push_back(dirt.Name(relation.visiting.street));
  row.push_back(relation.visiting.number);
  row.push_back(dirt.Postcode(relation.visiting.postcode));
  row.push_back(dirt.City(relation.visiting.city));
  row.push_back(std::string(relation.visiting.country));
  for (const Address* address : {&relation.postal, &relation.billing}) {
    row.push_back(address->street);
    row.push_back(address->number);
    row.push_back(address->postcode);
    row.push_back(std::string(address->city));
  }
  row.push_back(dirt.Phone(relation.phone));
  row.push_back(dirt.Email(relation.email));
  row.push_back(relation.website);
  row.push_back(std::string(relation.language));
  row.push_back(std::string(relation.sbi_code));
  row.push_back(std::string(relation.sbi_text));
  row.push_back(relation.parent >= 0 ? DebtorNumber(relation.parent) : "");
  row.push_back(UserCode(relation.account_manager));
  row.push_back(std::string(relation.acquisition_source.text));
  row.push_back(Dutch(relation.acquired_on));
  row.push_back(std::string(relation.credit_status.text));
  row.push_back(DutchDecimal(relation.credit_limit));
  row.push_back(std::to_string(relation.payment_term_days));
  row.push_back(Joined(relation.tags));
  return row;
}

void Debtors(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "erp_debtors.csv", kReportWriter,
               {"debiteurnr",
                "naam",
                "handelsnaam",
                "rechtsvorm",
                "kvk_nummer",
                "vestigingsnummer",
                "btw_nummer",
                "iban",
                "bezoek_straat",
                "bezoek_huisnr",
                "bezoek_postcode",
                "bezoek_plaats",
                "bezoek_land",
                "post_straat",
                "post_huisnr",
                "post_postcode",
                "post_plaats",
                "factuur_straat",
                "factuur_huisnr",
                "factuur_postcode",
                "factuur_plaats",
                "telefoon",
                "email",
                "website",
                "taal",
                "sbi_code",
                "sbi_omschrijving",
                "moeder_debiteurnr",
                "accountmanager",
                "herkomst",
                "sinds",
                "kredietstatus",
                "kredietlimiet",
                "betaaltermijn_dagen",
                "kenmerken"},
               exporter.truth);
  if (exporter.dirt) {
    CsvFile::Cells bad(35);
    bad[0] = "99001";
    bad[1] = "Lunchroom Het Hoekje";
    bad[30] = "31-04-2024";
    bad[32] = "2.500,00";
    file.PlantReject(40, bad, "sinds", "impossible date");
    bad[0] = "99002";
    bad[1] = "Catering Groen & Zn.";
    bad[30] = "12-03-2024";
    bad[32] = "onbeperkt";
    file.PlantReject(120, bad, "kredietlimiet", "not a number");
  }
  // A branch may stand before its parent in the file, as it would in any such list.
  for (int64_t i = 0; i < company.relations(); ++i) {
    if (company.TraitsOf(i).kind != RelationKind::kDebtor) continue;
    const Relation relation = company.RelationAt(i);
    Dirt dirt(company.seed(), Dirt::kDebtors, i, exporter.dirt);
    const std::string name = dirt.Name(relation.name);
    file.Row(DebtorRow(relation, DebtorNumber(i), name, dirt));
  }
  for (int64_t i = 0; i < company.relations() && exporter.dirt; ++i) {
    const int64_t second = exporter.SecondDebtor(i);
    if (second < 0) continue;
    Relation relation = company.RelationAt(i);
    Dirt dirt(company.seed(), Dirt::kDebtors, second, exporter.dirt);
    const std::string name = dirt.OtherSpelling(relation.name);
    // Entered in a hurry by somebody else: half of it was left out.
    relation.kvk_number = second % 3 == 0 ? relation.kvk_number : "";
    relation.establishment_number.clear();
    relation.vat_number = second % 3 == 1 ? relation.vat_number : "";
    relation.iban.clear();
    relation.trade_name.clear();
    relation.website.clear();
    relation.postal = relation.billing = Address{};
    relation.tags.clear();
    file.Row(DebtorRow(relation, DebtorNumber(second), name, dirt));
    exporter.truth->duplicates.push_back(
        {"relation", "erp_debtors.csv", DebtorNumber(second), "erp_debtors.csv", DebtorNumber(i)});
  }
}

void Creditors(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "erp_creditors.csv", kReportWriter,
               {"crediteurnr", "naam", "kvk_nummer", "btw_nummer", "iban", "straat", "huisnr", "postcode",
                "plaats", "land", "telefoon", "email", "website", "sbi_code", "sinds", "debiteurnr"},
               exporter.truth);
  for (int64_t i = 0; i < company.relations(); ++i) {
    const RelationKind kind = company.TraitsOf(i).kind;
    if (kind != RelationKind::kSupplier && kind != RelationKind::kDebtor) continue;
    const Relation relation = company.RelationAt(i);
    if (kind == RelationKind::kDebtor && !relation.also_supplier) continue;
    Dirt dirt(company.seed(), Dirt::kCreditors, i, exporter.dirt);
    CsvFile::Cells row{
        CreditorNumber(i), dirt.Name(relation.name), relation.kvk_number,     relation.vat_number,
        relation.iban,     relation.visiting.street, relation.visiting.number};
    row.push_back(dirt.Postcode(relation.visiting.postcode));
    row.push_back(dirt.City(relation.visiting.city));
    row.push_back(std::string(relation.visiting.country));
    row.push_back(dirt.Phone(relation.phone));
    row.push_back(relation.email);
    row.push_back(relation.website);
    row.push_back(std::string(relation.sbi_code));
    row.push_back(Dutch(relation.acquired_on));
    row.push_back(kind == RelationKind::kDebtor ? DebtorNumber(i) : "");
    file.Row(std::move(row));
  }
}

void Products(const Exporter& exporter) {
  CsvFile file(exporter.folder, "erp_products.csv", kReportWriter,
               {"artikelnr", "omschrijving", "soort", "groep", "thema", "eenheid", "verkoopprijs",
                "inkoopprijs", "btw_pct", "actief"},
               exporter.truth);
  for (int64_t i = 0; i < exporter.company.products(); ++i) {
    const Product product = exporter.company.ProductAt(i);
    file.Row({std::string(product.code), std::string(product.name), std::string(product.kind),
              std::string(product.category), std::string(product.theme), std::string(product.unit),
              DutchDecimal(product.price), DutchDecimal(product.cost), std::to_string(product.vat_percent),
              product.code == "KO-600" ? "N" : "J"});
  }
}

// Seven decimals, as the route planner prints them.
std::string Degrees(int32_t e7) {
  const int64_t size = e7 < 0 ? -int64_t{e7} : e7;
  return Concat({e7 < 0 ? "-" : "", std::to_string(size / 10'000'000), ".", Padded(size % 10'000'000, 7)});
}

void RoutePositions(const Exporter& exporter) {
  const Generator& company = exporter.company;
  CsvFile file(exporter.folder, "route_positions.csv", {.separator = '\t'},
               {"debtor_number", "latitude", "longitude"}, exporter.truth);
  for (int64_t i = 0; i < company.relations(); ++i) {
    if (company.TraitsOf(i).kind != RelationKind::kDebtor) continue;
    const Relation relation = company.RelationAt(i);
    file.Row({DebtorNumber(i), Degrees(relation.latitude_e7), Degrees(relation.longitude_e7)});
  }
}

void CountRevenue(const Order& order, const std::string& debtor, Truth* truth) {
  if (order.status.text == "cancelled") return;
  Truth::Revenue& revenue = truth->revenue[debtor];
  revenue.by_year[ToCivil(order.ordered_on()).year] += order.net;
  if (order.ordered_on() >= ReferenceDate() + -365) revenue.last_12_months += order.net;
  ++revenue.orders;
}

}  // namespace

void Exporter::ErpParties() const {
  Debtors(*this);
  Creditors(*this);
  Products(*this);
  RoutePositions(*this);
}

void Exporter::ErpSales() const {
  CsvFile orders(folder, "erp_orders.csv", {},
                 {"order_number", "debtor_number", "order_date", "status", "currency", "net_amount",
                  "vat_amount", "gross_amount", "seller", "quote_number"},
                 truth);
  CsvFile order_lines(folder, "erp_order_lines.csv", {},
                      {"order_number", "line_number", "product_code", "description", "quantity", "unit_price",
                       "discount_pct", "net_amount"},
                      truth);
  CsvFile invoices(folder, "erp_invoices.csv", kReportWriter,
                   {"factuurnr", "ordernr", "debiteurnr", "factuurdatum", "vervaldatum", "valuta",
                    "bedrag_excl", "bedrag_btw", "bedrag_incl", "status", "betaald_op", "openstaand"},
                   truth);
  CsvFile payments(
      folder, "erp_payments.csv", {},
      {"payment_number", "invoice_number", "debtor_number", "paid_on", "amount", "currency", "method"},
      truth);
  if (dirt) {
    orders.PlantReject(250,
                       {"VO25-990001", DebtorNumber(0), "2025-02-30", "delivered", "EUR", "125.00", "26.25",
                        "151.25", "M001", ""},
                       "order_date", "impossible date");
    orders.PlantReject(
        600,
        {"VO25-990002", "99999", "2025-03-11", "delivered", "EUR", "80.00", "16.80", "96.80", "M001", ""},
        "debtor_number", "unknown debtor");
    orders.PlantReject(
        900, {"VO25-990003", DebtorNumber(0), "2025-05-06", "delivered", "EUR", "n.v.t.", "", "", "M001", ""},
        "net_amount", "not a number");
    order_lines.PlantReject(
        700, {"VO25-999999", "1", "KB-010", "Koffiebonen Huismelange 1 kg", "4", "16.30", "0", "65.20"},
        "order_number", "unknown order");
    order_lines.PlantReject(1500,
                            {OrderNumber(company.OrderAt(0)), "99", "RM-010", "Vaatwasmiddel 10 liter",
                             "twee", "37.39", "0", "74.78"},
                            "quantity", "not a number");
    invoices.PlantReject(300,
                         {"F25-990001", "", DebtorNumber(0), "31-11-2025", "30-12-2025", "EUR", "100,00",
                          "21,00", "121,00", "open", "", "121,00"},
                         "factuurdatum", "impossible date");
    invoices.PlantReject(800,
                         {"F25-990002", "", DebtorNumber(0), "14-11-2025", "14-12-2025", "EUR", "zie bijlage",
                          "", "", "open", "", "0,00"},
                         "bedrag_excl", "not a number");
    payments.PlantReject(
        200, {"B25-990001-1", "F25-999999", DebtorNumber(0), "2025-08-12", "96.80", "EUR", "bank"},
        "invoice_number", "unknown invoice");
    payments.PlantReject(500, {"B25-990002-1", "", DebtorNumber(0), "2025-09-02", "12,5O", "EUR", "bank"},
                         "amount", "not a number");
  }
  std::vector<Payment> paid;
  company.ForEachOrder([&](const Order& order, std::span<const OrderLine> lines) {
    const std::string number = OrderNumber(order);
    const std::string debtor = DebtorOf(order);
    CountRevenue(order, debtor, truth);
    orders.Row({number, debtor, Iso(order.ordered_on()), std::string(order.status.text), "EUR",
                Decimal(order.net), Decimal(order.vat), Decimal(order.net + order.vat),
                UserCode(order.seller), order.quote >= 0 ? QuoteNumber(company.QuoteAt(order.quote)) : ""});
    for (const OrderLine& line : lines) {
      const Product product = company.ProductAt(line.product);
      order_lines.Row({number, std::to_string(line.line), std::string(product.code),
                       std::string(product.name), std::to_string(line.quantity), Decimal(line.unit_price),
                       std::to_string(line.discount_percent), Decimal(line.amount)});
    }
    Invoice invoice;
    if (!company.InvoiceOf(order, &invoice, &paid)) return;
    invoices.Row({InvoiceNumber(invoice), number, debtor, Dutch(invoice.invoiced_on), Dutch(invoice.due_on),
                  "EUR", DutchDecimal(invoice.net), DutchDecimal(invoice.vat),
                  DutchDecimal(invoice.net + invoice.vat), std::string(invoice.status.text),
                  Dutch(invoice.paid_on), DutchDecimal(invoice.open)});
    for (const Payment& payment : paid) {
      payments.Row({PaymentNumber(invoice, payment), InvoiceNumber(invoice), debtor, Iso(payment.paid_on),
                    Decimal(payment.amount), "EUR", std::string(payment.method.text)});
    }
  });
}

}  // namespace sample_company
