// Defines the codes by which the scattered systems know a record, made from its index.
//
// Cost: one short string each.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_CODES_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_CODES_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "examples/sample_company/records.h"

namespace sample_company {

// The parts one after another.
std::string Concat(std::initializer_list<std::string_view> parts);
// number in decimal, with zeros in front up to width.
std::string Padded(int64_t number, size_t width);
// 1234 as "12.34".
std::string Decimal(int64_t cents);
// 123456 as "1.234,56".
std::string DutchDecimal(int64_t cents);

std::string DebtorNumber(int64_t relation);    // 10001, in the ERP
std::string CreditorNumber(int64_t relation);  // K20001, in the ERP
std::string ProspectCode(int64_t relation);    // P-00001, on the sales people's list
std::string ContactId(int64_t person);         // C000001, in the mailing tool
std::string UserCode(int64_t user);            // M001
std::string TeamCode(int64_t team);            // T1
std::string OrderNumber(const Order& order);   // VO23-000001
std::string InvoiceNumber(const Invoice& invoice);
std::string QuoteNumber(const Quote& quote);
std::string OpportunityCode(int64_t opportunity);  // OPP-00001
std::string LeadCode(int64_t lead);
std::string PaymentNumber(const Invoice& invoice, const Payment& payment);  // B23-000001-1
std::string MomentId(int64_t interaction);                                  // M0000001
std::string TaskId(int64_t task);
std::string SurveyId(int64_t survey);
std::string DocumentId(const Document& document);
std::string TicketNumber(int64_t ticket);
std::string CampaignId(int64_t campaign);
std::string ProjectNumber(const Project& project);  // begins with the relation's own number: 10001-01
std::string ContractNumber(const Contract& contract);

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_CODES_H_
