#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

std::string_view name(LogForm form)
{
    switch (form) {
        case LogForm::nvidia_smi:
            return "nvidia-smi";
        case LogForm::nvidia_dmon:
            return "nvidia-smi dmon";
        case LogForm::tegrastats:
            return "tegrastats";
        case LogForm::codecarbon:
            return "CodeCarbon";
        case LogForm::zeus_windows:
            return "Zeus windows";
        case LogForm::zeus_power:
            return "Zeus power";
        case LogForm::turbostat:
            return "turbostat";
        case LogForm::perf_stat:
            return "perf stat";
        case LogForm::csv:
            break;
    }
    return "CSV";
}

std::string_view name(Draw draw)
{
    switch (draw) {
        case Draw::momentary:
            return "momentary";
        case Draw::averaged:
            return "averaged";
        case Draw::unknown:
            break;
    }
    return "unknown";
}

}  // namespace fedgram::power_logs
