// Defines the fixed lists that a record's Labels come from, and the draw of one of them.
//
// A Label's index is its place in these lists. Thread safety: constants.
#ifndef RELATA_EXAMPLES_SAMPLE_COMPANY_LABELS_H_
#define RELATA_EXAMPLES_SAMPLE_COMPANY_LABELS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "examples/sample_company/random.h"
#include "examples/sample_company/records.h"

namespace sample_company {

struct LabelWeight {
  std::string_view text;
  uint32_t weight;
};

inline constexpr auto kOrderStatuses =
    std::to_array<LabelWeight>({{"delivered", 0}, {"open", 0}, {"cancelled", 0}});
inline constexpr auto kInvoiceStatuses =
    std::to_array<LabelWeight>({{"paid", 0}, {"partly_paid", 0}, {"open", 0}, {"overdue", 0}});
inline constexpr auto kPaymentMethods =
    std::to_array<LabelWeight>({{"bank", 70}, {"direct_debit", 25}, {"card", 5}});
inline constexpr auto kQuoteStatuses =
    std::to_array<LabelWeight>({{"accepted", 0}, {"open", 0}, {"rejected", 60}, {"expired", 40}});
inline constexpr auto kOutcomes = std::to_array<LabelWeight>({{"open", 0}, {"won", 0}, {"lost", 0}});
inline constexpr auto kAcquisitionSources = std::to_array<LabelWeight>({{"recommendation", 30},
                                                                        {"cold_call", 18},
                                                                        {"website", 22},
                                                                        {"trade_fair", 14},
                                                                        {"mailing", 8},
                                                                        {"walk_in", 5},
                                                                        {"takeover", 3}});
inline constexpr auto kCreditStatuses =
    std::to_array<LabelWeight>({{"good", 86}, {"watch", 9}, {"blocked", 2}, {"prepaid", 3}});
inline constexpr auto kLeadStatuses =
    std::to_array<LabelWeight>({{"converted", 0}, {"new", 25}, {"contacted", 30}, {"disqualified", 45}});
inline constexpr auto kChannels = std::to_array<LabelWeight>({{"phone", 34},
                                                              {"email", 36},
                                                              {"meeting", 4},
                                                              {"visit", 8},
                                                              {"letter", 2},
                                                              {"chat", 6},
                                                              {"social", 4},
                                                              {"web", 6}});
inline constexpr auto kContactOutcomes = std::to_array<LabelWeight>({{"information_given", 34},
                                                                     {"no_answer", 16},
                                                                     {"appointment", 12},
                                                                     {"quote_requested", 9},
                                                                     {"order_taken", 9},
                                                                     {"complaint_noted", 6},
                                                                     {"call_back", 14}});
inline constexpr auto kTicketKinds =
    std::to_array<LabelWeight>({{"complaint", 30}, {"question", 45}, {"report", 25}});
inline constexpr auto kPriorities =
    std::to_array<LabelWeight>({{"low", 20}, {"normal", 55}, {"high", 20}, {"urgent", 5}});
inline constexpr auto kTicketStatuses =
    std::to_array<LabelWeight>({{"new", 0}, {"in_progress", 0}, {"resolved", 0}, {"closed", 0}});
inline constexpr auto kContractStatuses =
    std::to_array<LabelWeight>({{"active", 0}, {"ended", 0}, {"cancelled", 0}});
inline constexpr auto kTouchEvents = std::to_array<LabelWeight>({{"sent", 0},
                                                                 {"opened", 0},
                                                                 {"clicked", 0},
                                                                 {"registered", 0},
                                                                 {"attended", 0},
                                                                 {"bounced", 0},
                                                                 {"unsubscribed", 0}});
inline constexpr auto kStages = std::to_array<Stage>({{"Verkoop", "Kennismaking", 1, 10},
                                                      {"Verkoop", "Behoefte bepaald", 2, 25},
                                                      {"Verkoop", "Demonstratie", 3, 40},
                                                      {"Verkoop", "Offerte", 4, 60},
                                                      {"Verkoop", "Onderhandeling", 5, 80},
                                                      {"Service", "Aanvraag", 1, 30},
                                                      {"Service", "Voorstel", 2, 60}});

template <size_t N>
Label LabelAt(const std::array<LabelWeight, N>& list, size_t index) {
  return Label{static_cast<uint8_t>(index), list[index].text};
}

// One of the list by weight. O(length).
template <size_t N>
Label DrawLabel(const std::array<LabelWeight, N>& list, Random& random) {
  uint64_t sum = 0;
  for (const LabelWeight& label : list) sum += label.weight;
  uint64_t at = random.Below(sum);
  size_t index = 0;
  while (at >= list[index].weight) at -= list[index++].weight;
  return LabelAt(list, index);
}

}  // namespace sample_company

#endif  // RELATA_EXAMPLES_SAMPLE_COMPANY_LABELS_H_
