#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/training/state_bytes.hpp"

namespace fedgram::coordinator {

/// How often each node was chosen in the rounds that count, whether or not it delivered.
class Participation {
public:
    explicit Participation(std::uint32_t nodes) : times_(nodes) {}

    void add(std::uint32_t node) { ++times_[node]; }

    [[nodiscard]] std::uint32_t times(std::uint32_t node) const { return times_[node]; }
    /// By node.
    [[nodiscard]] std::span<const std::uint32_t> times() const { return times_; }

    void write(learning::StateWriter& state) const { state.add(times()); }
    void read(learning::StateReader& state) { state.read(std::span{times_}); }

private:
    std::vector<std::uint32_t> times_;
};

}  // namespace fedgram::coordinator
