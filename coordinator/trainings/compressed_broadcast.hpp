#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/energy/work/training_work.hpp"
#include "common/learning/codec/codec.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::coordinator {

/// The model as nodes have it where what goes down is compressed: in each round it moves by a message, the encoded
/// difference of the global model to it. A node that comes back downloads every message that it has missed, or the
/// whole model where that is less; one that has never delivered an update has nothing yet, and downloads the model.
///
/// With error feedback the global model keeps what a message left out, so that the next one carries it. Without, the
/// next global model is made of the nodes' model alone.
class CompressedBroadcast {
public:
    using Model = std::shared_ptr<const std::vector<float>>;

    CompressedBroadcast(const spec::Compression& compression, std::uint64_t seed, std::uint32_t nodes,
                        std::size_t parameters);

    /// The model that the nodes of this round start from. Rounds come one after the other; a round that comes to
    /// nothing may be begun again.
    [[nodiscard]] Model begin(std::uint32_t round, const Model& global);
    /// What a node of this round takes down, and the Work of decoding it.
    [[nodiscard]] energy::NodeRound with_download(energy::NodeRound share) const;
    /// Of the messages that a node of this round takes down.
    [[nodiscard]] energy::Work decoding(std::uint32_t node) const;
    /// What the coordinator has computed for the round.
    [[nodiscard]] energy::Work work() const;

    /// The round is in the model: these nodes have its model. Returns the global model that comes of `next`, which was
    /// made of the nodes' model.
    [[nodiscard]] std::vector<float> ended(std::span<const std::uint32_t> delivered, std::vector<float> next);

    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    void arrive();
    [[nodiscard]] std::uint64_t missed(std::uint32_t node) const;

    learning::Codec codec_;
    bool keeps_rest_;
    std::uint64_t seed_;
    std::uint64_t model_bytes_;
    std::vector<std::uint64_t> sent_{0};  // bytes of all messages up to each round; of the first round, none
    std::vector<std::uint32_t> has_;      // by node: the round whose model it has, 0 for none
    std::vector<std::uint32_t> arrived_;  // nodes that have the latest round's, as of the next
    Model nodes_model_;                   // of the latest round
    Model global_;                        // that it stands for
};

}  // namespace fedgram::coordinator
