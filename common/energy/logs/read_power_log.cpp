#include "common/energy/logs/read_power_log.hpp"

#include "common/energy/logs/form_of.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_text.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"

namespace fedgram::power_logs {

PowerLog parse_power_log(std::string_view text, std::string_view where, const PowerLogOptions& options)
{
    if (options.interval && *options.interval <= LogTime{}) throw SpecError{"a log's interval has to be above 0 s"};
    const auto lines = log_lines(text, where);
    switch (form_of(lines, where, options)) {
        case LogForm::nvidia_smi:
            return read_nvidia_smi(lines, where, options);
        case LogForm::nvidia_dmon:
            return read_nvidia_dmon(lines, where, options);
        case LogForm::tegrastats:
            return read_tegrastats(lines, where, options);
        case LogForm::codecarbon:
            return read_codecarbon(lines, where, options);
        case LogForm::zeus_windows:
            return read_zeus_windows(lines, where, options);
        case LogForm::zeus_power:
            return read_zeus_power(lines, where, options);
        case LogForm::turbostat:
            return read_turbostat(lines, where, options);
        case LogForm::perf_stat:
            return read_perf_stat(lines, where, options);
        case LogForm::csv:
            break;
    }
    return read_plain_csv(lines, where, options);
}

PowerLog read_power_log(const std::filesystem::path& path, const PowerLogOptions& options)
{
    return parse_power_log(files::read_file(path), path.string(), options);
}

}  // namespace fedgram::power_logs
