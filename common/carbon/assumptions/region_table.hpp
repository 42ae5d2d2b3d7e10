#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/pue.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// Emissions per kWh of the electricity of a cloud provider's region, a state or a subregion of the grid: an average
/// over one year; and the PUE of the provider's data centres there, where it is known.
struct RegionIntensity {
    std::string provider;  ///< "gcp"
    std::string region;    ///< "europe-west1"
    std::string location;  ///< "Belgium"
    std::string iso3;
    int year{};
    GramsPerKilowattHour intensity;
    std::string basis;   ///< "lifecycle" or "direct"
    std::string source;  ///< id of the source: "gcp-rci"
    std::optional<Pue> pue;
    std::string pue_source;  ///< empty without a PUE
};

/// Which of a region's rows is meant. Without a year: the latest. Without a basis: lifecycle, or direct where the
/// region has no lifecycle row at all (or none of that year).
struct RegionChoice {
    std::optional<int> year{};
    std::optional<std::string> basis{};
};

/// The regions of record. What a region lacks is an error that names it, never 0 g.
class RegionTable {
public:
    /// CSV with a heading; columns provider, region, location, iso3, year, gco2e_per_kwh, basis, source, pue and
    /// pue_source, the last two empty where no PUE is known; others are passed over. `where` names the text in
    /// errors. Throws DataError with the line.
    [[nodiscard]] static RegionTable parse_csv(std::string_view text, const std::string& where);

    /// By "provider:region", in upper or lower case. A row without a PUE gets that of the region's latest row with
    /// one: a PUE doesn't depend on what the intensity counts. Throws SpecError: an unknown region with the nearest
    /// names, or a known one without such a row, with what there is.
    [[nodiscard]] RegionIntensity find(std::string_view id, const RegionChoice& choice = {}) const;

    /// What `find` gives for each region of a provider, in ascending order. Throws SpecError for an unknown provider
    /// (lists the known ones).
    [[nodiscard]] std::vector<RegionIntensity> of_provider(std::string_view provider) const;

private:
    [[nodiscard]] std::string nearest(std::string_view id) const;

    std::vector<RegionIntensity> rows_;
};

/// "gcp:europe-west1".
[[nodiscard]] std::string id_of(const RegionIntensity& region);

/// `pue` and `pue_source` are null where no PUE is known.
[[nodiscard]] nlohmann::ordered_json to_json(const RegionIntensity& region);

}  // namespace fedgram::carbon
