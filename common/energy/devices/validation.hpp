#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::energy {

/// How far modelled values lie from measured ones, as factors of at least 1, whichever of the two is larger.
struct FactorSpread {
    double median = 1;
    double worst = 1;
};

/// What a profile was held against: measured rows that none of its figures was fitted to.
struct Validation {
    std::uint32_t rows{};
    FactorSpread seconds;
    FactorSpread watts;
    FactorSpread joules;
    std::string source;  ///< of the measurements
};

/// `path` is how errors name the object. Throws SpecError: unknown or missing keys, no rows, a factor below 1, a worst
/// one below the median.
[[nodiscard]] Validation parse_validation(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same.
[[nodiscard]] nlohmann::ordered_json to_json(const Validation& validation);

}  // namespace fedgram::energy
