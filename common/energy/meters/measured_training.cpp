#include "common/energy/meters/measured_training.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::energy {

bool MeasuredTraining::whole(std::uint32_t all_phases) const
{
    return phases == all_phases && reading.joules && reading.gaps.empty() && seconds > Seconds{};
}

Watts MeasuredTraining::watts() const { return Watts{reading.joules->count() / seconds.count()}; }

double MeasuredTraining::lag() const { return std::min(1.0, phases * resolution.count() / seconds.count()); }

nlohmann::ordered_json to_json(const MeasuredTraining& measured)
{
    return {{"reading", to_json(measured.reading)},
            {"phases", measured.phases},
            {"seconds", measured.seconds.count()},
            {"resolution_seconds", measured.resolution.count()}};
}

MeasuredTraining parse_measured_training(const nlohmann::ordered_json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    MeasuredTraining measured;
    measured.reading = parse_meter_record(object.value("reading"), object.path_of("reading"));
    measured.phases = object.whole_32("phases");
    measured.seconds = Seconds{object.number("seconds", spec::not_negative)};
    measured.resolution = Seconds{object.number("resolution_seconds", spec::not_negative)};
    object.finish();
    return measured;
}

std::string too_short(const MeasuredTraining& measured)
{
    constexpr double enough = 10;
    if (measured.phases == 0) return {};
    const auto each = measured.seconds.count() / measured.phases;
    if (each >= enough * measured.resolution.count()) return {};
    return "a train phase takes " + text::significant(each) + " s, and " + measured.reading.meter +
           " shows its energy every " + text::significant(measured.resolution.count()) + " s: up to " +
           text::significant(100 * measured.lag()) +
           " % of the joules may be missing or another phase's; a larger centralized.evaluate_every_samples makes "
           "phases longer";
}

}  // namespace fedgram::energy
