#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/gap_log.hpp"
#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// Joules out of power samples, by the trapezoid between each two neighbours. A stretch is a gap unless it begins and
/// ends with a value.
class PowerIntegral {
public:
    /// A sample above `most` is refused.
    PowerIntegral(std::string name, Watts most) : name_{std::move(name)}, most_{most} {}

    /// A sample is left out unless `now` is later than at the one before.
    void sample(const Attempt<Watts>& power, Instant now);

    [[nodiscard]] std::optional<Joules> joules() const;
    [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_.gaps(); }

private:
    std::string name_;
    Watts most_;
    GapLog gaps_;
    Joules total_;
    bool measured_ = false;
    std::optional<Instant> at_;  ///< of the newest sample, with or without a value
    std::optional<Watts> last_;  ///< its value
};

}  // namespace fedgram::energy
