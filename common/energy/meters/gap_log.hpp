#pragma once

#include <string>
#include <vector>

#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// The gaps of one sensor, in order of time. A gap that goes on stays one entry, however often the sensor is sampled.
class GapLog {
public:
    void add(GapKind kind, Instant from, Instant until, const std::string& reason);
    /// The newest gap lasted until then.
    void extend(Instant until);

    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }

private:
    std::vector<Gap> gaps_;
};

}  // namespace fedgram::energy
