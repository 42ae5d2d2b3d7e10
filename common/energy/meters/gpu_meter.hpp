#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

/// A GPU's meter that knows besides how long the GPU was busy: each sample's share of busy time holds since the sample
/// before.
class GpuMeter final : public Meter {
public:
    /// `busy` gives a fraction of 1, or nothing where the driver doesn't tell.
    GpuMeter(std::unique_ptr<Meter> energy, std::function<std::optional<double>()> busy);

private:
    void reset() override;
    void sample(Instant now) override;
    [[nodiscard]] Reading reading() const override;

    std::unique_ptr<Meter> energy_;
    std::function<std::optional<double>()> busy_;
    std::optional<Instant> at_;  // of the newest sample
    Reading reading_;
};

}  // namespace fedgram::energy
