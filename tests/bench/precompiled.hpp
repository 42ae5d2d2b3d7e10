#pragma once

// What most of these programs include.
#include <CLI/CLI.hpp>

#include "common/precompiled/json.hpp"
