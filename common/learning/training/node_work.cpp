#include "common/learning/training/node_work.hpp"

#include "common/learning/codec/codec.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/node_evaluation.hpp"
#include "common/learning/training/training.hpp"
#include "common/masking/fixed_point_rule.hpp"
#include "common/masking/protocol_cost.hpp"
#include "common/spec/resolve.hpp"

namespace fedgram::learning {

LocalEpochs local_epochs(const spec::Federated& rule, std::uint64_t samples, std::uint64_t most_steps)
{
    const EpochBatches batches{samples, rule.batch_size, rule.last_batch};
    if (most_steps > 0) return {batches.samples_in(most_steps), most_steps};
    return {batches.samples() * rule.local_epochs, batches.steps() * rule.local_epochs};
}

energy::Work strategy_work(const Model& model, const spec::Federated& rule, std::uint64_t held, std::uint64_t steps)
{
    const auto& strategy = rule.strategy;
    const auto parameters = static_cast<std::uint64_t>(model.parameters.size);
    energy::Work work;
    const auto add = [&](std::uint64_t flops, std::uint64_t bytes) {
        work.flops += flops * parameters * steps;
        work.memory_bytes += bytes * parameters * steps;
        work.kernels += steps;
    };
    if (strategy.proximal() != 0) add(3, 12);
    if (strategy.has_node_states()) add(1, 8);
    if (strategy.kind == spec::StrategyKind::q_fedavg && strategy.q != 0) {
        const auto looked = forward_work(model, held, rule.batch_size);
        work.flops += looked.flops;
        work.memory_bytes += looked.memory_bytes;
        work.kernels += looked.kernels;
    }
    return work;
}

energy::Work local_training_work(const Model& model, const spec::Federated& rule, std::uint64_t held, LocalEpochs done)
{
    auto work = training_work(model, rule.optimizer, done.samples_seen, done.steps);
    work += strategy_work(model, rule, held, done.steps);
    return work;
}

std::uint64_t most_total_weight(const spec::Federated& rule, std::uint64_t total_samples)
{
    // Under differential privacy all nodes weigh alike.
    return rule.privacy ? rule.nodes : total_samples;
}

UpdateCost update_cost(const Model& model, const spec::Federated& rule, std::uint64_t total_samples)
{
    const auto parameters = static_cast<std::uint32_t>(model.parameters.size);
    if (const auto& secure = rule.secure_aggregation) {
        const auto cohort = spec::cohort_size(rule);
        const masking::FixedPointRule fixed_point{*secure, most_total_weight(rule, total_samples)};
        const masking::ProtocolSetting setting{cohort, spec::neighbourhood(*secure, cohort).neighbours, parameters,
                                               fixed_point.ring()};
        const auto traffic = masking::node_traffic(setting, masking::Delivery::delivered);
        return {traffic.bytes_up, traffic.bytes_down, masking::masking_work(setting), {}};
    }
    if (rule.compression.is_none()) return {model.parameters.bytes(), 0, {}, {}};
    const Codec codec{rule.compression, parameters};
    return {codec.largest_bytes(), 0, codec.encode_work(), codec.decode_work()};
}

energy::NodeRound node_round(const Model& model, const spec::Federated& rule, const UpdateCost& update,
                             std::uint32_t node, std::uint64_t samples, std::uint64_t most_steps)
{
    const auto bytes = model.parameters.bytes();
    // SCAFFOLD's control variate of the server comes with the model.
    const std::uint64_t down = rule.strategy.kind == spec::StrategyKind::scaffold ? 2 * bytes : bytes;
    auto train = local_training_work(model, rule, samples, local_epochs(rule, samples, most_steps));
    train += update.encoding;
    return {node, train, down + update.bytes_down, update.bytes};
}

}  // namespace fedgram::learning
