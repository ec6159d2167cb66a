// Defines CommandTest, the fixture of tests that run the relata command from outside in a folder of their
// own.
#ifndef RELATA_TESTS_CLI_COMMAND_H_
#define RELATA_TESTS_CLI_COMMAND_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace relata::cli {

struct Outcome {
  int code = -1;  // exit code; 128 and the signal's number where one ended it
  std::string out;
  std::string err;
};

// A program that runs, its output going to files.
class Running {
 public:
  Running(std::vector<std::string> arguments, const std::string& folder);
  void Signal(int number) const;
  // What it has written so far.
  std::string OutputSoFar() const;
  std::string ErrorSoFar() const;
  Outcome Wait();

 private:
  int process_ = -1;
  std::string out_;
  std::string err_;
};

class CommandTest : public testing::Test {
 protected:
  CommandTest();
  ~CommandTest() override;

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Store() const { return Path("crm.relata"); }
  void Write(const std::string& name, const std::string& content) const;

  // Runs `relata` with these arguments.
  Outcome Relata(std::vector<std::string> arguments) const;
  // The same, with --json: what it printed, read.
  nlohmann::json Json(std::vector<std::string> arguments, int code = 0) const;
  // A new store with three relations, a person and two orders.
  void MakeStore() const;

  std::string folder_;
};

}  // namespace relata::cli

#endif  // RELATA_TESTS_CLI_COMMAND_H_
