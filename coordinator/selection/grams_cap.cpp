#include "coordinator/selection/grams_cap.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <limits>

#include "coordinator/selection/cohort.hpp"

namespace fedgram::coordinator {

namespace {

constexpr GramsCO2e unknown{std::numeric_limits<double>::infinity()};

}  // namespace

Decision GramsCap::select(const Moment& moment) const
{
    auto planned = spent_;
    std::vector<std::uint32_t> chosen;
    for (const auto node : shuffled_nodes(seed_, moment.round, moment.available)) {
        if (chosen.size() == moment.cohort_size) break;
        const auto intensity = nodes_.intensity(nodes_.place(node), moment.now);
        const auto with_node = intensity ? planned + nodes_.joules(node) * *intensity : unknown;
        if (with_node <= cap_) {
            planned = with_node;
            chosen.push_back(node);
        } else if (beyond_ == spec::BeyondCap::stop) {
            return reached();
        }
    }
    if (chosen.empty()) return reached();
    std::sort(chosen.begin(), chosen.end());
    return Cohort{std::move(chosen)};
}

Stop GramsCap::reached() const
{
    return {fmt::format("{:.6g} g are spent, and the next round would take more than the cap of {:.6g} g",
                        spent_.count(), cap_.count())};
}

void GramsCap::write(learning::StateWriter& state) const
{
    const double spent = spent_.count();
    state.add(std::span{&spent, 1});
}

void GramsCap::read(learning::StateReader& state)
{
    double spent = 0;
    state.read(std::span{&spent, 1});
    spent_ = GramsCO2e{spent};
}

}  // namespace fedgram::coordinator
