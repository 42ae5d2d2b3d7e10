#include "datasets/partition/classes_partitioner.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "common/error/error.hpp"
#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"
#include "datasets/partition/label_index.hpp"

namespace fedgram::datasets {

namespace {

/// The nodes of each class. A node takes the classes that fewest have so far, by lot where several have as few.
std::vector<std::vector<std::uint32_t>> holders_of(std::uint32_t classes, std::uint32_t nodes,
                                                   std::uint32_t classes_per_node, Stream& stream)
{
    std::vector<std::vector<std::uint32_t>> holders(classes);
    std::vector<std::uint32_t> order(classes);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t node = 0; node < nodes; ++node) {
        stream.shuffle(std::span{order});
        std::ranges::stable_sort(order, {}, [&](std::uint32_t label) { return holders[label].size(); });
        for (std::uint32_t i = 0; i < classes_per_node; ++i) holders[order[i]].push_back(node);
    }
    return holders;
}

void check(std::uint32_t classes, std::uint32_t nodes, std::uint32_t classes_per_node)
{
    const auto covered = std::uint64_t{nodes} * classes_per_node;
    if (classes_per_node > classes || covered < classes)
        throw SpecError{"partition.classes_per_node: " + std::to_string(classes_per_node) + " classes for each of " +
                        std::to_string(nodes) + " nodes, of " + std::to_string(classes) + "; use " +
                        std::to_string((classes + nodes - 1) / nodes) + " to " + std::to_string(classes)};
}

}  // namespace

Shares classes_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                         const spec::Partition& rule, Stream& stream)
{
    check(classes, nodes, rule.classes_per_node);
    auto by_label = indices_by_label(labels, classes);
    const auto holders = holders_of(classes, nodes, rule.classes_per_node, stream);
    Shares shares(nodes);
    for (std::uint32_t label = 0; label < classes; ++label) {
        auto& samples = by_label[label];
        const auto size = static_cast<std::uint32_t>(samples.size());
        const auto parts = static_cast<std::uint32_t>(holders[label].size());
        if (size < parts)
            throw SpecError{"partition.classes_per_node: class " + std::to_string(label) + " has " +
                            std::to_string(size) + " samples for " + std::to_string(parts) +
                            " nodes; use fewer nodes or classes per node"};
        stream.shuffle(std::span{samples});
        // One each beforehand, so that every node has each of its classes.
        auto counts = rule.quantity_alpha ? apportion(size - parts, stream.dirichlet(*rule.quantity_alpha, parts))
                                          : apportion_evenly(size - parts, parts);
        auto next = samples.begin();
        for (std::uint32_t i = 0; i < parts; ++i) {
            const auto end = next + counts[i] + 1;
            shares[holders[label][i]].insert(shares[holders[label][i]].end(), next, end);
            next = end;
        }
    }
    return shares;
}

}  // namespace fedgram::datasets
