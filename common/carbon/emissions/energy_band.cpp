#include "common/carbon/emissions/energy_band.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace fedgram::carbon {

namespace {

double low_of(const energy::Figure& figure) { return figure.low.value_or(figure.value); }
double high_of(const energy::Figure& figure) { return figure.high.value_or(figure.value); }

// One figure at a time through its band, and the energy at both ends.
class Sensitivities {
public:
    Sensitivities(const PricingInputs& likely, Joules usual, const Price& price)
        : price_{price}, likely_{likely}, usual_{usual}
    {
    }

    // `select` gives the figure in a set of inputs.
    template <class Select>
    void move(const std::string& name, Select select)
    {
        const auto& figure = select(likely_);
        if (!figure.low && !figure.high) return;
        Sensitivity sensitivity{name, low_of(figure), high_of(figure), usual_, usual_};
        auto changed = likely_;
        select(changed).value = sensitivity.from;
        sensitivity.at_from = price_(changed.devices, changed.network).operational();
        select(changed).value = sensitivity.to;
        sensitivity.at_to = price_(changed.devices, changed.network).operational();
        if (sensitivity.at_from != sensitivity.at_to) sensitivities_.push_back(sensitivity);
    }

    [[nodiscard]] std::vector<Sensitivity> widest_first()
    {
        std::stable_sort(sensitivities_.begin(), sensitivities_.end(),
                         [](const auto& a, const auto& b) { return a.upper() - a.lower() > b.upper() - b.lower(); });
        return std::move(sensitivities_);
    }

private:
    const Price& price_;
    const PricingInputs& likely_;
    Joules usual_;
    std::vector<Sensitivity> sensitivities_;
};

}  // namespace

// A figure that another one hides counts once that one is at its end, too: so each goes to the end that draws least, or
// most, also where it moves nothing alone.
BandEnds band_ends(const PricingInputs& likely)
{
    BandEnds ends{likely, likely};
    for_each_figure(likely, [&](const std::string&, bool is_rate, auto select) {
        const auto& figure = select(likely);
        select(ends.least).value = is_rate ? high_of(figure) : low_of(figure);
        select(ends.most).value = is_rate ? low_of(figure) : high_of(figure);
    });
    for (const auto method : {&NetworkModel::router_w, &NetworkModel::kwh_per_gb}) {
        (ends.least.network.*method).value = low_of(likely.network.*method);
        (ends.most.network.*method).value = high_of(likely.network.*method);
    }
    return ends;
}

EnergyBand energy_band(std::span<const energy::DeviceProfile> devices, const NetworkModel& network,
                       const ColumnEnergy& likely, const Price& price)
{
    const PricingInputs usual{{devices.begin(), devices.end()}, network};
    Sensitivities moved{usual, likely.operational(), price};
    for_each_figure(usual, [&](const std::string& name, bool, auto select) { moved.move(name, select); });
    const auto [least, most] = band_ends(usual);
    return {price(least.devices, least.network), price(most.devices, most.network), moved.widest_first()};
}

}  // namespace fedgram::carbon
