#include "common/carbon/emissions/energy_band.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::carbon {

namespace {

struct Inputs {
    energy::DeviceProfile device;
    NetworkModel network;
};

// Moves one figure at a time through its band and notes the energy at both ends. `low_` and `high_` collect the ends
// that draw least and most.
class BandEnds {
public:
    BandEnds(const Inputs& likely, Joules usual, const Price& price)
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
        return {energy_of(low_), energy_of(high_), std::move(sensitivities_)};
    }

private:
    [[nodiscard]] Joules energy_of(const Inputs& inputs) const
    {
        return price_(inputs.device, inputs.network).operational();
    }

    const Price& price_;
    const Inputs& likely_;
    Inputs low_;
    Inputs high_;
    Joules usual_;
    std::vector<Sensitivity> sensitivities_;
};

}  // namespace

EnergyBand energy_band(const energy::DeviceProfile& device, const NetworkModel& network, const ColumnEnergy& likely,
                       const Price& price)
{
    const Inputs usual{device, network};
    BandEnds ends{usual, likely.operational(), price};
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        ends.move(
            std::string{key} + " of " + device.id,
            is_rate, [member = member](auto& inputs) -> auto& { return inputs.device.*member; });
    ends.move(
        "model_error of " + device.id, false, [](auto& inputs) -> auto& { return inputs.device.model_error; });
    ends.move(
        std::string{network.figure_key()} + " of the network", false, [](auto& inputs) -> auto& {
            return inputs.network.method == NetworkMethod::router ? inputs.network.router_w : inputs.network.kwh_per_gb;
        });
    return ends.result();
}

}  // namespace fedgram::carbon
