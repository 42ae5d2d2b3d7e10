#pragma once

namespace fedgram::experiments {

struct DoctorOptions {
    bool json = false;
    double seconds = 0;  ///< to read each meter's idle watts for; 0: not at all
};

/// `fedgram doctor`: what works on this machine, and why the rest doesn't.
[[nodiscard]] int doctor(const DoctorOptions& options);

}  // namespace fedgram::experiments
