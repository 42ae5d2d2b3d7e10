#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// A node of a round in virtual time: what its share takes, and when it goes away.
struct VirtualNode {
    std::uint32_t node = 0;
    Seconds download;
    Seconds train;
    Seconds upload;
    Seconds leaves;  ///< after the round's start; infinity: never

    [[nodiscard]] Seconds busy() const { return download + train + upload; }
};

/// When a round ends, in virtual time.
struct VirtualRule {
    std::optional<Seconds> deadline{};    ///< after its start
    std::optional<std::uint32_t> goal{};  ///< with so many updates
};

/// Why a node's update is lost.
enum class Loss {
    late,  ///< the round was over
    left,  ///< the node went away
};

struct LostNode {
    std::uint32_t node = 0;
    Loss loss = Loss::late;
    Seconds busy;  ///< it was, until the round's end or until it left

    friend bool operator==(const LostNode&, const LostNode&) = default;
};

struct VirtualOutcome {
    Seconds lasted;
    std::vector<std::uint32_t> delivered;  ///< ascending
    std::vector<LostNode> lost;            ///< ascending by node
};

/// Each node downloads, trains and uploads, one after the other. The round ends with the `goal`-th update, of equally
/// early ones the node with the lowest number first; else when each node has delivered or left; at the deadline in any
/// case. Who isn't done by then is told to stop.
[[nodiscard]] VirtualOutcome virtual_round(std::span<const VirtualNode> cohort, const VirtualRule& rule);

}  // namespace fedgram::coordinator
