// Defines ReadRetailInvoices, the invoices of UCI Online Retail from the shared data, for tests that follow
// the shop or its customers.
#ifndef RELATA_TESTS_CRM_RETAIL_INVOICES_H_
#define RELATA_TESTS_CRM_RETAIL_INVOICES_H_

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "relata/base/time.h"

namespace relata::test {

struct RetailInvoice {
  std::string number;
  std::string customer;  // empty where the shop did not know
  Date day;
  int64_t cents = 0;  // negative: a credit note
};

inline std::string RetailInvoicesPath() {
  return std::string(RELATA_SHARED_DATA) + "/online-retail/online-retail-invoices.csv";
}

// In the order of the file; none where the file is not there.
// A line: InvoiceNo,CustomerID,Country,FirstLineTime,Lines,AmountCents; no field holds a comma.
inline std::vector<RetailInvoice> ReadRetailInvoices() {
  std::vector<RetailInvoice> invoices;
  std::ifstream file(RetailInvoicesPath());
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    RetailInvoice invoice;
    std::string country, time, lines, cents;
    for (std::string* field : {&invoice.number, &invoice.customer, &country, &time, &lines, &cents}) {
      std::getline(fields, *field, ',');
    }
    invoice.day = Date::Parse(time.substr(0, 10)).value();
    invoice.cents = std::stoll(cents);
    invoices.push_back(invoice);
  }
  return invoices;
}

}  // namespace relata::test

#endif  // RELATA_TESTS_CRM_RETAIL_INVOICES_H_
