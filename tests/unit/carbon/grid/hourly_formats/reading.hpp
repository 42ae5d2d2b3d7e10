#pragma once

#include <exception>
#include <string>
#include <vector>

#include "common/carbon/grid/hourly_formats/read_hourly.hpp"
#include "common/error/error.hpp"

namespace fedgram::carbon::test {

inline std::vector<double> grams_of(const HourlyReading& reading)
{
    std::vector<double> grams;
    for (const auto value : reading.made.hours.values()) grams.push_back(value.count());
    return grams;
}

/// What reading `text` throws of this kind; "no error" where nothing does.
template <class Kind = DataError>
std::string error_of(const std::string& text, const std::string& where, const HourlyFileOptions& options = {})
{
    try {
        static_cast<void>(read_hourly(text, where, options));
    } catch (const Kind& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace fedgram::carbon::test
