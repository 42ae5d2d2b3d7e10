#pragma once

#include <cstdint>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// A node's connection to the coordinator, in megabits (1e6 bits) a second; both above 0.
struct Link {
    double download_mbit_s{};
    double upload_mbit_s{};

    [[nodiscard]] Seconds download_time(std::uint64_t bytes) const { return transfer_time(bytes, download_mbit_s); }
    [[nodiscard]] Seconds upload_time(std::uint64_t bytes) const { return transfer_time(bytes, upload_mbit_s); }

    friend bool operator==(const Link&, const Link&) = default;

private:
    [[nodiscard]] static Seconds transfer_time(std::uint64_t bytes, double mbit_s)
    {
        return Seconds{static_cast<double>(bytes) * 8 / (mbit_s * 1e6)};
    }
};

}  // namespace fedgram::energy
