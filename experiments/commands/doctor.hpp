#pragma once

#include <filesystem>
#include <string>

#include "common/energy/meters/discover.hpp"

namespace fedgram::experiments {

class CommandSet;

struct DoctorOptions {
    bool json = false;
    double seconds = 0;                                ///< to read each meter's mean watts over; 0: not at all
    std::filesystem::path sys = energy::sysfs_root();  ///< where the kernel shows its devices
    std::string nvml_library = "libnvidia-ml.so.1";    ///< NVIDIA's driver
};

/// `fedgram doctor`: what works on this machine, and why the rest doesn't.
[[nodiscard]] int doctor(const DoctorOptions& options);

/// Its options and its help.
void add_doctor(CommandSet& commands);

}  // namespace fedgram::experiments
