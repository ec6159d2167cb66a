// This file makes contact and service: interactions in bursts, tickets, survey responses, tasks.
#include <algorithm>

#include "examples/sample_company/generator.h"
#include "examples/sample_company/labels.h"
#include "examples/sample_company/words.h"

namespace sample_company {
namespace {

std::string_view In(std::string_view language, const Phrase& phrase) {
  return language == "en" ? phrase.english : phrase.dutch;
}

const Phrase& Draw(std::span<const Phrase> phrases, Random& random) {
  return phrases[random.Below(phrases.size())];
}

int32_t MinutesOf(std::string_view channel, Random& random) {
  if (channel == "visit" || channel == "meeting") return static_cast<int32_t>(random.LogNormal(60, 400));
  if (channel == "phone") return static_cast<int32_t>(random.LogNormal(7, 800));
  if (channel == "chat") return static_cast<int32_t>(random.LogNormal(9, 500));
  return 0;
}

}  // namespace

// An episode is a burst of contact with one relation, four interactions on average within ten days.
// Interaction k has its own moment in the season and belongs to an episode that began shortly before.
Interaction Generator::InteractionAt(int64_t k) const {
  Random random(seed_, Stream::kInteraction, static_cast<uint64_t>(k));
  Interaction interaction;
  interaction.index = k;
  const auto jitter = static_cast<uint32_t>(random.Below(1024));
  interaction.at = season_.At(static_cast<uint64_t>(k), static_cast<uint64_t>(interactions()), jitter);

  const auto episodes = static_cast<uint64_t>(interactions() / 4);
  int64_t lag = 0;
  while (lag < 9 && random.PerMille(700)) ++lag;
  const Date began = std::max(interaction.at.date() + -lag, HistoryStart());
  const uint64_t low = season_.CountBefore(began, episodes);
  const uint64_t high = season_.CountBefore(began + 1, episodes);
  const uint64_t drawn = high > low ? low + random.Below(high - low) : (high > 0 ? high - 1 : 0);
  interaction.episode = static_cast<int64_t>(drawn);
  Random episode(seed_, Stream::kEpisode, drawn);
  interaction.relation = DrawContact(episode, season_.At(drawn, episodes, 0).date());
  const Traits traits = TraitsOf(interaction.relation);
  interaction.user = episode.PerMille(700) ? traits.account_manager : episode.Between(0, users_ - 1);
  const Phrase& topic = Draw(Subjects(), episode);

  const std::string_view language = WrittenLanguage(interaction.relation);
  interaction.subject = In(language, random.PerMille(650) ? topic : Draw(Subjects(), random));
  interaction.channel = DrawLabel(kChannels, random);
  interaction.inbound = random.PerMille(420);
  interaction.minutes = MinutesOf(interaction.channel.text, random);
  interaction.person = DrawPerson(random, interaction.relation);
  if (interaction.minutes > 45 && random.PerMille(300)) {
    const int64_t second = DrawPerson(random, interaction.relation);
    if (second != interaction.person) interaction.second_person = second;
  }
  interaction.outcome = DrawLabel(kContactOutcomes, random);
  interaction.notes = In(language, Draw(NoteOpenings(), random));
  if (random.PerMille(700)) {
    const std::string_view closing = In(language, Draw(NoteClosings(), random));
    interaction.notes += random.PerMille(250) ? "\n" : " ";
    interaction.notes += closing;
  }
  if (interaction.outcome.text == "call_back" || random.PerMille(120)) {
    interaction.next_action = In(language, Draw(TaskTexts(), random));
  }
  return interaction;
}

Ticket Generator::TicketAt(int64_t t) const {
  Random random(seed_, Stream::kTicket, static_cast<uint64_t>(t));
  Ticket ticket;
  ticket.index = t;
  const auto jitter = static_cast<uint32_t>(random.Below(1024));
  ticket.opened_at = season_.At(static_cast<uint64_t>(t), static_cast<uint64_t>(tickets()), jitter);
  ticket.relation = DrawBuyer(random, ticket.opened_at.date());
  const Traits traits = TraitsOf(ticket.relation);
  ticket.person = DrawPerson(random, ticket.relation);
  ticket.kind = DrawLabel(kTicketKinds, random);
  ticket.priority = DrawLabel(kPriorities, random);
  const std::string_view language = WrittenLanguage(ticket.relation);
  ticket.subject = In(language, Draw(TicketSubjects(), random));
  ticket.description = In(language, Draw(TicketDetails(), random));
  for (uint64_t more = random.Below(3); more > 0; --more) {
    ticket.description += '\n';
    ticket.description += In(language, Draw(TicketDetails(), random));
  }
  if (random.PerMille(750)) ticket.product = static_cast<int64_t>(random.Below(ProductList().size()));
  ticket.sla = traits.rank < 5 ? "goud" : traits.rank < 20 ? "zilver" : "brons";
  ticket.agent = 1 + 3 * random.Between(0, (users_ - 2) / 3);  // an engineer; see UserAt
  const int64_t urgency = 4 - ticket.priority.index;           // urgent 1 … low 4
  const Moment answered{ticket.opened_at.seconds + 60 * random.LogNormal(70 * urgency, 1100)};
  const Moment resolved{answered.seconds + 60 * random.LogNormal(900 * urgency, 1200)};
  const Moment now{int64_t{ReferenceDate().days} * 86'400};
  if (answered < now) ticket.first_answer_at = answered;
  if (resolved < now) ticket.resolved_at = resolved;
  ticket.status = LabelAt(kTicketStatuses, answered >= now        ? 0
                                           : resolved >= now      ? 1
                                           : random.PerMille(850) ? 3
                                                                  : 2);
  return ticket;
}

// Asked a day after every second ticket was resolved; the others come from the yearly round.
SurveyResponse Generator::SurveyAt(int64_t s) const {
  Random random(seed_, Stream::kSurvey, static_cast<uint64_t>(s));
  SurveyResponse response;
  response.index = s;
  const auto jitter = static_cast<uint32_t>(random.Below(1024));
  const Ticket ticket = TicketAt(s * 2);
  const Moment now{int64_t{ReferenceDate().days} * 86'400};
  int64_t mood = 7;
  if (s % 3 != 2 && ticket.resolved_at.known() && ticket.resolved_at.seconds + 86'400 < now.seconds) {
    response.ticket = ticket.index;
    response.relation = ticket.relation;
    response.person = ticket.person;
    response.at = Moment{ticket.resolved_at.seconds + 86'400};
    const int64_t days = (ticket.resolved_at.seconds - ticket.opened_at.seconds) / 86'400;
    mood = ticket.kind.text == "complaint" ? 6 - std::min<int64_t>(days / 2, 4) : 8;
  } else {
    response.at = season_.At(static_cast<uint64_t>(s), static_cast<uint64_t>(surveys()), jitter);
    response.relation = DrawBuyer(random, response.at.date());
    response.person = DrawPerson(random, response.relation);
    mood = TraitsOf(response.relation).fading ? 4 : 8;
  }
  response.nps = static_cast<int32_t>(std::clamp<int64_t>(mood + random.Gauss() * 2 / 65'536, 0, 10));
  response.csat = std::clamp(1 + response.nps * 4 / 10, 1, 5);
  const std::string_view language = WrittenLanguage(response.relation);
  if (random.PerMille(400)) {
    if (response.nps >= 8) response.comment = In(language, Draw(GoodComments(), random));
    if (response.nps <= 5) response.comment = In(language, Draw(BadComments(), random));
  }
  return response;
}

Task Generator::TaskAt(int64_t t) const {
  Random random(seed_, Stream::kTask, static_cast<uint64_t>(t));
  Task task;
  task.index = t;
  const auto jitter = static_cast<uint32_t>(random.Below(1024));
  const Date made = season_.At(static_cast<uint64_t>(t), static_cast<uint64_t>(tasks()), jitter).date();
  task.relation = DrawContact(random, made);
  task.user = TraitsOf(task.relation).account_manager;
  task.title = Draw(TaskTexts(), random).dutch;
  task.due_on = made + random.Between(1, 30);
  const Date done = task.due_on + random.Between(-10, 12);
  if (done < ReferenceDate() && random.PerMille(900)) task.done_on = std::max(done, made);
  return task;
}

}  // namespace sample_company
