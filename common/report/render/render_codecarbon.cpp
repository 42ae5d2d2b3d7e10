#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/report/render/render.hpp"
#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::report {

namespace {

// The columns of CodeCarbon 3.3's emissions.csv, in its order.
constexpr std::array<std::string_view, 38> columns{"timestamp",
                                                   "project_name",
                                                   "run_id",
                                                   "experiment_id",
                                                   "duration",
                                                   "emissions",
                                                   "emissions_rate",
                                                   "cpu_power",
                                                   "gpu_power",
                                                   "ram_power",
                                                   "cpu_energy",
                                                   "gpu_energy",
                                                   "ram_energy",
                                                   "energy_consumed",
                                                   "water_consumed",
                                                   "country_name",
                                                   "country_iso_code",
                                                   "region",
                                                   "cloud_provider",
                                                   "cloud_region",
                                                   "os",
                                                   "python_version",
                                                   "codecarbon_version",
                                                   "cpu_count",
                                                   "cpu_model",
                                                   "gpu_count",
                                                   "gpu_model",
                                                   "longitude",
                                                   "latitude",
                                                   "ram_total_size",
                                                   "tracking_mode",
                                                   "cpu_utilization_percent",
                                                   "gpu_utilization_percent",
                                                   "ram_utilization_percent",
                                                   "ram_used_gb",
                                                   "on_cloud",
                                                   "pue",
                                                   "wue"};

using Time = std::optional<std::chrono::sys_seconds>;

// CodeCarbon writes local time and no zone: "2020-09-14T06:00:00". Beside its own rows a zone would leave pandas with a
// column of texts.
std::string timestamp(std::chrono::sys_seconds time)
{
    auto text = text::utc_text(time);
    text.pop_back();  // the Z
    return text;
}

// What a row has; every other column stays empty: unknown is not zero.
std::vector<std::pair<std::string_view, std::string>> values(const Table& table, const Cell& cell, Time ended)
{
    const auto& column = table.columns[cell.column];
    const auto grid = table.place(cell, 0);
    const auto seconds = column.phases.virtual_time.count();
    const auto kilograms = cell.emissions.operational().count() / 1000;
    std::vector<std::pair<std::string_view, std::string>> row{
        {"project_name", table.name},
        {"run_id", column.heading},
        {"experiment_id", table.outcome(column).label},
        {"duration", text::shortest(seconds)},
        {"emissions", text::shortest(kilograms)},
        {"energy_consumed", text::shortest(kilowatt_hours(column.energy.operational()))},
        {"tracking_mode", column.measured ? "fedgram: measured" : "fedgram: modelled"},
        {"pue", column.pue ? text::shortest(column.pue->ratio()) : "1"}};
    // Several places have no one country; a site's name is its region's.
    if (column.places.size() == 1) row.emplace_back("country_iso_code", grid.iso3);
    if (column.places.size() == 1 && !column.site) row.emplace_back("country_name", grid.name);
    if (column.site) {
        const auto& site = table.accounting.datacenter_sites[*column.site];
        row.emplace_back("cloud_provider", site.provider);
        row.emplace_back("cloud_region", site.region);
        row.emplace_back("on_cloud", "Y");
    }
    if (ended) row.emplace_back("timestamp", timestamp(*ended));
    if (seconds > 0) row.emplace_back("emissions_rate", text::shortest(kilograms / seconds));
    if (column.pue) {
        const bool measured_elsewhere = column.measured && column.measured->reading.boundary != "board";
        if (!measured_elsewhere) row.emplace_back("gpu_energy", text::shortest(kilowatt_hours(column.energy.devices)));
        if (!measured_elsewhere) row.emplace_back("gpu_model", table.device_name(column));
    }
    return row;
}

}  // namespace

std::string render_codecarbon(const Table& table, Time ended)
{
    std::string out;
    for (const auto column : columns) out += (out.empty() ? "" : ",") + std::string{column};
    out += "\n";
    for (const auto& cell : table.cells) {
        const auto row = values(table, cell, ended);
        std::string line;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) line += ",";
            for (const auto& [name, value] : row)
                if (name == columns[i]) line += text::csv_field(value);
        }
        out += line + "\n";
    }
    return out;
}

}  // namespace fedgram::report
