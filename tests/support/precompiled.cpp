// A target has a precompiled header only with a source that uses it.
#include "tests/support/precompiled.hpp"
