// This file matches files to what a mapping says of them, and sorts them.
#include "src/exchange/import_plan.h"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

#include "relata/base/strings.h"

namespace relata::exchange {
namespace {

namespace fs = std::filesystem;

bool Matches(const FileSpec& spec, const std::string& name) {
  return std::any_of(spec.patterns.begin(), spec.patterns.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

std::string Patterns(const FileSpec& spec) {
  std::string list;
  for (const std::string& pattern : spec.patterns) StrAppend(&list, list.empty() ? "" : " or ", pattern);
  return list;
}

const FileSpec* SpecOf(const Mapping& mapping, const std::string& name) {
  for (const FileSpec& spec : mapping.files) {
    if (Matches(spec, name)) return &spec;
  }
  return nullptr;
}

Status Unknown(const Mapping& mapping, const std::string& path) {
  std::string known;
  for (const FileSpec& spec : mapping.files) StrAppend(&known, known.empty() ? "" : ", ", Patterns(spec));
  return absl::InvalidArgumentError(
      StrCat(path, ": the mapping ", mapping.name, " knows no file of this name; it knows ", known));
}

void AddNeeds(const Mapping& mapping, const ValueSpec& value, std::vector<const FileSpec*>* needs) {
  if (value.kind == ValueSpec::Kind::kReference && !value.key.empty()) {
    needs->push_back(FindRecord(mapping, value.target).file);
  }
  for (const ValueSpec& part : value.parts) AddNeeds(mapping, part, needs);
}

std::vector<const FileSpec*> NeedsOf(const Mapping& mapping, const FileSpec& spec) {
  std::vector<const FileSpec*> needs;
  for (const RecordSpec& record : spec.records) {
    if (record.update_only) needs.push_back(FindRecord(mapping, record.name).file);
    if (record.same_as) AddNeeds(mapping, *record.same_as, &needs);
    for (const auto& [name, value] : record.fields) AddNeeds(mapping, value, &needs);
  }
  std::erase(needs, &spec);
  return needs;
}

// Depth first: what a file needs, then the file.
class Order {
 public:
  explicit Order(const Mapping& mapping) : mapping_(mapping) {}

  StatusOr<std::vector<const FileSpec*>> Make() {
    for (const FileSpec& spec : mapping_.files) RELATA_RETURN_IF_ERROR(Visit(spec));
    return done_;
  }

 private:
  Status Visit(const FileSpec& spec) {
    if (std::find(done_.begin(), done_.end(), &spec) != done_.end()) return absl::OkStatus();
    const auto ring = std::find(open_.begin(), open_.end(), &spec);
    if (ring != open_.end()) {
      std::string names;
      for (auto at = ring; at != open_.end(); ++at) StrAppend(&names, Patterns(**at), " -> ");
      return absl::InvalidArgumentError(
          StrCat(mapping_.name, ": these files refer to each other in a ring: ", names, Patterns(spec),
                 "; let one of them add to its records in an entry of its own, with \"mode\": \"update\""));
    }
    open_.push_back(&spec);
    for (const FileSpec* need : NeedsOf(mapping_, spec)) RELATA_RETURN_IF_ERROR(Visit(*need));
    open_.pop_back();
    done_.push_back(&spec);
    return absl::OkStatus();
  }

  const Mapping& mapping_;
  std::vector<const FileSpec*> open_;
  std::vector<const FileSpec*> done_;
};

Status AddFolder(const Mapping& mapping, const std::string& path, ImportPlan* plan) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  if (error) return absl::UnavailableError(StrCat(path, ": cannot be listed: ", error.message()));
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (const FileSpec* spec = SpecOf(mapping, file.filename())) {
      plan->files.push_back({.path = file, .spec = spec});
    } else {
      plan->passed_over.push_back(file);
    }
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<ImportPlan> PlanImport(const Mapping& mapping, const std::vector<std::string>& paths) {
  ImportPlan plan;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      if (mapping.files.size() != 1) {
        return absl::InvalidArgumentError(
            "standard input can be imported with a mapping of one file only; give the file by its name");
      }
      plan.files.push_back({.path = path, .spec = &mapping.files.front()});
    } else if (!fs::exists(path, error)) {
      return absl::NotFoundError(StrCat(path, ": there is no such file"));
    } else if (fs::is_directory(path, error)) {
      RELATA_RETURN_IF_ERROR(AddFolder(mapping, path, &plan));
    } else {
      const FileSpec* spec = SpecOf(mapping, fs::path(path).filename());
      if (spec == nullptr) return Unknown(mapping, path);
      plan.files.push_back({.path = path, .spec = spec});
    }
  }
  for (PlannedFile& file : plan.files) {
    std::error_code error;
    const uintmax_t bytes = fs::file_size(file.path, error);
    file.bytes = error ? 0 : bytes;
  }
  RELATA_ASSIGN_OR_RETURN(const std::vector<const FileSpec*> order, Order(mapping).Make());
  const auto rank = [&](const PlannedFile& file) {
    return std::find(order.begin(), order.end(), file.spec) - order.begin();
  };
  std::stable_sort(plan.files.begin(), plan.files.end(),
                   [&](const PlannedFile& a, const PlannedFile& b) { return rank(a) < rank(b); });
  for (const FileSpec& spec : mapping.files) {
    const bool given = std::any_of(plan.files.begin(), plan.files.end(),
                                   [&](const PlannedFile& file) { return file.spec == &spec; });
    if (!given) plan.absent.push_back(Patterns(spec));
  }
  if (plan.files.empty()) {
    return absl::InvalidArgumentError(StrCat("none of the files given is one that ", mapping.name, " knows"));
  }
  return plan;
}

}  // namespace relata::exchange
