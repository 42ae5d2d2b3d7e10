#include "experiments/launch/slurm/cluster_config.hpp"

#include <charconv>
#include <sstream>
#include <string>

namespace fedgram::experiments::slurm {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

ClusterConfig parse_cluster_config(std::string_view text)
{
    ClusterConfig config;
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        const auto key = trimmed(std::string_view{line}.substr(0, equals));
        const auto value = trimmed(std::string_view{line}.substr(equals + 1));
        if (key == "MaxArraySize") {
            // One more than the highest index, which counts from 0; 0 where the cluster takes no arrays.
            std::uint32_t size = 0;
            std::from_chars(value.data(), value.data() + value.size(), size);
            config.tasks_of_an_array = size;
        }
    }
    return config;
}

}  // namespace fedgram::experiments::slurm
