#pragma once

namespace fedgram::experiments {

struct DoctorOptions {
    bool json = false;
};

/// `fedgram doctor`: what works on this machine, and why the rest doesn't.
[[nodiscard]] int doctor(const DoctorOptions& options);

}  // namespace fedgram::experiments
