#pragma once

#include <span>
#include <string>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/ledger.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// What a training has cost so far on the spec's own devices, in its first country and at its first PUE: for whoever
/// watches. The table is made of the ledger, not of this.
class RunningCosts {
public:
    /// `accounting` must outlive it.
    explicit RunningCosts(const carbon::Accounting& accounting) : accounting_{accounting} {}

    void add(std::span<const energy::LedgerLine> lines, bool federated);

    [[nodiscard]] Joules devices() const { return devices_; }
    /// Of devices and network.
    [[nodiscard]] GramsCO2e emissions() const;
    [[nodiscard]] const std::string& country() const { return accounting_.countries.front().iso3; }

private:
    const carbon::Accounting& accounting_;
    Joules devices_;
    Joules facility_;  // with PUE where there is one
    Joules network_;
};

}  // namespace fedgram::coordinator
