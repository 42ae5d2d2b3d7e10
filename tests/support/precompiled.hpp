#pragma once

// What most tests include.
#include <catch2/catch.hpp>

#include "common/precompiled/json.hpp"
