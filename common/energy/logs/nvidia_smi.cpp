#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "common/energy/logs/csv_table.hpp"
#include "common/energy/logs/device_choice.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/energy/logs/nvidia_draw.hpp"
#include "common/error/error.hpp"

namespace fedgram::power_logs {

namespace {

/// What nvidia-smi shows a GPU's power under, in the order in which it is looked for.
constexpr std::array<std::string_view, 3> power_columns{"power.draw", "power.draw.average", "power.draw.instant"};

/// What tells GPUs apart, the most exact first; each also by its other name.
constexpr std::array<std::string_view, 9> device_columns{"index",  "uuid",       "gpu_uuid", "pci.bus_id", "gpu_bus_id",
                                                         "serial", "gpu_serial", "name",     "gpu_name"};

CsvTable table_of(const std::vector<LogLine>& lines, const PowerLogOptions& options)
{
    if (lines.front().text.find("power.draw") != std::string_view::npos) return CsvTable{lines};
    if (options.columns.empty())
        throw SpecError{"the log of nvidia-smi has no heading; name its columns, as --query-gpu was told them"};
    return CsvTable{lines, options.columns};
}

std::string_view power_column(const CsvTable& table, const PowerLogOptions& options)
{
    if (!options.watts_column.empty()) return options.watts_column;
    const auto found = std::ranges::find_if(power_columns, [&](auto column) { return table.find(column).has_value(); });
    return found == power_columns.end() ? power_columns.front() : *found;
}

/// "[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU is lost]", "N/A", "ERR!".
bool says_no_value(std::string_view field)
{
    return field.starts_with('[') || field.starts_with("N/A") || field.starts_with("ERR");
}

/// Rows of several GPUs stand within some milliseconds, and the next ones much later.
bool stands_in_groups(const std::vector<LogTime>& times)
{
    constexpr LogTime within_group{0.025};
    constexpr LogTime between_groups{0.1};
    std::vector<LogTime> apart;
    for (std::size_t i = 1; i < times.size(); ++i)
        if (times[i] - times[i - 1] >= within_group) apart.push_back(times[i] - times[i - 1]);
    const auto steps = times.size() - std::min<std::size_t>(times.size(), 1);
    // At least two GPUs, and no more than are in one machine.
    const bool grouped = apart.size() * 3 <= steps * 2 && apart.size() * 17 >= steps && steps > 3;
    return grouped && std::ranges::count_if(apart, [&](LogTime step) { return step >= between_groups; }) * 2 >
                          static_cast<std::ptrdiff_t>(apart.size());
}

std::pair<Draw, std::string> draw_of(std::string_view column, std::string_view product)
{
    if (column == "power.draw.average") return {Draw::averaged, "power.draw.average is a mean over 1 s"};
    if (column == "power.draw.instant") return {Draw::momentary, "power.draw.instant is the momentary power"};
    switch (draw_of_gpu(product)) {
        case Draw::averaged:
            return {Draw::averaged, "power.draw of " + std::string{product} + " is a mean over 1 s"};
        case Draw::momentary:
            return {Draw::momentary, "power.draw of " + std::string{product} + " is the momentary power"};
        case Draw::unknown:
            break;
    }
    return {Draw::unknown,
            "power.draw is a mean over 1 s on Ampere and newer, but the momentary power on older GPUs and on GA100 "
            "(A100, A30); the log doesn't tell which it is of"};
}

/// Reads row after row of the one GPU that is wanted.
class Rows {
public:
    Rows(const CsvTable& table, const PowerLogOptions& options)
        : column_{power_column(table, options)},
          power_{table.at(column_)},
          time_{table.find("timestamp")},
          product_{table.find("name")},
          interval_{options.interval},
          devices_{options.device},
          clock_{options.utc_offset},
          table_{table}
    {
        if (!product_) product_ = table.find("gpu_name");
        for (const auto column : device_columns)
            if (const auto found = table.find(column)) identities_.push_back(*found);
        if (!time_ && !interval_)
            throw SpecError{"the log of nvidia-smi has no column timestamp; give the interval of its lines"};
    }

    void take(const LogLine& line, const CsvFields& fields)
    {
        const auto power = power_of(line, fields[power_]);
        DeviceNames device;
        for (const auto column : identities_) device.push_back(fields[column]);
        auto& lines_of_device = lines_[device.empty() ? "" : device.front()];
        const auto at =
            time_ ? clock_.read(line, "timestamp", fields[*time_]) : *interval_ * static_cast<double>(lines_of_device);
        ++lines_of_device;
        if (!devices_.takes(device)) return;
        if (product_) shown_product_ = fields[*product_];
        if (identities_.empty()) times_.push_back(at);
        builder_.add_sample(line, at, power);
    }

    void finish(PowerLog& log, std::string_view where)
    {
        log.source = column_;
        log.device = devices_.chosen();
        if (stands_in_groups(times_))
            throw DataError{std::string{where} +
                            ": its lines come in groups, as those of several GPUs do, but no column tells which; log "
                            "index or uuid, too"};
        auto [draw, note] = draw_of(column_, shown_product_);
        log.draw = draw;
        log.notes.push_back(std::move(note));
        log.absolute_time = clock_.absolute();
        clock_.add_notes(log.notes);
        builder_.finish(log, where);
    }

private:
    [[nodiscard]] std::optional<Watts> power_of(const LogLine& line, std::string_view field) const
    {
        if (says_no_value(field)) return std::nullopt;
        if (field.ends_with('W'))
            field.remove_suffix(1);
        else
            table_.refuse_cut(line, power_);
        return watts_in(line, column_, trimmed(field));
    }

    std::string column_;
    std::size_t power_;
    std::optional<std::size_t> time_;
    std::optional<std::size_t> product_;
    std::optional<LogTime> interval_;
    std::vector<std::size_t> identities_;
    DeviceChoice devices_;
    LogClock clock_;
    const CsvTable& table_;
    LogBuilder builder_;
    std::string shown_product_;
    std::map<std::string, std::size_t> lines_;  ///< read so far, by device
    std::vector<LogTime> times_;                ///< where nothing tells GPUs apart
};

}  // namespace

PowerLog read_nvidia_smi(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::nvidia_smi;
    const auto table = table_of(lines, options);
    Rows rows{table, options};
    table.take_rows(log.notes, [&](const LogLine& line, const CsvFields& fields) { rows.take(line, fields); });
    rows.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
