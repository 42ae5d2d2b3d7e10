#include "coordinator/trainings/buffered_training.hpp"

#include <algorithm>
#include <utility>

#include "coordinator/rounds/partial_share.hpp"

namespace fedgram::coordinator {

BufferedTraining::BufferedTraining(const fleet::Fleet& fleet, const energy::FleetPricing& pricing,
                                   const spec::Federated& rule, std::uint64_t seed, Costs costs)
    : fleet_{fleet},
      pricing_{pricing},
      rule_{rule},
      costs_{std::move(costs)},
      schedule_{fleet, rule, seed, costs_.share}
{
}

std::variant<std::vector<std::uint32_t>, NoRound> BufferedTraining::next(HeldUpdates::Model present)
{
    auto reason = schedule_.next(flush_);
    if (reason) return NoRound{std::move(*reason)};
    held_.hold(flush_.number - 1, std::move(present));
    std::vector<std::uint32_t> nodes;
    for (const auto& task : flush_.started) nodes.push_back(task.node);
    std::ranges::sort(nodes);
    return nodes;
}

void BufferedTraining::hold(std::uint32_t node, HeldUpdates::Update update)
{
    held_.hold(node, flush_.number - 1, std::move(update));
}

std::uint32_t BufferedTraining::give(const std::function<void(const AcceptedUpdate&)>& take,
                                     std::span<const float> present) const
{
    std::uint32_t added = 0;
    for (const auto& task : flush_.taken) {
        const auto* const update = held_.find(task.node, task.version);
        if (update == nullptr) continue;
        const auto weight = staleness_weight(flush_.number - 1 - task.version, rule_.buffered->staleness_exponent);
        const auto parameters = moved(present, update->parameters, held_.model(task.version), weight);
        take({task.node, parameters, costs_.samples(task.node), costs_.share(task.node).train.steps});
        ++added;
    }
    return added;
}

double BufferedTraining::train_loss() const
{
    double sum = 0;
    std::uint64_t samples = 0;
    for (const auto& task : flush_.taken)
        if (const auto* const update = held_.find(task.node, task.version)) {
            sum += update->mean_loss * static_cast<double>(costs_.samples(task.node));
            samples += costs_.samples(task.node);
        }
    return sum / static_cast<double>(samples);
}

std::vector<energy::NodeRound> BufferedTraining::taken() const
{
    std::vector<energy::NodeRound> shares;
    for (const auto& task : flush_.taken)
        if (const auto* const update = held_.find(task.node, task.version)) {
            shares.push_back(costs_.share(task.node));
            shares.back().bytes_up = update->bytes;
        }
    return summed_by_node(std::move(shares));
}

std::uint32_t BufferedTraining::taken_updates() const
{
    return static_cast<std::uint32_t>(std::ranges::count_if(
        flush_.taken, [this](const auto& task) { return held_.find(task.node, task.version) != nullptr; }));
}

std::vector<energy::NodeRound> BufferedTraining::lost(bool is_last) const
{
    std::vector<energy::NodeRound> shares;
    for (const auto& task : flush_.lost) shares.push_back(until(task, task.end));
    if (is_last)
        for (const auto& task : schedule_.running()) shares.push_back(until(task, flush_.began + flush_.lasted));
    return summed_by_node(std::move(shares));
}

energy::RoundTimes BufferedTraining::times() const { return {{}, flush_.lasted, false}; }

void BufferedTraining::forget()
{
    for (const auto* const tasks : {&flush_.taken, &flush_.lost})
        for (const auto& task : *tasks) held_.drop(task.node, task.version);
    held_.drop_idle_models();
}

void BufferedTraining::read(learning::StateReader& state, std::uint32_t flushes)
{
    held_.read(state);
    for (std::uint32_t i = 0; i < flushes; ++i) static_cast<void>(schedule_.next(flush_));
}

energy::NodeRound BufferedTraining::until(const BufferedTask& task, Seconds end) const
{
    const auto share = costs_.share(task.node);
    const auto taken = pricing_.busy(fleet_.devices[task.node], share.train, share.bytes_down, share.bytes_up);
    const VirtualNode times{task.node, taken.download.seconds, taken.train.seconds, taken.upload.seconds, {}};
    return partial_share(share, times, end - task.begin, costs_.training);
}

}  // namespace fedgram::coordinator
