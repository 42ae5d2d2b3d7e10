#pragma once

#include <functional>
#include <string>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/meter.hpp"
#include "common/energy/meters/power_integral.hpp"

namespace fedgram::energy {

/// A power sensor of the host, integrated. The more often it is sampled, the better it is.
class PowerMeter final : public Meter {
public:
    /// `most` is what the hardware behind it can't exceed.
    PowerMeter(const std::string& name, Boundary boundary, Watts most, std::function<Attempt<Watts>()> read);

private:
    void reset() override;
    void sample(Instant now) override;
    [[nodiscard]] Reading reading() const override;

    Watts most_;
    std::function<Attempt<Watts>()> read_;
    PowerIntegral integral_;
};

}  // namespace fedgram::energy
