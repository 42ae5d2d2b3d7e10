#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "common/energy/work/training_work.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/learning/pruning/mask.hpp"
#include "common/learning/pruning/sparse_exchange.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/protocol/frame.hpp"
#include "common/spec/pruning.hpp"

namespace fedgram::coordinator {

/// The model as it goes to clients: its floats as they are, or the bytes of a sparse form, which the floats hold.
struct SentModel {
    std::shared_ptr<const std::vector<float>> payload;
    std::optional<std::uint64_t> encoded_bytes{};
};

/// What a training that prunes its model does with it in each round: which weights are gone, how the model goes down
/// and updates come up, which weights go next, and what that costs. It keeps nothing from round to round: behind the
/// first round that prunes, what is 0 in the model is pruned.
///
/// Memory traffic: 9 bytes a parameter to set a step's gradients, or the next model, to 0 where weights are pruned (a
/// byte of the mask; the value in and out). To write or read a sparse model, 4 bytes a parameter and those of the
/// message; to gather or place an update's values, 5 bytes a parameter (mask and value) and 4 a value that is sent. A
/// mask's weights are compared as top-k's are (common/learning/codec): 10 FLOPs and 20 bytes for each that is still
/// there.
class PrunedRounds {
public:
    /// Both must outlive it. Pruning is as it was parsed.
    PrunedRounds(const spec::Pruning& pruning, const learning::ParameterTable& table);

    /// A round begins with this model, which lives as long as it. A round may be begun again.
    void begin(std::uint32_t round, std::shared_ptr<const std::vector<float>> model);
    /// Whether what isn't pruned is all that is sent.
    [[nodiscard]] bool is_sparse() const { return mask_.has_value(); }
    [[nodiscard]] SentModel sent() const;
    /// An update's parameters, valid until the next call; or why there are none. Of a sparse round.
    [[nodiscard]] std::variant<std::span<const float>, learning::Refusal> parameters(const protocol::Frame& frame);
    /// The next global model, of what the round's updates have made.
    [[nodiscard]] std::vector<float> ended(std::vector<float> next);

    /// A node's share with what is sent in this round, and with what that and its steps take.
    [[nodiscard]] energy::NodeRound with_exchange(energy::NodeRound share) const;
    /// Of a node that takes so many steps.
    [[nodiscard]] energy::Work node_work(std::uint64_t steps) const;
    /// What the coordinator has computed for the round, of so many updates.
    [[nodiscard]] energy::Work work(std::size_t updates) const;

private:
    /// So many at this sparsity.
    [[nodiscard]] std::uint64_t weights_gone(double sparsity) const;
    [[nodiscard]] energy::Work moved(std::uint64_t bytes_a_parameter, std::uint64_t bytes) const;

    const spec::Pruning& pruning_;
    const learning::ParameterTable& table_;
    std::uint64_t weights_ = 0;  // that can be pruned
    // Of the round:
    std::uint32_t round_ = 0;
    std::shared_ptr<const std::vector<float>> model_;
    std::optional<learning::Mask> mask_;  // where the model is pruned
    std::uint64_t update_bytes_ = 0;      // of an update, there
    std::optional<learning::SparseModel> sparse_;
    std::uint64_t compared_ = 0;  // weights, for the next mask
    std::vector<float> read_;
};

}  // namespace fedgram::coordinator
