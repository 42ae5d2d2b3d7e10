#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// How the final global model does on each node's own test set.
struct NodeTest {
    std::vector<std::uint32_t> samples;  ///< by node; 0 where a node had too few to hold one out
    std::vector<std::uint32_t> correct;

    /// Of the nodes that have a test set, ascending.
    [[nodiscard]] std::vector<double> accuracies() const;
    /// Over nodes, whatever their sizes.
    [[nodiscard]] double mean() const;
    /// The mean of the tenth of the nodes with the lowest accuracies, rounded up to whole nodes.
    [[nodiscard]] double worst_tenth() const;
    /// "mean 78.1 %, worst tenth 62.0 %, of 10 nodes"
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] nlohmann::ordered_json to_json(const NodeTest& test);

/// Throws SpecError that names the key below `path`: lists of unequal length, more correct than there are samples, no
/// node with a test set.
[[nodiscard]] NodeTest parse_node_test(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace fedgram::run
