#pragma once

#include <sstream>
#include <string>

#include "common/error/error.hpp"

namespace fedgram {

/// Several mistakes of a specification, a line each.
struct SpecErrors : SpecError {
    using SpecError::SpecError;

    /// The same with "WHERE: " in front of each line.
    [[nodiscard]] SpecErrors each_with_context(const std::string& where) const
    {
        std::istringstream lines{what()};
        std::string text;
        for (std::string line; std::getline(lines, line);) text += (text.empty() ? "" : "\n") + where + ": " + line;
        return SpecErrors{text};
    }
};

}  // namespace fedgram
