#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/grid/grid.hpp"
#include "common/report/table/table.hpp"

namespace fedgram::report {

/// A grid as reports name it: country, name, year, basis, source, and either gco2e_per_kwh or hourly_start. By the hour
/// the former is null, since the plain mean of the hours is in no cell, and filled_hours, forecast_hours and
/// left_out_min say what isn't as it was measured; else the latter is null.
[[nodiscard]] nlohmann::ordered_json grid_json(const carbon::GridIntensity& grid);

/// Codes of the places in which the nodes are in turn, null for the row's country; empty when all are there.
[[nodiscard]] nlohmann::ordered_json node_places_json(const Table& table);

/// "aws:eu-west-3" for a column of a site, else null.
[[nodiscard]] nlohmann::ordered_json site_json(const Table& table, const Column& column);

}  // namespace fedgram::report
