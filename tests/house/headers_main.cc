// Includes every public header, as does headers_other.cc: what a header defines without `inline` would clash
// here.
#include "everything.h"

const char* NameOfOtherUnit();

int main() { return NameOfOtherUnit() == nullptr; }
