#include "experiments/calibration/log_option_use.hpp"

#include <algorithm>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::experiments {

using power_logs::LogForm;

void refuse_idle_log_options(const power_logs::PowerLogOptions& options, const std::vector<LogForm>& forms)
{
    const auto check = [&](bool given, const std::string& option, const std::vector<LogForm>& takers,
                           const std::string& names) {
        const auto takes = [&](LogForm form) { return std::ranges::find(takers, form) != takers.end(); };
        if (given && std::ranges::none_of(forms, takes))
            throw SpecError{option + ": no log here has a use for it; leave it out, it is for " + names};
    };
    // As the readers in common/energy/logs take them.
    check(!options.device.empty(), "--gpu",
          {LogForm::nvidia_smi, LogForm::nvidia_dmon, LogForm::zeus_windows, LogForm::perf_stat},
          "logs of nvidia-smi, Zeus' windows and perf stat");
    check(!options.label.empty(), "--label", {LogForm::codecarbon, LogForm::zeus_windows},
          "logs of CodeCarbon and Zeus' windows");
    check(!options.columns.empty(), "--columns", {LogForm::nvidia_smi}, "logs of nvidia-smi");
    check(!options.watts_column.empty(), "--watts-column", {LogForm::csv, LogForm::nvidia_smi, LogForm::turbostat},
          "logs of nvidia-smi and turbostat, and for any CSV beside --time-column");
    check(!options.joules_column.empty(), "--joules-column", {LogForm::csv, LogForm::codecarbon, LogForm::perf_stat},
          "logs of CodeCarbon and perf stat, and for any CSV beside --time-column");
    check(options.utc_offset.has_value(), "--utc-offset",
          {LogForm::nvidia_smi, LogForm::nvidia_dmon, LogForm::tegrastats, LogForm::codecarbon, LogForm::zeus_windows,
           LogForm::zeus_power, LogForm::turbostat, LogForm::csv},
          "logs whose lines bear a time of day");
    check(options.interval.has_value(), "--interval",
          {LogForm::nvidia_smi, LogForm::nvidia_dmon, LogForm::tegrastats, LogForm::turbostat, LogForm::perf_stat,
           LogForm::csv},
          "logs of nvidia-smi, tegrastats, turbostat and perf stat, and for any CSV");
}

}  // namespace fedgram::experiments
