#include "datasets/partition/natural_partition.hpp"

#include <map>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::datasets {

Shares natural_partition(const Dataset& data, std::span<const std::uint32_t> indices, std::uint32_t nodes)
{
    if (data.train.nodes.empty())
        throw SpecError{"partition.kind: \"natural\" needs data that says whose each sample is; " + data.name +
                        " doesn't: name files of nodes or a column of them in data, or use another kind"};
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_owner;
    for (const auto index : indices) by_owner[data.train.nodes[index]].push_back(index);
    if (nodes == 0 || nodes > by_owner.size())
        throw SpecError{"federated.nodes: " + std::to_string(nodes) + " nodes; the training samples of " + data.name +
                        " have " + std::to_string(by_owner.size()) + " owners; use 1 to " +
                        std::to_string(by_owner.size())};
    Shares shares;
    for (auto& [owner, samples] : by_owner)
        if (shares.size() < nodes) shares.push_back(std::move(samples));
    return shares;
}

}  // namespace fedgram::datasets
