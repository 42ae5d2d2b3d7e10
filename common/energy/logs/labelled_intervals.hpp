#pragma once

#include <string>
#include <vector>

#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// A row that says of which stretch its energy is, and bears names.
struct LabelledInterval {
    LogLine line;
    EnergyInterval interval;
    std::vector<std::string> labels;
};

/// Adds those that bear `label`, or all where it is empty. Two that overlap by no more than `slack`, as times rounded
/// to seconds do, are put one behind the other. Throws SpecError with the labels there are where none bears this one,
/// or where two overlap: their joules would count twice.
void add_labelled(std::vector<LabelledInterval> rows, const std::string& label, LogTime slack, LogBuilder& builder);

}  // namespace fedgram::power_logs
