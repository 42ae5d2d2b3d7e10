#include "common/carbon/emissions/energy_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "common/carbon/emissions/banded_figures.hpp"

namespace fedgram::carbon {

namespace {

double ratio(Joules first, Joules second) { return first.count() / second.count(); }

void widen(EnergyRatio& range, double ratio)
{
    range.low = std::min(range.low, ratio);
    range.high = std::max(range.high, ratio);
}

// Each device by itself, the network's figure at one end for both.
void widen_by_unlike_devices(EnergyRatio& range, const EnergyBand& first, const EnergyBand& second)
{
    for (const auto end : {&EnergyBand::least, &EnergyBand::most}) {
        const auto with_network = [&](const EnergyBand& band, const ColumnEnergy& devices) {
            return devices.devices + (band.*end).network;
        };
        widen(range, ratio(with_network(first, first.least), with_network(second, second.most)));
        widen(range, ratio(with_network(first, first.most), with_network(second, second.least)));
    }
}

// The column's energy where this figure alone is at an end of its band.
struct Moved {
    Joules at_from;
    Joules at_to;
};

Moved moved(const ComparedEnergy& column, std::string_view figure)
{
    for (const auto& sensitivity : column.band->sensitivities)
        if (sensitivity.figure == figure) return {sensitivity.at_from, sensitivity.at_to};
    return {column.likely, column.likely};
}

// The figures of the devices and of the network, once at the ends that raise a ratio and once at those that lower it.
class SharedEnds {
public:
    SharedEnds(const ComparedEnergy& first, const ComparedEnergy& second, const NetworkModel& network)
        : first_{first}, second_{second}, up_{{first.devices.begin(), first.devices.end()}, network}, down_{up_}
    {
        for_each_figure(up_, [&](const std::string& name, bool, auto select) { move(name, select); });
    }

    void widen_range(EnergyRatio& range) const
    {
        if (!matter_) return;
        widen(range, ratio_at(up_));
        widen(range, ratio_at(down_));
    }

private:
    template <class Select>
    void move(const std::string& name, Select select)
    {
        const auto figure = select(up_);
        if (!figure.low && !figure.high) return;
        const auto in_first = moved(first_, name), in_second = moved(second_, name);
        const auto at_from = ratio(in_first.at_from, in_second.at_from);
        const auto at_to = ratio(in_first.at_to, in_second.at_to);
        // What moves both in proportion moves their ratio by rounding alone.
        constexpr double rounding = 1e-9;
        if (std::abs(at_from - at_to) <= rounding * at_from) return;
        matter_ = true;
        const auto from = figure.low.value_or(figure.value), to = figure.high.value_or(figure.value);
        select(up_).value = at_to > at_from ? to : from;
        select(down_).value = at_to > at_from ? from : to;
    }

    [[nodiscard]] double ratio_at(const PricingInputs& inputs) const
    {
        return ratio((*first_.price)(inputs.devices, inputs.network).operational(),
                     (*second_.price)(inputs.devices, inputs.network).operational());
    }

    const ComparedEnergy& first_;
    const ComparedEnergy& second_;
    PricingInputs up_;
    PricingInputs down_;
    bool matter_ = false;
};

}  // namespace

std::optional<EnergyRatio> energy_ratio(const ComparedEnergy& first, const ComparedEnergy& second,
                                        const NetworkModel& network)
{
    if (second.band->low() <= Joules{}) return std::nullopt;
    const auto likely = ratio(first.likely, second.likely);
    EnergyRatio range{likely, likely, likely};
    const bool are_known = !first.devices.empty() && !second.devices.empty();
    if (!are_known || !std::ranges::equal(first.devices, second.devices, {}, &energy::DeviceProfile::id,
                                          &energy::DeviceProfile::id)) {
        widen_by_unlike_devices(range, *first.band, *second.band);
        return range;
    }
    widen(range, ratio(first.band->low(), second.band->low()));
    widen(range, ratio(first.band->high(), second.band->high()));
    SharedEnds{first, second, network}.widen_range(range);
    return range;
}

}  // namespace fedgram::carbon
