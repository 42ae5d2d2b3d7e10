#pragma once

namespace fedgram::energy {

/// A node's connection to the coordinator, in megabits (1e6 bits) a second; both above 0.
struct Link {
    double download_mbit_s{};
    double upload_mbit_s{};

    friend bool operator==(const Link&, const Link&) = default;
};

}  // namespace fedgram::energy
