#include <algorithm>
#include <map>

#include "common/energy/logs/device_choice.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"

namespace fedgram::power_logs {

namespace {

constexpr LogTime usual_interval{1};  // "nvidia-smi dmon -h", of -d
constexpr LogTime day = std::chrono::hours{24};

/// Reads the table of dmon, whose headings begin with '#' and come again and again.
class Rows {
public:
    explicit Rows(const PowerLogOptions& options)
        : interval_{options.interval}, devices_{options.device}, clock_{options.utc_offset}
    {
    }

    void take(const LogLine& line)
    {
        if (line.text.starts_with('#')) return take_heading(line);
        const auto fields = words(line.text);
        if (fields.size() != columns_.size())
            line.refuse("has " + std::to_string(fields.size()) + " fields, but there are " +
                        std::to_string(columns_.size()) + " columns");
        const std::string gpu{field(line, fields, "gpu")};
        const auto text = field(line, fields, "pwr");
        const auto power = text == "-" ? std::nullopt : std::optional{watts_in(line, "pwr", text)};
        const auto at = time_of(line, fields, gpu);
        if (devices_.takes({gpu})) builder_.add_sample(line, at, power);
    }

    void finish(PowerLog& log, std::string_view where)
    {
        log.source = "pwr";
        log.device = devices_.chosen();
        log.absolute_time = clock_.absolute();
        clock_.add_notes(log.notes);
        if (!lines_.empty() && !interval_)
            log.notes.emplace_back("its lines bear no time; they were taken to be 1 s apart, as dmon writes them");
        log.notes.emplace_back("pwr is what nvidia-smi calls power.draw: by the GPU, a mean over 1 s or momentary");
        builder_.finish(log, where);
    }

private:
    void take_heading(const LogLine& line)
    {
        const auto names = words(line.text.substr(1));
        if (std::ranges::find(names, "gpu") == names.end()) return;  // the units
        if (std::ranges::find(names, "pwr") == names.end()) line.refuse("has no pwr; dmon shows it by -s p");
        columns_ = {names.begin(), names.end()};
    }

    [[nodiscard]] bool has(std::string_view column) const
    {
        return std::ranges::find(columns_, column) != columns_.end();
    }

    [[nodiscard]] std::string_view field(const LogLine& line, const std::vector<std::string_view>& fields,
                                         std::string_view column) const
    {
        const auto found = std::ranges::find(columns_, column);
        if (found == columns_.end()) line.refuse("stands below no heading with " + std::string{column});
        return fields[static_cast<std::size_t>(found - columns_.begin())];
    }

    LogTime time_of(const LogLine& line, const std::vector<std::string_view>& fields, const std::string& gpu)
    {
        if (!has("Time")) return interval_.value_or(usual_interval) * static_cast<double>(lines_[gpu]++);
        const std::string time{field(line, fields, "Time")};
        if (has("Date")) {
            std::string date{field(line, fields, "Date")};
            if (date.size() == 8) date = date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6);
            return clock_.read(line, "Time", date + " " + time);
        }
        const auto of_day = read_time("1970-01-01 " + time);
        if (!of_day) line.refuse("Time: " + in_quotes(time) + " is no time of day");
        auto at = of_day->at + midnights_;
        // Without a date, only midnight takes half a day back.
        if (last_ && *last_ - at > day / 2) {
            midnights_ += day;
            at += day;
        }
        last_ = at;
        return at;
    }

    std::optional<LogTime> interval_;
    std::vector<std::string> columns_;
    DeviceChoice devices_;
    LogClock clock_;
    LogBuilder builder_;
    std::map<std::string, std::size_t> lines_;  ///< without a time, by GPU
    std::optional<LogTime> last_;
    LogTime midnights_{};
};

}  // namespace

PowerLog read_nvidia_dmon(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::nvidia_dmon;
    Rows rows{options};
    take_lines(lines, log.notes, [&](const LogLine& line) { rows.take(line); });
    rows.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
