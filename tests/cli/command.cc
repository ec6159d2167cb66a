// Runs programs, and makes the store that most tests of the command begin with.
#include "tests/cli/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "relata/base/clock.h"
#include "relata/crm/crm.h"
#include "relata/engine/database.h"

extern char** environ;

namespace relata::cli {

namespace {

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace

Running::Running(std::vector<std::string> arguments, const std::string& folder)
    : out_(folder + "/.out"), err_(folder + "/.err") {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  EXPECT_EQ(posix_spawn(&process_, argv[0], &files, nullptr, argv.data(), environ), 0) << argv[0];
  posix_spawn_file_actions_destroy(&files);
}

void Running::Signal(int number) const { EXPECT_EQ(kill(process_, number), 0); }

std::string Running::OutputSoFar() const { return Content(out_); }
std::string Running::ErrorSoFar() const { return Content(err_); }

Outcome Running::Wait() {
  int status = 0;
  EXPECT_EQ(waitpid(process_, &status, 0), process_);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), Content(out_), Content(err_)};
}

CommandTest::CommandTest() {
  const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
  folder_ = testing::TempDir() + "/" + info->test_suite_name() + "_" + info->name();
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
}

CommandTest::~CommandTest() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void CommandTest::Write(const std::string& name, const std::string& content) const {
  std::ofstream(Path(name), std::ios::binary) << content;
}

Outcome CommandTest::Relata(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), RELATA_COMMAND);
  return Running(std::move(arguments), folder_).Wait();
}

nlohmann::json CommandTest::Json(std::vector<std::string> arguments, int code) const {
  arguments.push_back("--json");
  const Outcome outcome = Relata(std::move(arguments));
  EXPECT_EQ(outcome.code, code) << outcome.err;
  return nlohmann::json::parse(outcome.out, nullptr, /*allow_exceptions=*/false);
}

void CommandTest::MakeStore() const {
  Options options;
  options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
  Database db = Database::Open(Store(), options).value();
  const Status made = db.Update([](Transaction& tx) -> Status {
    crm::Relation baker{.name = "Bakkerij Janssen"};
    baker.visiting.city = "Utrecht";
    baker.tags = {"fair-2026"};
    baker.credit_limit = Money::Eur(500);
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> bakery, tx.Insert(baker));
    crm::Relation cafe{.name = "Caf\u00e9 Jansen"};
    cafe.visiting.city = "Utrecht";
    cafe.roles = {crm::RelationRole::kSupplier};
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Relation> coffee, tx.Insert(cafe));
    crm::Relation second{.name = "Caf\u00e9 Smit"};
    second.visiting.city = "Delft";
    RELATA_RETURN_IF_ERROR(tx.Insert(second).status());
    RELATA_RETURN_IF_ERROR(
        tx.Insert(crm::Person{.relations = {bakery}, .first_name = "Anna", .last_name = "Berg"}).status());
    RELATA_ASSIGN_OR_RETURN(const Id<crm::Source> erp,
                            tx.Insert(crm::Source{.code = "erp", .name = "Exact"}));
    RELATA_RETURN_IF_ERROR(
        tx.Insert(
              crm::ExternalKey{.source = erp, .entity_type = "relation", .code = "10001", .record = bakery})
            .status());
    const Date may = Date::FromCivil(2026, 5, 1).value();
    RELATA_RETURN_IF_ERROR(
        tx.Insert(
              crm::Order{.number = "A1", .relation = bakery, .ordered_on = may, .total = Money::Eur(1'250)})
            .status());
    return tx
        .Insert(crm::Order{.number = "A2", .relation = coffee, .ordered_on = may, .total = Money::Eur(250)})
        .status();
  });
  ASSERT_TRUE(made.ok()) << made;
}

}  // namespace relata::cli
