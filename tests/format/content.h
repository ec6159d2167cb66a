// Defines what a golden store holds, and how all of a store is told as text.
//
// Never change WriteGolden for a version that has its file: a new store format gets its own file, and the old
// ones are opened for ever.
#ifndef RELATA_TESTS_FORMAT_CONTENT_H_
#define RELATA_TESTS_FORMAT_CONTENT_H_

#include <string>

#include "relata/base/status.h"

namespace relata::store::test {

// Writes a store in the present format: rows of every type of value, before and after the schema changed,
// with indexes, history, a sequence and a deleted record.
Status WriteGolden(const std::string& path);

// Every live value of every record, the former values of fields with history, and every commit of the log,
// one a line.
StatusOr<std::string> TellAll(const std::string& path);

}  // namespace relata::store::test

#endif  // RELATA_TESTS_FORMAT_CONTENT_H_
