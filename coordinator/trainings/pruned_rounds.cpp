#include "coordinator/trainings/pruned_rounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "common/error/error.hpp"
#include "common/learning/pruning/magnitude_mask.hpp"
#include "common/learning/pruning/round_sparsity.hpp"
#include "common/learning/pruning/sparsity.hpp"

namespace fedgram::coordinator {

using learning::Refusal;
using learning::RefusalReason;

PrunedRounds::PrunedRounds(const spec::Pruning& pruning, const learning::ParameterTable& table)
    : pruning_{pruning}, table_{table}
{
    for (const auto& slot : table.slots)
        if (learning::is_prunable(slot)) weights_ += slot.size;
}

void PrunedRounds::begin(std::uint32_t round, std::shared_ptr<const std::vector<float>> model)
{
    round_ = round;
    model_ = std::move(model);
    mask_.reset();
    sparse_.reset();
    compared_ = 0;
    if (round <= pruning_.from_round) return;
    mask_ = learning::mask_of_zeros(table_, *model_);
    update_bytes_ = sizeof(float) * mask_->kept_count();
    sparse_ = learning::smallest_sparse_model(*model_);
    read_.resize(model_->size());
}

SentModel PrunedRounds::sent() const
{
    if (!sparse_) return {model_};
    const auto message = learning::sparse_model_message(*sparse_, *model_);
    std::vector<float> payload(protocol::floats_for(message.size()));
    std::memcpy(payload.data(), message.data(), message.size());
    return {std::make_shared<const std::vector<float>>(std::move(payload)), message.size()};
}

std::variant<std::span<const float>, Refusal> PrunedRounds::parameters(const protocol::Frame& frame)
{
    if (frame.type != protocol::MessageType::encoded_update)
        return Refusal{RefusalReason::wrong_code,
                       "it has a value for each parameter, and this round's model is pruned"};
    try {
        learning::place_kept_values(frame.encoded(), *mask_, read_);
    } catch (const DataError& error) {
        return Refusal{RefusalReason::wrong_code, error.what()};
    }
    return read_;
}

std::uint64_t PrunedRounds::weights_gone(double sparsity) const
{
    if (pruning_.scope == spec::PruningScope::global) return learning::rounded_share(sparsity, weights_);
    std::uint64_t gone = 0;
    for (const auto& slot : table_.slots)
        if (learning::is_prunable(slot)) gone += learning::rounded_share(sparsity, slot.size);
    return gone;
}

std::vector<float> PrunedRounds::ended(std::vector<float> next)
{
    if (round_ < pruning_.from_round) return next;
    auto mask = mask_.value_or(learning::Mask{table_});
    // The server's momentum moves a weight on that no node does.
    mask.apply(next);
    const auto pruned = [&] { return table_.size - mask.kept_count(); };
    const double sparsity = learning::sparsity_behind(pruning_, round_);
    // A model with a value that is no number is evaluated as that, and ends the training.
    const bool is_finite = std::ranges::all_of(next, [](float value) { return std::isfinite(value); });
    if (is_finite && weights_gone(sparsity) > pruned()) {
        compared_ = weights_ - pruned();
        mask = learning::pruned_to(table_, next, std::move(mask), sparsity, pruning_.scope);
        mask.apply(next);
    }
    return next;
}

energy::Work PrunedRounds::moved(std::uint64_t bytes_a_parameter, std::uint64_t bytes) const
{
    return {.memory_bytes = bytes_a_parameter * table_.size + bytes, .kernels = 1};
}

energy::NodeRound PrunedRounds::with_exchange(energy::NodeRound share) const
{
    if (!mask_) return share;
    if (sparse_) share.bytes_down = share.bytes_down - table_.bytes() + sparse_->bytes;
    share.bytes_up = update_bytes_;
    share.train += node_work(share.train.steps);
    return share;
}

energy::Work PrunedRounds::node_work(std::uint64_t steps) const
{
    energy::Work work;
    if (!mask_) return work;
    work = moved(5, update_bytes_);
    if (sparse_) work += moved(4, sparse_->bytes);
    work.memory_bytes += 9 * table_.size * steps;
    work.kernels += steps;
    return work;
}

energy::Work PrunedRounds::work(std::size_t updates) const
{
    energy::Work work;
    if (round_ < pruning_.from_round) return work;
    work += moved(9, 0);
    if (compared_ > 0) work += {.flops = 10 * compared_, .memory_bytes = 20 * compared_, .kernels = 2};
    if (sparse_) work += moved(4, sparse_->bytes);
    if (mask_)
        for (std::size_t i = 0; i < updates; ++i) work += moved(5, update_bytes_);
    return work;
}

}  // namespace fedgram::coordinator
