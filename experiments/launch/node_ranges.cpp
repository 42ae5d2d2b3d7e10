#include "experiments/launch/node_ranges.hpp"

namespace fedgram::experiments {

std::vector<std::string> node_ranges(std::uint32_t nodes, std::uint32_t processes)
{
    std::vector<std::string> ranges;
    for (std::uint64_t process = 0; process < processes; ++process) {
        const auto first = process * nodes / processes;
        const auto last = (process + 1) * nodes / processes - 1;
        ranges.push_back(first == last ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(last));
    }
    return ranges;
}

}  // namespace fedgram::experiments
