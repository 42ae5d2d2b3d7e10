#include <algorithm>
#include <optional>

#include "common/energy/logs/csv_table.hpp"
#include "common/energy/logs/device_choice.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/labelled_intervals.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/error/error.hpp"

namespace fedgram::power_logs {

namespace {

/// "0" of "gpu0_energy"; empty for any other column.
std::string gpu_of(std::string_view column)
{
    constexpr std::string_view prefix = "gpu";
    constexpr std::string_view suffix = "_energy";
    if (!column.starts_with(prefix) || !column.ends_with(suffix) || column.size() <= prefix.size() + suffix.size())
        return "";
    column.remove_prefix(prefix.size());
    column.remove_suffix(suffix.size());
    return column.find_first_not_of("0123456789") == std::string_view::npos ? std::string{column} : "";
}

/// The column of the GPU that is read.
std::size_t energy_column(const CsvTable& table, DeviceChoice& devices)
{
    std::optional<std::size_t> taken;
    for (std::size_t i = 0; i < table.columns().size(); ++i)
        if (const auto gpu = gpu_of(table.columns()[i]); !gpu.empty() && devices.takes({gpu, "gpu" + gpu})) taken = i;
    static_cast<void>(devices.chosen());
    if (!taken) throw SpecError{"the log of Zeus has no column such as gpu0_energy"};
    return *taken;
}

}  // namespace

PowerLog read_zeus_windows(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::zeus_windows;
    log.draw = Draw::averaged;
    const CsvTable table{lines};
    DeviceChoice devices{options.device};
    const auto energy = energy_column(table, devices);
    log.device = devices.chosen();
    log.source = table.columns()[energy];

    LogClock clock{options.utc_offset};
    std::vector<LabelledInterval> windows;
    std::size_t empty = 0;
    const auto start = table.at("start_time");
    const auto elapsed = table.at("elapsed_time");
    const auto window = table.at("window_name");
    table.take_rows(log.notes, [&](const LogLine& line, const CsvFields& fields) {
        const auto begin = clock.read(line, "start_time", fields[start]);
        const LogTime length{not_negative_in(line, "elapsed_time", fields[elapsed])};
        table.refuse_cut(line, energy);
        const Joules joules{not_negative_in(line, log.source, fields[energy])};
        windows.push_back({line, {begin, begin + length, joules}, {fields[window]}});
        if (joules == Joules{}) ++empty;
    });
    log.absolute_time = clock.absolute();
    clock.add_notes(log.notes);
    if (empty > 0)
        log.notes.push_back(std::to_string(empty) +
                            " windows have 0 J, as Zeus writes for those shorter than the step of the GPU's counter");
    LogBuilder builder;
    // Times are exact; a double of Unix seconds rounds to less than this.
    add_labelled(std::move(windows), options.label, LogTime{1e-5}, builder);
    builder.finish(log, where);
    return log;
}

PowerLog read_zeus_power(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::zeus_power;
    log.source = "Power";
    log.notes.emplace_back(
        "Power is NVML's power usage: a mean over 1 s on Ampere and newer, but momentary on older GPUs and on GA100");
    const CsvTable table{lines};
    // The program prints std::chrono::system_clock, which is UTC.
    LogClock clock{options.utc_offset.value_or(std::chrono::minutes{})};
    LogBuilder builder;
    const auto time = table.at("Time");
    const auto power = table.at("Power");
    table.take_rows(log.notes, [&](const LogLine& line, const CsvFields& fields) {
        const auto at = clock.read(line, "Time", fields[time]);
        table.refuse_cut(line, power);
        const auto milliwatts = number_in(line, "Power", fields[power]);
        builder.add_sample(line, at, plausible(line, "Power", Watts{milliwatts * 1e-3}));
    });
    log.absolute_time = clock.absolute();
    builder.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
