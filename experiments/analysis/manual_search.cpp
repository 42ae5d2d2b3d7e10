#include "experiments/analysis/manual_search.hpp"

namespace fedgram::experiments::analysis {

ManualSearch::ManualSearch(const Space& space)
{
    const auto add = [&](const Configuration& configuration) {
        for (const auto& load : space.loads) probes_.push_back({configuration, load});
    };
    add(space.default_configuration());
    for (const auto& device : space.devices)
        for (const auto variant : space.variants)
            for (const auto delay : space.queue_delays_us)
                for (const auto instances : space.instances)
                    for (const auto max_batch : space.max_batches) add({device, variant, max_batch, instances, delay});
}

std::optional<Probe> ManualSearch::wanted()
{
    while (current_ < probes_.size() && book().find(probes_[current_])) ++current_;
    return current_ < probes_.size() ? std::optional{probes_[current_]} : std::nullopt;
}

}  // namespace fedgram::experiments::analysis
