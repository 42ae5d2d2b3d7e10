#include "common/report/table/measured.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "common/energy/pricing/training_energy.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json finite(double factor) { return std::isfinite(factor) ? Json(factor) : Json(nullptr); }

}  // namespace

std::vector<MeasuredBeside> measured_beside(const run::RunRecord& run, const carbon::Accounting& accounting)
{
    std::vector<MeasuredBeside> all;
    for (const auto& training : run.trainings)
        for (const auto& measured : training.measured) {
            auto& beside = all.emplace_back(MeasuredBeside{training.outcome.label, measured, false, {}});
            beside.whole = measured.whole(training.outcome.rounds);
            if (!beside.whole) continue;
            for (const auto& device : accounting.datacenter_devices) {
                const auto modelled = energy::centralized_course(training.work, device).sum;
                beside.modelled.push_back({device.id, modelled.train, modelled.virtual_time});
            }
        }
    return all;
}

Json to_json(const MeasuredBeside& beside)
{
    Json json{{"training", beside.training}, {"whole", beside.whole}};
    json.update(energy::to_json(beside.measured));
    json["modelled"] = Json::array();
    for (const auto& [device, joules, seconds] : beside.modelled)
        json["modelled"].push_back({{"device", device},
                                    {"joules", joules.count()},
                                    {"seconds", seconds.count()},
                                    {"joules_factor", finite(beside.factor(joules))},
                                    {"seconds_factor", finite(beside.factor(seconds))}});
    return json;
}

}  // namespace fedgram::report
