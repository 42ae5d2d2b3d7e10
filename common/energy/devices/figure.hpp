#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

/// How a figure is known: read off a meter, solved for so that the model meets a measurement, stated by a source,
/// computed from stated figures, chosen here, or remembered without a check.
enum class EvidenceLevel { measured, fitted, published, derived, assumed, recalled };

inline constexpr std::array all_evidence_levels{EvidenceLevel::measured,  EvidenceLevel::fitted,
                                                EvidenceLevel::published, EvidenceLevel::derived,
                                                EvidenceLevel::assumed,   EvidenceLevel::recalled};

[[nodiscard]] std::string_view name(EvidenceLevel evidence);

/// A likely value, in the unit that names its key, with the band where one is known: low <= value <= high.
struct Figure {
    double value{};
    std::optional<double> low;
    std::optional<double> high;
    EvidenceLevel evidence = EvidenceLevel::assumed;
    std::string source;
};

/// `path` is how errors name the object. Throws SpecError: unknown or missing keys, a value out of `range`, no source,
/// a band that doesn't hold its value.
[[nodiscard]] Figure parse_figure(const nlohmann::ordered_json& json, const std::string& path,
                                  const spec::NumberRange& range);

/// As above, or a bare number: assumed, without a band, as the specification states it.
[[nodiscard]] Figure parse_stated_figure(const nlohmann::ordered_json& json, const std::string& path,
                                         const spec::NumberRange& range);

/// Parses back to the same figure.
[[nodiscard]] nlohmann::ordered_json to_json(const Figure& figure);

}  // namespace fedgram::energy
