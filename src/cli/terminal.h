// Defines how the command speaks: answers on standard output, everything else on standard error, exit codes,
// colours and progress.
//
//   Print(table.ToString());
//   Progress progress("checking rows");
//   progress.Update(done, total);
//
// Colours and progress bars appear on a terminal only; colours also not where NO_COLOR is set
// (https://no-color.org). A reader that goes away (`relata find … | head`) is no error.
// Thread safety: one thread, but for the flag of CancelOnSignal.
#ifndef RELATA_CLI_TERMINAL_H_
#define RELATA_CLI_TERMINAL_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "relata/base/status.h"

namespace relata::cli {

// What a script may rely on.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,         // nothing of use was done; standard error says why and what to do
  kUsage = 2,          // the command line itself is wrong
  kFindings = 3,       // done, and there is something to look at: rejected rows, findings of a check
  kInterrupted = 130,  // stopped by Ctrl-C or SIGTERM; the store is whole
};

enum class Style { kPlain, kBold, kFaint, kRed, kGreen };
// `text` in that style where standard output shows it, else as it is.
std::string Styled(Style style, std::string_view text);

// Writes to standard output. Failures are kept for CloseOutput.
void Print(std::string_view text);
// Hands on what was printed so far, for who reads along.
void FlushOutput();
// False once nobody reads standard output any more: whoever prints at length may stop.
bool SomebodyReads();
// Ends the output: `code`, or kFailed with a message where it could not be written.
int CloseOutput(int code);

// A line on standard error, behind the program's name.
void PrintError(std::string_view message);
void PrintError(const Status& status);
// A line on standard error that tells what is going on.
void PrintNote(std::string_view note);

// From now on Ctrl-C and SIGTERM set this flag; a second one ends the process as ever.
const std::atomic<bool>* CancelOnSignal();
// Sleeps so many seconds; shorter where that flag is set, or nobody reads standard output any more.
void WaitForSignal(double seconds);

// How far a long task is, on standard error: a bar on a terminal, redrawn at most ten times a second; lines
// elsewhere, at most one every two seconds. The bar is wiped at the end.
class Progress {
 public:
  explicit Progress(std::string_view what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: nobody knows. `what` replaces what is shown before the bar.
  void Update(uint64_t done, uint64_t total) { Update(what_, done, total); }
  void Update(std::string_view what, uint64_t done, uint64_t total);

 private:
  using SteadyClock = std::chrono::steady_clock;

  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  SteadyClock::time_point last_ = SteadyClock::now();
};

}  // namespace relata::cli

#endif  // RELATA_CLI_TERMINAL_H_
