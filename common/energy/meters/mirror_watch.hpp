#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// Sees two counters that always rise alike: one die that shows up as two sockets, and would be counted twice.
class MirrorWatch {
public:
    /// What each counter added since the sample before, in an order that stays.
    void observe(std::span<const Joules> added);

    /// The first two that rose by exactly the same, in enough samples to be no accident.
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> mirrored() const;

private:
    struct Pair {
        std::size_t first;
        std::size_t second;
        int alike = 0;
        bool differed = false;
    };
    std::vector<Pair> pairs_;
};

}  // namespace fedgram::energy
