#pragma once

#include <string>

#include "common/error/error.hpp"

namespace fedgram {

/// "WHAT: " and the system's words for the present `errno`.
[[nodiscard]] SystemError errno_error(const std::string& what);

}  // namespace fedgram
