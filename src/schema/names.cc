// Decides which names entities and fields may have.
#include "src/schema/names.h"

namespace relata::schema {

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameLength || name[0] < 'a' || name[0] > 'z') return false;
  for (char c : name) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!fits) return false;
  }
  return true;
}

bool IsFieldName(std::string_view name) {
  if (name.size() > kMaxNameLength) return false;
  for (size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    if (!IsName(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return IsName(name);
}

}  // namespace relata::schema
