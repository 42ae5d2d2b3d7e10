#pragma once

#include <sstream>
#include <string>

namespace fedgram::test {

/// The lines of a ledger's text without those of work that was lost: what a seed repeats.
inline std::string completed_lines(const std::string& ledger)
{
    std::istringstream text{ledger};
    std::string completed;
    for (std::string line; std::getline(text, line);)
        if (line.find("\"wasted\":true") == std::string::npos) completed += line + "\n";
    return completed;
}

}  // namespace fedgram::test
