#include "coordinator/node_text.hpp"

namespace fedgram::coordinator {

std::string node_text(std::span<const std::uint32_t> nodes)
{
    std::string text;
    for (std::size_t first = 0; first < nodes.size();) {
        auto last = first;
        while (last + 1 < nodes.size() && nodes[last + 1] == nodes[last] + 1) ++last;
        if (!text.empty()) text += ',';
        text += std::to_string(nodes[first]);
        if (last > first) text += '-' + std::to_string(nodes[last]);
        first = last + 1;
    }
    return text;
}

}  // namespace fedgram::coordinator
