#include "experiments/commands/calibrate_log.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/logs/read_power_log.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/number_text.hpp"
#include "experiments/calibration/log_option_use.hpp"
#include "experiments/calibration/logged_work.hpp"
#include "experiments/calibration/profile_fit.hpp"
#include "experiments/calibration/stretch_of_log.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

power_logs::PowerLogOptions log_options(const CalibrateLogOptions& options)
{
    power_logs::PowerLogOptions stated;
    stated.device = options.gpu;
    stated.label = options.label;
    stated.columns = options.columns;
    stated.time_column = options.time_column;
    stated.watts_column = options.watts_column;
    stated.joules_column = options.joules_column;
    if (options.utc_offset_h) stated.utc_offset = std::chrono::minutes{std::lround(*options.utc_offset_h * 60)};
    if (options.interval_s) stated.interval = power_logs::LogTime{*options.interval_s};
    return stated;
}

std::string name_of(const std::filesystem::path& path) { return path.filename().string(); }

power_logs::PowerLog read_with_notes(const std::filesystem::path& path, const CalibrateLogOptions& options)
{
    auto log =
        with_context<SpecError>(name_of(path), [&] { return power_logs::read_power_log(path, log_options(options)); });
    for (const auto& note : log.notes) std::cerr << path.string() << ": " << note << "\n";
    return log;
}

/// Of a log without work, whose form joins `forms`.
std::optional<MeanPower> idle_power(const std::filesystem::path& path, const CalibrateLogOptions& options,
                                    std::vector<power_logs::LogForm>& forms)
{
    if (path.empty()) return std::nullopt;
    const auto log = read_with_notes(path, options);
    forms.push_back(log.form);
    return power_of(log, name_of(path));
}

LoggedWork work_of_log(const CalibrateLogOptions& options, std::size_t log)
{
    return options.works.empty() ? work_of_run(options.run, options.training) : work_of_file(options.works[log]);
}

void check(const CalibrateLogOptions& options)
{
    if (options.run.empty() == options.works.empty())
        throw SpecError{"--log: state the work that was done meanwhile, by --run or by --work"};
    const auto as_many = [&](const char* option, std::size_t count) {
        if (count != 0 && count != options.logs.size())
            throw SpecError{std::string{option} + ": given " + std::to_string(count) + " times beside " +
                            std::to_string(options.logs.size()) + " logs; give one for each --log, in the same order"};
    };
    as_many("--work", options.works.size());
    as_many("--pace", options.paces.size());
    if (!options.run.empty() && options.logs.size() > 1)
        throw SpecError{"--run: one training for " + std::to_string(options.logs.size()) +
                        " logs; use --work for each"};
    const auto in_range = [](const char* option, double value, double low, double high, const char* right) {
        if (!(value >= low && value <= high))
            throw SpecError{std::string{option} + ": " + text::shortest(value) + " is not valid; use " + right};
    };
    in_range("--offset", options.offset_s, -1e9, 1e9, "seconds from -1e9 to 1e9");
    if (options.utc_offset_h) in_range("--utc-offset", *options.utc_offset_h, -14, 14, "hours from -14 to 14");
    if (options.interval_s) in_range("--interval", *options.interval_s, 1e-3, 86400, "seconds from 0.001 to 86400");
    if (options.base.empty())
        throw SpecError{"--base: missing; name the shipped device that comes nearest, for what a log can't tell"};
}

// An output that is an input would take a measurement away.
void check_output(const CalibrateLogOptions& options, const std::filesystem::path& out)
{
    std::error_code none;
    const std::vector idle{options.idle_log, options.active_idle_log};
    for (const auto* inputs : {&options.logs, &options.works, &idle})
        for (const auto& input : *inputs)
            if (std::filesystem::equivalent(input, out, none))
                throw SpecError{"--out: " + out.string() + " is one of the logs or their work; choose another file"};
}

// What the watts of such logs enclose; nothing where they don't tell.
std::optional<std::string> boundary_of(const std::vector<power_logs::LogForm>& forms)
{
    using power_logs::LogForm;
    const auto all_are = [&](std::initializer_list<LogForm> known) {
        return std::ranges::all_of(forms, [&](LogForm form) { return std::ranges::find(known, form) != known.end(); });
    };
    if (all_are({LogForm::turbostat, LogForm::perf_stat})) return "chip";
    if (all_are({LogForm::nvidia_smi, LogForm::nvidia_dmon, LogForm::zeus_windows, LogForm::zeus_power}))
        return "board";
    if (all_are({LogForm::tegrastats})) return "module";
    return std::nullopt;
}

void report(const MeasuredStretch& stretch, const energy::DeviceProfile& base, const energy::DeviceProfile& profile)
{
    const auto [seconds, joules] = energy::price(stretch.work, profile);
    std::cerr << stretch.power.source << ": the " << name(pace_of(stretch, base)) << " sets the pace; measured "
              << text::significant(stretch.seconds.count()) << " s at " << text::significant(stretch.power.mean.count())
              << " W, modelled " << text::significant(seconds.count()) << " s at "
              << text::significant(joules.count() / seconds.count()) << " W\n";
}

}  // namespace

int calibrate_by_logs(const CalibrateLogOptions& options, const std::string& id, const std::string& name,
                      const std::filesystem::path& out)
{
    check(options);
    check_output(options, out);
    auto base = device(options.base);
    std::vector<MeasuredStretch> stretches;
    std::vector<power_logs::LogForm> forms;
    for (std::size_t i = 0; i < options.logs.size(); ++i) {
        const auto& path = options.logs[i];
        const auto log = read_with_notes(path, options);
        forms.push_back(log.form);
        stretches.push_back(
            stretch_of_work(log, name_of(path), work_of_log(options, i), power_logs::LogTime{options.offset_s}));
        if (!options.paces.empty()) stretches.back().pace = options.paces[i] == "host" ? Pace::host : Pace::device;
    }
    auto all_forms = forms;
    const auto idle = idle_power(options.idle_log, options, all_forms);
    const auto active_idle = idle_power(options.active_idle_log, options, all_forms);
    refuse_idle_log_options(log_options(options), all_forms);
    auto profile = fitted_profile(base, {idle, active_idle}, stretches);
    if (const auto boundary = boundary_of(forms)) profile.boundary = *boundary;
    profile.id = id;
    profile.name = name.empty() ? id : name;
    const auto text = energy::to_json(profile).dump(2) + "\n";
    // What is written is what `--edge-device` will read.
    static_cast<void>(energy::parse_device_profile(nlohmann::ordered_json::parse(text), "the profile"));
    if (out.empty())
        std::cout << text;
    else
        files::write_file(out, text);
    for (const auto& stretch : stretches) report(stretch, base, profile);
    return 0;
}

}  // namespace fedgram::experiments
