#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

/// A file that a later Fedgram has written, in a form that this one doesn't know.
struct NewerFormat : DataError {
    using DataError::DataError;
};

/// The version under `key`, 1 where there is none. Throws NewerFormat for one above `known`: the file must not be
/// misread.
std::uint32_t check_format(spec::StrictObject& object, std::string_view key, std::uint32_t known);

}  // namespace fedgram::run
