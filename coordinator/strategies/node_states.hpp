#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "common/learning/training/state_bytes.hpp"

namespace fedgram::coordinator {

/// A state of the model's size for each node, zero at first, and their mean over all nodes. A node's state moves on
/// with an update that is in a model, and with no other.
class NodeStates {
public:
    NodeStates(std::uint32_t nodes, std::size_t parameters);

    /// Empty: it is zero.
    [[nodiscard]] std::span<const float> of(std::uint32_t node) const;
    /// The mean over all nodes, those that have never taken part included.
    [[nodiscard]] std::span<const double> mean() const { return mean_; }

    /// The state that the node has once its round is in a model. Throws SystemError for values that no sum can hold.
    void hold(std::uint32_t node, std::vector<float> state);
    /// The round isn't in a model.
    void drop_held() { held_.clear(); }
    /// The round is in a model. The mean's difference is summed exactly, and added with one rounding.
    void commit();

    [[nodiscard]] std::size_t held() const { return held_.size(); }

    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    std::uint32_t nodes_;
    std::map<std::uint32_t, std::vector<float>> states_;  // of those that have one
    std::map<std::uint32_t, std::vector<float>> held_;
    std::vector<double> mean_;
};

}  // namespace fedgram::coordinator
