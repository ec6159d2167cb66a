// Defines Set<T>, the C++ type of a field that holds several values: labels (a described enum), texts, or
// references (Id<U>). Elements are kept sorted and once each.
//
//   Set<Role> roles{Role::kSupplier, Role::kPartner};
//   Set<std::string> tags{"fair-2026"};
#ifndef RELATA_SCHEMA_SET_H_
#define RELATA_SCHEMA_SET_H_

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

namespace relata {

// O(log n) to find, O(n) to insert or erase.
template <class T>
class Set {
 public:
  Set() = default;
  Set(std::initializer_list<T> values) : values_(values) { Sort(); }
  explicit Set(std::vector<T> values) : values_(std::move(values)) { Sort(); }

  void insert(T value) {
    auto at = std::lower_bound(values_.begin(), values_.end(), value);
    if (at == values_.end() || *at != value) values_.insert(at, std::move(value));
  }
  void erase(const T& value) {
    auto at = std::lower_bound(values_.begin(), values_.end(), value);
    if (at != values_.end() && *at == value) values_.erase(at);
  }
  bool contains(const T& value) const { return std::binary_search(values_.begin(), values_.end(), value); }
  bool empty() const { return values_.empty(); }
  size_t size() const { return values_.size(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  const std::vector<T>& values() const { return values_; }
  friend bool operator==(const Set&, const Set&) = default;

 private:
  void Sort() {
    std::sort(values_.begin(), values_.end());
    values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  }
  std::vector<T> values_;
};

// A set of labels is one word: bit n stands for the enumerator of value n, which must lie in 0..63.
template <class E>
requires std::is_enum_v<E>
class Set<E> {
 public:
  Set() = default;
  Set(std::initializer_list<E> values) {
    for (E value : values) insert(value);
  }
  static Set FromMask(uint64_t mask) {
    Set set;
    set.mask_ = mask;
    return set;
  }
  void insert(E value) { mask_ |= Bit(value); }
  void erase(E value) { mask_ &= ~Bit(value); }
  bool contains(E value) const { return (mask_ & Bit(value)) != 0; }
  bool empty() const { return mask_ == 0; }
  size_t size() const { return static_cast<size_t>(__builtin_popcountll(mask_)); }
  uint64_t mask() const { return mask_; }
  friend bool operator==(const Set&, const Set&) = default;

 private:
  static uint64_t Bit(E value) { return uint64_t{1} << (static_cast<uint64_t>(value) & 63); }
  uint64_t mask_ = 0;
};

}  // namespace relata

#endif  // RELATA_SCHEMA_SET_H_
