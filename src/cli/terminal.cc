// Writes to the two streams, and draws the bar.
#include "src/cli/terminal.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "relata/base/strings.h"
#include "src/cli/table.h"

namespace relata::cli {

namespace {

int output_error = 0;  // the errno of the first write that failed

std::atomic<bool> cancelled{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

bool ColoursOn() {
  static const bool on = [] {
    const char* refused = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    return isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0') &&
           (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
  }();
  return on;
}

}  // namespace

std::string Styled(Style style, std::string_view text) {
  if (style == Style::kPlain || text.empty() || !ColoursOn()) return std::string(text);
  std::string_view code;
  switch (style) {
    case Style::kPlain:
      break;
    case Style::kBold:
      code = "1";
      break;
    case Style::kFaint:
      code = "2";
      break;
    case Style::kRed:
      code = "31";
      break;
    case Style::kGreen:
      code = "32";
      break;
  }
  return StrCat("\x1b[", code, "m", text, "\x1b[0m");
}

void Print(std::string_view text) {
  if (output_error != 0) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_error = errno;
}

void FlushOutput() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
}

bool SomebodyReads() { return output_error == 0; }

int CloseOutput(int code) {
  FlushOutput();
  if (output_error == 0 || output_error == EPIPE) return code;
  PrintError(StrCat("standard output cannot be written: ", std::strerror(output_error)));
  return kFailed;
}

void PrintError(std::string_view message) {
  const std::string line = StrCat("relata: ", message, "\n");
  (void)std::fflush(stdout);
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

void PrintError(const Status& status) { PrintError(ToStd(status.message())); }

void PrintNote(std::string_view note) {
  const std::string line = StrCat(note, "\n");
  (void)std::fflush(stdout);
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

const std::atomic<bool>* CancelOnSignal() {
  struct sigaction action {};
  action.sa_handler = [](int) { cancelled.store(true); };
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  (void)sigaction(SIGINT, &action, nullptr);
  (void)sigaction(SIGTERM, &action, nullptr);
  return &cancelled;
}

void WaitForSignal(double seconds) {
  sigset_t ours, before;
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGTERM);
  // From here on the signals come in ppoll alone, so that none falls between the look and the sleep.
  (void)pthread_sigmask(SIG_BLOCK, &ours, &before);
  if (!cancelled.load()) {
    const double whole = std::floor(seconds);
    const timespec most{.tv_sec = static_cast<time_t>(whole),
                        .tv_nsec = static_cast<long>((seconds - whole) * 1e9)};
    pollfd output{.fd = STDOUT_FILENO, .events = 0, .revents = 0};  // a pipe without readers is an error
    if (ppoll(&output, 1, &most, &before) > 0 && output_error == 0) output_error = EPIPE;
  }
  (void)pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Progress::Progress(std::string_view what) : what_(what), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) (void)std::fputs("\r\x1b[K", stderr);
}

void Progress::Update(std::string_view what, uint64_t done, uint64_t total) {
  const SteadyClock::time_point now = SteadyClock::now();
  if (now - last_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(2))) return;
  last_ = now;
  if (what.data() != what_.data()) what_ = what;
  const uint64_t percent = total == 0 ? 0 : std::min<uint64_t>(100, done * 100 / total);
  if (!terminal_) {
    PrintNote(total == 0 ? StrCat(what_, ": ", Grouped(done))
                         : StrCat(what_, ": ", percent, " % of ", Grouped(total)));
    return;
  }
  constexpr uint64_t kCells = 30;
  std::string line = StrCat("\r", what_, " ");
  if (total == 0) {
    StrAppend(&line, Grouped(done));
  } else {
    const uint64_t filled = percent * kCells / 100;
    for (uint64_t i = 0; i < kCells; ++i) line += i < filled ? "█" : "░";
    StrAppend(&line, " ", percent, " %");
  }
  line += "\x1b[K";
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
  (void)std::fflush(stderr);
  drawn_ = true;
}

}  // namespace relata::cli
