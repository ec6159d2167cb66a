// The second unit of the test that headers_main.cc describes.
#include "everything.h"

const char* NameOfOtherUnit() { return __FILE__; }
