#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/grid/country_names.hpp"
#include "common/carbon/grid/hour_origins.hpp"
#include "common/carbon/grid/hourly_series.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::spec {
class StrictObject;
}

namespace fedgram::carbon {

/// A series by the hour, and where it isn't as it was measured.
struct NamedSeries {
    std::string name;  ///< "US-CAL-CISO"
    HourlySeries hours;
    HourOrigins origins{};

    /// The same from an hour on. Throws as HourlySeries::from does.
    [[nodiscard]] NamedSeries from(std::chrono::sys_seconds start) const;

    friend bool operator==(const NamedSeries&, const NamedSeries&) = default;
};

/// Emissions per kWh of the electricity in one place: a country's average over one year, or by the hour.
struct GridIntensity {
    std::string iso3;  ///< ISO 3166 alpha-3, or the code of a grid by the hour (see hourly_grid.hpp)
    std::string name;
    GramsPerKilowattHour intensity;  ///< by the hour: the plain mean, which is in no cell (see place_energy.hpp)
    int year{};
    std::string basis;   ///< "lifecycle" or "direct"
    std::string source;  ///< id of the source: "ember-2026"
    std::optional<NamedSeries> hourly{};

    friend bool operator==(const GridIntensity&, const GridIntensity&) = default;
};

/// Its source, and by the hour also what of its hours isn't as it was measured: "mine.csv, 3 h filled in".
[[nodiscard]] std::string source_text(const GridIntensity& grid);

/// Which of a country's rows is meant. Without a year: the latest up to `last_year`. Without a basis or a source: any.
struct GridChoice {
    std::optional<int> year{};
    std::optional<std::string> basis = "lifecycle";
    std::optional<std::string> source = "ember-2026";
    int last_year = 2024;  ///< the latest year that every large country has in full
};

/// The countries of record. What a country lacks is an error that names it, never 0 g.
class GridTable {
public:
    /// CSV with a heading; columns iso3, name, year, gco2e_per_kwh, basis and source, others are passed over.
    /// `where` names the text in errors; `names` are what its countries are called beside their own names. Throws
    /// DataError with the line.
    [[nodiscard]] static GridTable parse_csv(std::string_view text, const std::string& where, CountryNames names = {});

    /// By a row's own code or name, else by whatever the country is called, compared as text::folded_name does. Throws
    /// SpecError: an unknown country with the nearest names, or a known one without such a row, with the years that
    /// there are.
    [[nodiscard]] const GridIntensity& find(std::string_view country, const GridChoice& choice = {}) const;

    /// Whether it has any row of this country, named in the same ways.
    [[nodiscard]] bool knows(std::string_view country) const;

    [[nodiscard]] const std::vector<GridIntensity>& rows() const { return rows_; }

private:
    [[nodiscard]] std::vector<const GridIntensity*> rows_of(std::string_view country) const;
    [[nodiscard]] std::string unknown(std::string_view country) const;

    std::vector<GridIntensity> rows_;
    CountryNames names_;
};

/// The choice in a user's own file: any basis, any source and the latest year, since its owner chose them.
[[nodiscard]] GridChoice any_of_file();

/// The year of an object's key `year`. Throws SpecError.
[[nodiscard]] int parse_year(spec::StrictObject& object);

/// An object with iso3, name, gco2e_per_kwh, year, basis and source. `path` is how errors name it. Throws SpecError.
[[nodiscard]] GridIntensity parse_grid_intensity(const nlohmann::ordered_json& json, const std::string& path);
/// Of either kind.
[[nodiscard]] nlohmann::ordered_json to_json(const GridIntensity& grid);

}  // namespace fedgram::carbon
