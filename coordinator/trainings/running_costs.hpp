#pragma once

#include <string>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// What a training has cost so far on the spec's own devices, in its first country and at its first PUE: for whoever
/// watches. The table is made of the ledger, not of this.
class RunningCosts {
public:
    /// `accounting` must outlive it.
    RunningCosts(const carbon::Accounting& accounting, bool federated) : accounting_{accounting}, federated_{federated}
    {
    }

    /// One more round, or interval of a centralized training.
    void add(const energy::TrainingEnergy& more);

    /// Before PUE.
    [[nodiscard]] Joules devices() const { return devices_; }
    /// Of devices and network.
    [[nodiscard]] GramsCO2e emissions() const { return operational_ * accounting_.countries.front().intensity; }
    [[nodiscard]] const std::string& country() const { return accounting_.countries.front().iso3; }

private:
    const carbon::Accounting& accounting_;
    bool federated_;
    Joules devices_;
    Joules operational_;
};

}  // namespace fedgram::coordinator
