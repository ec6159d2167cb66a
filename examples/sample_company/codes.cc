// This file implements the codes and the two ways of writing an amount.
#include "examples/sample_company/codes.h"

namespace sample_company {
namespace {

std::string YearOf(Date date) { return Padded(ToCivil(date).year % 100, 2); }

}  // namespace

std::string Concat(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string Padded(int64_t number, size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::string Decimal(int64_t cents) {
  const int64_t size = cents < 0 ? -cents : cents;
  return Concat({cents < 0 ? "-" : "", std::to_string(size / 100), ".", Padded(size % 100, 2)});
}

std::string DutchDecimal(int64_t cents) {
  const int64_t size = cents < 0 ? -cents : cents;
  std::string whole = std::to_string(size / 100);
  for (size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, 1, '.');
  return Concat({cents < 0 ? "-" : "", whole, ",", Padded(size % 100, 2)});
}

std::string DebtorNumber(int64_t relation) { return std::to_string(10'001 + relation); }
std::string CreditorNumber(int64_t relation) { return Concat({"K", std::to_string(20'001 + relation)}); }
std::string ProspectCode(int64_t relation) { return Concat({"P-", Padded(relation + 1, 5)}); }
std::string ContactId(int64_t person) { return Concat({"C", Padded(person + 1, 6)}); }
std::string UserCode(int64_t user) { return Concat({"M", Padded(user + 1, 3)}); }
std::string TeamCode(int64_t team) { return Concat({"T", std::to_string(team + 1)}); }

std::string OrderNumber(const Order& order) {
  return Concat({"VO", YearOf(order.ordered_on()), "-", Padded(order.index + 1, 6)});
}
std::string InvoiceNumber(const Invoice& invoice) {
  return Concat({"F", YearOf(invoice.invoiced_on), "-", Padded(invoice.order + 1, 6)});
}
std::string PaymentNumber(const Invoice& invoice, const Payment& payment) {
  return Concat({"B", InvoiceNumber(invoice).substr(1), "-", std::to_string(payment.part)});
}
std::string QuoteNumber(const Quote& quote) {
  return Concat({"OF", YearOf(quote.quoted_on), "-", Padded(quote.index + 1, 5)});
}
std::string OpportunityCode(int64_t opportunity) { return Concat({"OPP-", Padded(opportunity + 1, 5)}); }
std::string LeadCode(int64_t lead) { return Concat({"L-", Padded(lead + 1, 5)}); }
std::string MomentId(int64_t interaction) { return Concat({"M", Padded(interaction + 1, 7)}); }
std::string TaskId(int64_t task) { return Concat({"TK", Padded(task + 1, 5)}); }
std::string SurveyId(int64_t survey) { return Concat({"NPS", Padded(survey + 1, 5)}); }
std::string TicketNumber(int64_t ticket) { return Concat({"SD", Padded(ticket + 1, 6)}); }
std::string CampaignId(int64_t campaign) { return Concat({"CMP", Padded(campaign + 1, 3)}); }
std::string ProjectNumber(const Project& project) {
  return Concat({DebtorNumber(project.relation), "-", Padded(project.number, 2)});
}
std::string DocumentId(const Document& document) {
  return Concat({"DOC", DebtorNumber(document.relation), "-", Padded(document.number, 2)});
}
std::string ContractNumber(const Contract& contract) {
  return Concat({"CT", DebtorNumber(contract.relation), "/", std::to_string(contract.number)});
}

}  // namespace sample_company
