#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/gap_log.hpp"
#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// Joules out of power samples, by the trapezoid between two that follow each other. A stretch that doesn't begin and
/// end with a value is a gap.
class PowerIntegral {
public:
    /// A sample above `most` is refused.
    PowerIntegral(std::string name, Watts most) : name_{std::move(name)}, most_{most} {}

    /// `now` later than at the sample before, else the sample is left out.
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
