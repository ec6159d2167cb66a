// Defines Child, a process of its own for a test: this same test binary, started anew, playing a named role.
// A plain fork would not do, since a forked child must not use what its parent has open.
//
//   KV_ROLE(HoldSnapshot) {                        // in the child; `parent` is the wire
//     … parent.Tell("ready"); parent.Hear(); return 0;
//   }
//   Child child("HoldSnapshot", path);             // in the test
//   ASSERT_EQ(child.Hear(), "ready");
//   child.Kill();
#ifndef RELATA_TESTS_KV_CHILD_H_
#define RELATA_TESTS_KV_CHILD_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/check.h"

namespace relata::kv {

// Lines, to and from another process.
class Wire {
 public:
  Wire(int in, int out) : in_(in), out_(out) {}

  void Tell(std::string_view line) const {
    const std::string text = std::string(line) + "\n";
    RELATA_CHECK(write(out_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }

  // The next line, without its end; empty when the other side has gone.
  std::string Hear() const {
    std::string line;
    char letter;
    while (read(in_, &letter, 1) == 1 && letter != '\n') line += letter;
    return line;
  }

 private:
  int in_;
  int out_;
};

using Role = std::function<int(const std::string& path, Wire parent)>;

inline std::map<std::string, Role>& Roles() {
  static std::map<std::string, Role> roles;
  return roles;
}

// Runs the role the process was started for, before any test, and ends the process.
class RoleStage : public testing::Environment {
 public:
  void SetUp() override {
    const char* role = std::getenv("RELATA_KV_ROLE");
    if (role != nullptr) _exit(Roles().at(role)(std::getenv("RELATA_KV_PATH"), Wire(3, 4)));
  }
};

inline bool AddRole(const std::string& name, Role role) {
  if (Roles().empty()) testing::AddGlobalTestEnvironment(new RoleStage);
  Roles()[name] = std::move(role);
  return true;
}

#define KV_ROLE(name)                                                             \
  static int Role##name(const std::string& path, ::relata::kv::Wire parent);      \
  static const bool role_added_##name = ::relata::kv::AddRole(#name, Role##name); \
  static int Role##name([[maybe_unused]] const std::string& path, [[maybe_unused]] ::relata::kv::Wire parent)

class Child {
 public:
  Child(const std::string& role, const std::string& path) {
    int down[2], up[2];
    RELATA_CHECK(pipe2(down, O_CLOEXEC) == 0 && pipe2(up, O_CLOEXEC) == 0);
    const std::string role_variable = "RELATA_KV_ROLE=" + role, path_variable = "RELATA_KV_PATH=" + path;
    const char* const arguments[] = {"kv_test", nullptr};
    const char* const environment[] = {role_variable.c_str(), path_variable.c_str(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // First out of the way, then to 3 and 4, so that neither lands on the other.
    posix_spawn_file_actions_adddup2(&actions, down[0], 1000);
    posix_spawn_file_actions_adddup2(&actions, up[1], 1001);
    posix_spawn_file_actions_adddup2(&actions, 1000, 3);
    posix_spawn_file_actions_adddup2(&actions, 1001, 4);
    posix_spawn_file_actions_addclose(&actions, 1000);
    posix_spawn_file_actions_addclose(&actions, 1001);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr,
                                  const_cast<char* const*>(arguments), const_cast<char* const*>(environment));
    RELATA_CHECK(error == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(down[0]);
    close(up[1]);
    to_ = down[1];
    from_ = up[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ != 0) Kill();
    close(to_);
    close(from_);
  }

  void Tell(std::string_view line) const { Wire(from_, to_).Tell(line); }
  std::string Hear() const { return Wire(from_, to_).Hear(); }

  // What the role returned; -1 if it died of a signal.
  int Wait() {
    int status = 0;
    RELATA_CHECK(waitpid(pid_, &status, 0) == pid_);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  void Kill() {
    kill(pid_, SIGKILL);
    Wait();
  }

 private:
  pid_t pid_ = 0;
  int to_ = -1;
  int from_ = -1;
};

}  // namespace relata::kv

#endif  // RELATA_TESTS_KV_CHILD_H_
