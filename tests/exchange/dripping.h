// Defines Dripping, a source of bytes that gives few at a time.
//
// Thread safety: one thread.
#ifndef RELATA_TESTS_EXCHANGE_DRIPPING_H_
#define RELATA_TESTS_EXCHANGE_DRIPPING_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "relata/base/status.h"
#include "src/exchange/byte_source.h"

namespace relata::exchange {

// Hands out the bytes in pieces of `step`, to cut characters wherever they can be cut.
class Dripping final : public ByteSource {
 public:
  Dripping(std::string bytes, size_t step) : ByteSource("drip"), bytes_(std::move(bytes)), step_(step) {}
  StatusOr<size_t> Read(char* out, size_t capacity) override {
    const size_t n = bytes_.copy(out, std::min(capacity, step_), done_);
    done_ += n;
    return n;
  }
  Progress progress() const override { return {done_, bytes_.size()}; }

 private:
  std::string bytes_;
  size_t step_;
  size_t done_ = 0;
};

}  // namespace relata::exchange

#endif  // RELATA_TESTS_EXCHANGE_DRIPPING_H_
