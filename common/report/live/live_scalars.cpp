#include "common/report/live/live_scalars.hpp"

namespace fedgram::report {

std::vector<tensorboard::Scalar> live_scalars(const LivePoint& point, const std::string& country)
{
    std::vector<tensorboard::Scalar> scalars;
    if (point.evaluation) {
        const std::string on{run::name(point.evaluation->on)};
        scalars.push_back({"accuracy/" + on, point.evaluation->test_accuracy});
        scalars.push_back({"loss/" + on, point.evaluation->test_loss});
    }
    scalars.push_back({"loss/train", point.train_loss});
    scalars.push_back({"round/participants", static_cast<double>(point.participants)});
    scalars.push_back({"cost/virtual_seconds", point.virtual_time.count()});
    if (point.devices) scalars.push_back({"cost/device_joules", point.devices->count()});
    if (point.network) scalars.push_back({"cost/network_joules", point.network->count()});
    if (point.emissions) scalars.push_back({"cost/gco2e_" + country, point.emissions->count()});
    return scalars;
}

}  // namespace fedgram::report
