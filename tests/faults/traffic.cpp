#include "tests/faults/traffic.hpp"

#include <fstream>
#include <sstream>

namespace fedgram::test {

std::optional<std::uint64_t> bytes_passed(pid_t process, const std::string& device, Way way)
{
    // /sys shows the devices of whoever mounted it; this file those of the process.
    std::ifstream table{"/proc/" + std::to_string(process) + "/net/dev"};
    for (std::string line; std::getline(table, line);) {
        std::istringstream text{line};
        std::string name;
        if (!std::getline(text >> std::ws, name, ':') || name != device) continue;
        // Eight figures of what came in, bytes first, then those of what went out.
        std::uint64_t figure = 0;
        for (int column = 0; column <= (way == Way::in ? 0 : 8); ++column) text >> figure;
        return figure;
    }
    return std::nullopt;
}

void Traffic::look()
{
    if (const auto bytes = bytes_passed(process_, device_, way_))
        samples_.push_back({std::chrono::steady_clock::now(), *bytes});
}

std::optional<Traffic::Span> Traffic::bulk(std::uint64_t bytes) const
{
    std::optional<Span> shortest;
    auto first = samples_.begin();
    for (const auto& last : samples_)
        // The samples lie in the order of time, and bytes only grow: an earlier `first` can't do better.
        for (; last.bytes - first->bytes >= bytes; ++first)
            if (!shortest || last.when - first->when < shortest->end - shortest->begin)
                shortest = {first->when, last.when};
    return shortest;
}

}  // namespace fedgram::test
