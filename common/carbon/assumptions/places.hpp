#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/accounting_lookup.hpp"
#include "common/carbon/grid/grid.hpp"

namespace fedgram::carbon {

/// Finds places by name: in a file of the user's first, where there is one, then by `lookup`.
class Places {
public:
    /// `grid_file` is the value of accounting.grid_file: a path, or null or nothing. `lookup` must outlive it. Throws
    /// SpecError that names the key.
    Places(const nlohmann::ordered_json* grid_file, const AccountingLookup& lookup);

    /// A country by name, a grid by the hour (is_hourly_grid), or an object that states an intensity. `path` is how
    /// errors name it. Throws SpecError.
    [[nodiscard]] GridIntensity parse(const nlohmann::ordered_json& json, const std::string& path) const;
    /// A place that was found before the file was there takes what the file has of it.
    void update(GridIntensity& place) const;

private:
    [[nodiscard]] GridIntensity find(const std::string& name) const;

    const AccountingLookup& lookup_;
    std::optional<GridTable> file_;
    std::string file_name_;
};

}  // namespace fedgram::carbon
