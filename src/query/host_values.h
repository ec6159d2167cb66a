// Defines HostValues, which makes values for hosts of many data of one type.
//
//   const HostValues values(type);
//   RELATA_ASSIGN_OR_RETURN(Value value, values.Of(datum));        // as ToValue (datum.h), of one
//
// Thread safety: const calls from any thread.
#ifndef RELATA_QUERY_HOST_VALUES_H_
#define RELATA_QUERY_HOST_VALUES_H_

#include "relata/base/status.h"
#include "relata/schema/field.h"
#include "relata/schema/value.h"
#include "src/expr/program.h"

namespace relata::query {

class HostValues {
 public:
  explicit HostValues(const expr::Type& type);
  // Lengths become metres, intervals durations, labels their names. DataLoss for bits that stand for nothing.
  StatusOr<Value> Of(const expr::Datum& datum) const;

 private:
  Field field_;  // whose stored form is that of the type
};

}  // namespace relata::query

#endif  // RELATA_QUERY_HOST_VALUES_H_
