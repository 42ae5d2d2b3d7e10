#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/training/state_bytes.hpp"

namespace fedgram::coordinator {

/// In which round each node's update was last in a model, 0 for none: now, and at the checkpoint before the latest,
/// which is used where that one is damaged. A node that keeps something of its own, such as what it hasn't sent, goes
/// on from the first, and needs nothing older than the second.
class CountedUpdates {
public:
    explicit CountedUpdates(std::uint32_t nodes) : counted_(nodes), latest_(nodes), settled_(nodes) {}

    void count(std::span<const std::uint32_t> nodes, std::uint32_t round)
    {
        for (const auto node : nodes) counted_[node] = round;
    }
    /// A checkpoint has been written.
    void settle()
    {
        settled_.swap(latest_);
        latest_ = counted_;
    }

    [[nodiscard]] std::uint32_t counted(std::uint32_t node) const { return counted_[node]; }
    [[nodiscard]] std::uint32_t settled(std::uint32_t node) const { return settled_[node]; }

    void write(learning::StateWriter& state) const { state.add(std::span<const std::uint32_t>{counted_}); }
    /// Of the checkpoint that a run goes on from: there is no other behind it.
    void read(learning::StateReader& state)
    {
        state.read(std::span{counted_});
        settled_ = latest_ = counted_;
    }

private:
    std::vector<std::uint32_t> counted_;
    std::vector<std::uint32_t> latest_;  // at the latest checkpoint
    std::vector<std::uint32_t> settled_;
};

}  // namespace fedgram::coordinator
