#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/spec/selection.hpp"
#include "common/units/quantity.hpp"
#include "coordinator/selection/node_facts.hpp"

namespace fedgram::coordinator {

/// Which hours of a window of virtual time each node may spend a round in, for a budget of grams (GreenFL, Neglia's
/// group, github.com/chrdz/GreenFL; the greedy of Krause and Golovin 2014 for a budget).
///
/// A node's round in an hour costs g = its expected joules x the intensity of its place in that hour, and is worth
/// G - g, with G the dearest of all nodes and hours. Sought is the largest sum over nodes of (the worth of a node's
/// hours)^alpha within the budget; the plan takes what gains most of it per gram, again and again. Among equals the
/// node with the fewest hours comes first, then the smaller id. An hour whose intensity isn't known is in no plan.
///
/// What doesn't fit: `skip` passes over it and goes on with other nodes, `stop` ends the plan. GreenFL has one greedy
/// of each kind. All nodes have the last `final_rounds` hours; these are paid for first.
///
/// A node's cheapest hour gains most per gram, so its hours come in the order of their intensity. That makes one
/// candidate a node, and 2 bytes of plan.
class CarbonPlan {
public:
    /// `rule` has max_grams, beyond_cap, alpha, window_hours and final_rounds. `nodes` must outlive it. `path` is how
    /// errors name the rule. Throws SpecError where the budget pays for no round, or not for the final ones.
    CarbonPlan(const spec::Selection& rule, const NodeFacts& nodes, const std::string& path);

    [[nodiscard]] bool has(std::uint32_t node, std::uint32_t hour) const;
    /// The first hour from this one on that any node has.
    [[nodiscard]] std::optional<std::uint32_t> next(std::uint64_t hour) const;
    /// What the budget has left.
    [[nodiscard]] GramsCO2e left() const { return left_; }

private:
    struct Place {
        std::vector<double> intensity{};            // by hour; NaN where not known
        std::vector<std::uint16_t> by_intensity{};  // hours before the final ones, the cheapest first
        std::vector<std::uint16_t> rank{};          // by hour: where it stands in by_intensity
    };

    struct Books;

    [[nodiscard]] bool is_final(std::uint32_t hour) const { return hour >= window_ - final_; }
    void read_places();
    [[nodiscard]] Books open_books() const;
    void pay_for_final_hours(Books& books, const std::string& path);
    void take_greedily(Books& books, const spec::Selection& rule);
    [[nodiscard]] GramsCO2e cost(double joules, std::uint32_t place, std::uint32_t hour) const;

    const NodeFacts& nodes_;
    std::uint32_t window_;
    std::uint32_t final_;
    GramsCO2e left_;
    std::vector<Place> places_;
    std::vector<std::uint16_t> taken_;  // by node: so many of its cheapest hours
    std::vector<bool> used_;            // by hour
};

}  // namespace fedgram::coordinator
