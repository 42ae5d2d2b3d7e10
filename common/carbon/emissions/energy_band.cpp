#include "common/carbon/emissions/energy_band.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/carbon/emissions/banded_figures.hpp"

namespace fedgram::carbon {

namespace {

// Moves one figure at a time through its band and notes the energy at both ends. `low_` and `high_` collect the ends
// that draw least and most.
class BandEnds {
public:
    BandEnds(const PricingInputs& likely, Joules usual, const Price& price)
        : price_{price}, likely_{likely}, low_{likely}, high_{likely}, usual_{usual}
    {
    }

    // `select` gives the figure in a set of inputs. A figure that another one hides counts once that one is at its end,
    // too: so each goes to the end that draws least, or most, also where it moves nothing alone.
    template <class Select>
    void move(const std::string& name, bool is_rate, Select select)
    {
        const auto& figure = select(likely_);
        if (!figure.low && !figure.high) return;
        Sensitivity sensitivity{name, figure.low.value_or(figure.value), figure.high.value_or(figure.value), usual_,
                                usual_};
        auto changed = likely_;
        select(changed).value = sensitivity.from;
        sensitivity.at_from = energy_of(changed);
        select(changed).value = sensitivity.to;
        sensitivity.at_to = energy_of(changed);
        select(low_).value = is_rate ? sensitivity.to : sensitivity.from;
        select(high_).value = is_rate ? sensitivity.from : sensitivity.to;
        if (sensitivity.at_from != sensitivity.at_to) sensitivities_.push_back(sensitivity);
    }

    [[nodiscard]] EnergyBand result()
    {
        std::stable_sort(sensitivities_.begin(), sensitivities_.end(),
                         [](const auto& a, const auto& b) { return a.upper() - a.lower() > b.upper() - b.lower(); });
        return {price_(low_.device, low_.network), price_(high_.device, high_.network), std::move(sensitivities_)};
    }

private:
    [[nodiscard]] Joules energy_of(const PricingInputs& inputs) const
    {
        return price_(inputs.device, inputs.network).operational();
    }

    const Price& price_;
    const PricingInputs& likely_;
    PricingInputs low_;
    PricingInputs high_;
    Joules usual_;
    std::vector<Sensitivity> sensitivities_;
};

}  // namespace

EnergyBand energy_band(const energy::DeviceProfile& device, const NetworkModel& network, const ColumnEnergy& likely,
                       const Price& price)
{
    const PricingInputs usual{device, network};
    BandEnds ends{usual, likely.operational(), price};
    for_each_figure(usual,
                    [&](const std::string& name, bool is_rate, auto select) { ends.move(name, is_rate, select); });
    return ends.result();
}

}  // namespace fedgram::carbon
