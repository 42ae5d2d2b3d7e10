#include "experiments/commands/grid_hourly.hpp"

#include <chrono>
#include <cmath>
#include <iostream>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/best_start.hpp"
#include "common/carbon/grid/hourly_grid.hpp"
#include "common/error/error.hpp"
#include "common/report/table/ratio.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/utc_time.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

std::chrono::seconds duration_of(double hours)
{
    constexpr double seconds_per_hour = 3600;
    constexpr double longest_h = 8784;  // a leap year
    if (!(hours * seconds_per_hour >= 1 && hours <= longest_h))
        throw SpecError{"--duration: " + text::shortest(hours) +
                        " is not valid; use the hours that the training takes, up to 8784"};
    return std::chrono::seconds{std::llround(hours * seconds_per_hour)};
}

std::chrono::sys_seconds from_of(const std::string& text, const carbon::HourlySeries& series)
{
    if (text.empty()) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        return now >= series.begin() && now < series.end() ? now : series.begin();
    }
    const auto time = text::parse_utc(text);
    if (!time) throw SpecError{"--from: \"" + text + "\" is no time; write it in UTC, as 2020-09-14T06:00Z"};
    return *time;
}

ordered_json start_json(const carbon::Start& start)
{
    return {{"start_utc", text::utc_text(start.time)}, {"mean_gco2e_per_kwh", start.mean.count()}};
}

carbon::HourlyRecord record_of(const HourlyOptions& options)
{
    const auto keys = keys_of(options.choice);
    spec::StrictObject object{keys, ""};
    return hourly_record(options.series, carbon::parse_hourly_file_options(object));
}

/// Whom to credit for a series of record; of a file of the user's, the file.
std::string credit(const carbon::HourlyRecord& record)
{
    return grid_attribution(record.source).value_or(record.source);
}

void print(const HourlyOptions& options, const carbon::HourlyRecord& record, const carbon::BestStart& found)
{
    text::TextTable table{{"start", "UTC", "mean gCO2e/kWh", "against starting at once"}};
    const auto add = [&](const std::string& what, const carbon::Start& start) {
        const auto ratio = report::ratio(start.mean.count(), found.now.mean.count());
        const double change = (ratio.value_or(1) - 1) * 100;
        table.add({what, text::utc_text(start.time), text::fixed(start.mean.count(), 1),
                   ratio ? (change > 0 ? "+" : "") + text::fixed(change, 1) + " %" : "-"});
    };
    add("at once", found.now);
    add("best", found.best);
    add("worst", found.worst);
    const auto& [name, hours, origins] = record.series;
    const auto notes = origins_text(origins);
    std::cout << options.series << ", " << text::shortest(options.duration_h) << " h at constant power, "
              << found.compared << " starts within 24 h compared\n"
              << table.text() << "The best start saves " << text::fixed(found.saved() * 100, 1)
              << " % of the grams of CO2e.\n"
              << "series: " << record.basis << ", " << hours.values().size() << " h from "
              << text::utc_text(hours.begin()) << (notes.empty() ? "" : ", " + notes) << "\n"
              << "source: " << credit(record) << "\n";
}

}  // namespace

int grid_hourly(const HourlyOptions& options)
{
    const auto record = record_of(options);
    const auto& series = record.series.hours;
    const auto found = carbon::best_start(series, from_of(options.from, series), duration_of(options.duration_h));
    if (!options.json) {
        print(options, record, found);
        return 0;
    }
    ordered_json json{{"series", options.series},
                      {"duration_h", options.duration_h},
                      {"starts_compared", found.compared},
                      {"now", start_json(found.now)},
                      {"best", start_json(found.best)},
                      {"worst", start_json(found.worst)},
                      {"saved_percent", found.saved() * 100},
                      {"basis", record.basis},
                      {"source", record.source}};
    json.update(carbon::origins_json(record.series.origins));
    if (const auto attribution = grid_attribution(record.source)) json["attribution"] = *attribution;
    std::cout << json.dump(2) << "\n";
    return 0;
}

}  // namespace fedgram::experiments
