#include "common/energy/logs/form_of.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "common/energy/logs/csv_table.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::power_logs {

namespace {

using Lines = std::vector<LogLine>;

bool has_all(const std::vector<std::string>& columns, std::initializer_list<std::string_view> wanted)
{
    return std::ranges::all_of(
        wanted, [&](std::string_view name) { return std::ranges::find(columns, name) != columns.end(); });
}

/// Rows of zeus_monitor: a date, and a whole number of milliwatts. Others call their columns so, too.
bool is_zeus_power(const Lines& lines, const std::vector<std::string>& columns)
{
    if (columns.size() < 2 || columns[0] != "Time" || columns[1] != "Power" || lines.size() < 2) return false;
    const auto fields = text::csv_fields(lines[1].text);
    const auto time = read_time(fields[0]);
    return time && time->kind == TimeKind::local && fields.size() == columns.size() && fields[1].size() > 3 &&
           fields[1].find_first_not_of("0123456789") == std::string::npos;
}

std::optional<LogForm> form_of_heading(const Lines& lines, const PowerLogOptions& options)
{
    const auto columns = heading_names(lines.front().text);
    const auto is_power_draw = [](const std::string& column) { return column.starts_with("power.draw"); };
    if (std::ranges::any_of(columns, is_power_draw) || std::ranges::any_of(options.columns, is_power_draw))
        return LogForm::nvidia_smi;
    if (has_all(columns, {"timestamp", "duration", "emissions"})) return LogForm::codecarbon;
    if (has_all(columns, {"start_time", "window_name", "elapsed_time"})) return LogForm::zeus_windows;
    if (is_zeus_power(lines, columns)) return LogForm::zeus_power;
    return std::nullopt;
}

bool is_dmon_heading(const LogLine& line)
{
    return line.text.starts_with('#') && line.text.find(" gpu ") != std::string_view::npos;
}

bool is_tegrastats(const LogLine& line)
{
    return line.text.find("RAM ") != std::string_view::npos && line.text.find("MB (lfb") != std::string_view::npos;
}

bool is_turbostat_heading(const LogLine& line, const PowerLogOptions& options)
{
    const auto fields = words(line.text);
    return std::ranges::any_of(fields, [&](std::string_view field) {
        return field == "PkgWatt" || field == "Pkg_J" || (field == options.watts_column && field.ends_with("Watt"));
    });
}

bool is_perf(const LogLine& line)
{
    return line.text.find("Joules") != std::string_view::npos && line.text.find("energy-") != std::string_view::npos;
}

/// "2024/05/01 12:34:56.789, ...": nvidia-smi's timestamp.
bool is_nvidia_row(const LogLine& line)
{
    const auto field = line.text.substr(0, line.text.find(','));
    const auto time = read_time(field);
    return time && time->kind == TimeKind::local && field.size() > 4 && field[4] == '/';
}

}  // namespace

LogForm form_of(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    if (!options.time_column.empty()) return LogForm::csv;
    if (const auto form = form_of_heading(lines, options)) return *form;
    for (const auto& line : lines) {
        if (is_dmon_heading(line)) return LogForm::nvidia_dmon;
        if (is_tegrastats(line)) return LogForm::tegrastats;
        if (is_turbostat_heading(line, options)) return LogForm::turbostat;
        if (is_perf(line)) return LogForm::perf_stat;
    }
    if (is_nvidia_row(lines.front())) return LogForm::nvidia_smi;
    throw DataError{std::string{where} +
                    ": is no log of nvidia-smi, tegrastats, CodeCarbon, Zeus, turbostat or perf stat; name a CSV's "
                    "columns of time and of watts or joules; its first line is " +
                    in_quotes(lines.front().text)};
}

}  // namespace fedgram::power_logs
