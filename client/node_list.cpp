#include "client/node_list.hpp"

#include <charconv>
#include <set>
#include <sstream>

#include "common/error/error.hpp"

namespace fedgram::client {

namespace {

constexpr std::uint32_t most_nodes = 1'000'000;

}  // namespace

std::vector<std::uint32_t> parse_node_list(const std::string& text)
{
    const auto refuse = [&] {
        throw SpecError{"--nodes: \"" + text + "\" is no list of nodes; use numbers and ranges below " +
                        std::to_string(most_nodes) + ", each node once, as in 0-4,7"};
    };
    std::set<std::uint32_t> nodes;
    std::istringstream parts{text};
    for (std::string part; std::getline(parts, part, ',');) {
        const char* const end = part.data() + part.size();
        std::uint32_t first = 0;
        auto parsed = std::from_chars(part.data(), end, first);
        if (parsed.ec != std::errc{})
            refuse();
        std::uint32_t last = first;
        if (parsed.ptr != end && *parsed.ptr == '-')
            parsed = std::from_chars(parsed.ptr + 1, end, last);
        if (parsed.ec != std::errc{} || parsed.ptr != end || last < first || last >= most_nodes)
            refuse();
        for (std::uint32_t node = first; node <= last; ++node)
            if (!nodes.insert(node).second)
                refuse();
    }
    if (nodes.empty() || text.back() == ',')
        refuse();
    return {nodes.begin(), nodes.end()};
}

}  // namespace fedgram::client
