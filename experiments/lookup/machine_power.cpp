#include "experiments/lookup/machine_power.hpp"

#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

double watts(const energy::MeterReading& meter, Seconds length)
{
    return meter.reading.joules->count() / length.count();
}

bool encloses_more(const energy::MeterReading& meter, const energy::MeterReading& than)
{
    if (meter.boundary != than.boundary) return meter.boundary > than.boundary;
    return meter.method == energy::Method::counter && than.method != energy::Method::counter;
}

energy::Figure measured(double value, const std::string& source)
{
    return {value, std::nullopt, std::nullopt, energy::EvidenceLevel::measured, source};
}

energy::Figure stated(double value)
{
    return {value, std::nullopt, std::nullopt, energy::EvidenceLevel::assumed, "stated to fedgram calibrate"};
}

}  // namespace

std::optional<MachinePower> metered_power(const MeteredSpan& idle, const MeteredSpan& training, std::uint32_t cores)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < training.readings.size(); ++i) {
        const auto& before = idle.readings[i];
        const auto& during = training.readings[i];
        if (!before.reading.complete() || !during.reading.complete()) continue;
        if (watts(during, training.length) <= watts(before, idle.length)) continue;
        if (!best || encloses_more(during, training.readings[*best])) best = i;
    }
    if (!best) return std::nullopt;
    const auto& meter = training.readings[*best];
    const double idle_w = watts(idle.readings[*best], idle.length);
    const double train_w = watts(meter, training.length);
    const auto by = "fedgram calibrate: " + meter.name + " (" + std::string{name(meter.boundary)} + ", " +
                    std::string{name(meter.method)} + ")";
    return MachinePower{
        measured(idle_w, by + " over " + text::significant(idle.length.count()) + " s without work"),
        measured(train_w, by + " over " + text::significant(training.length.count()) + " s while one of " +
                              std::to_string(cores) + " cores trained: the whole machine within that boundary; the " +
                              "core's share above idle is " + text::significant(train_w - idle_w) + " W"),
        std::string{name(meter.boundary)}};
}

MachinePower stated_power(double idle_w, double train_w, const std::string& boundary)
{
    return {stated(idle_w), stated(train_w), boundary};
}

std::string no_power_text(std::span<const energy::Unavailable> unavailable, const std::optional<MeteredSpan>& training)
{
    std::string why;
    if (training)
        for (const auto& meter : training->readings)
            why += (why.empty() ? "" : "; ") + meter.name + ": " +
                   (meter.reading.gaps.empty() ? "no more watts in training than idle"
                                               : meter.reading.gaps.front().reason);
    if (why.empty())
        for (const auto& meter : unavailable) why += (why.empty() ? "" : "; ") + meter.name + ": " + meter.reason;
    return "no meter of this machine gives its idle and training watts (" + why +
           "); state both by --idle-w and --train-w, or make a meter work as `fedgram doctor` tells";
}

}  // namespace fedgram::experiments
