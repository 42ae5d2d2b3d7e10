#pragma once

#include <cstdint>
#include <string_view>

#include "common/run/damaged_file.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

/// The version under `key`, 1 where there is none. Throws NewerFormat for one above `known`: the file must not be
/// misread.
std::uint32_t check_format(spec::StrictObject& object, std::string_view key, std::uint32_t known);

}  // namespace fedgram::run
