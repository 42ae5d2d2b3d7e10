#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::power_logs {

/// Since the Unix epoch, or since the log's start where its form has no date.
using LogTime = std::chrono::duration<double>;

/// What wrote a log.
enum class LogForm {
    nvidia_smi,    ///< nvidia-smi --query-gpu=... --format=csv
    nvidia_dmon,   ///< nvidia-smi dmon
    tegrastats,    ///< a Jetson's tegrastats
    codecarbon,    ///< CodeCarbon's emissions.csv
    zeus_windows,  ///< the log_file of a ZeusMonitor: measured windows
    zeus_power,    ///< Zeus' zeus_monitor program: power samples
    turbostat,     ///< turbostat's table
    perf_stat,     ///< perf stat -I, for people or by -x
    csv            ///< any CSV whose columns the options name
};

/// What one value of a log says.
enum class Draw {
    momentary,  ///< the power at its time
    averaged,   ///< the mean over a stretch that ends at its time
    unknown     ///< one of both
};

[[nodiscard]] std::string_view name(LogForm form);
[[nodiscard]] std::string_view name(Draw draw);

struct PowerSample {
    LogTime at{};
    std::optional<Watts> power;  ///< nothing: the log has a line here, but no value; missing is never zero
};

struct EnergyInterval {
    LogTime begin{};
    LogTime end{};  ///< after `begin`
    Joules energy;
};

/// What a logger wrote while its clock went forward. It holds samples or intervals, by the form.
struct LogSegment {
    std::size_t line{};                     ///< of the log, from 1, where it begins
    std::vector<PowerSample> samples;       ///< each later than the one before
    std::vector<EnergyInterval> intervals;  ///< none begins before the one before has ended
};

/// The power of one device over time, as a log has it.
struct PowerLog {
    LogForm form{};
    std::string device;  ///< as the log names it; empty where it names none
    std::string source;  ///< what the values stand under in the log: "power.draw", "VDD_IN", "PkgWatt"
    Draw draw = Draw::unknown;
    bool absolute_time = false;        ///< times are since the Unix epoch; else since the log's start
    std::vector<LogSegment> segments;  ///< at least one. Another begins wherever the clock went back
    std::vector<std::string> notes;    ///< what was assumed, left out or repaired, a sentence each
};

}  // namespace fedgram::power_logs
