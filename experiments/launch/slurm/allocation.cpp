#include "experiments/launch/slurm/allocation.hpp"

#include <charconv>
#include <sstream>

namespace fedgram::experiments::slurm {

namespace {

/// The number that the text begins with, which is then cut off.
std::uint32_t taken_number(std::string_view& text)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return 0;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

std::optional<Allocation> allocation_in(const std::function<const char*(const char*)>& variable)
{
    const char* const job = variable("SLURM_JOB_ID");
    const char* const nodes = variable("SLURM_JOB_NODELIST");
    const char* const cpus = variable("SLURM_JOB_CPUS_PER_NODE");
    if (job == nullptr || nodes == nullptr || cpus == nullptr) return std::nullopt;
    return Allocation{job, nodes, sum_of_cpus(cpus)};
}

std::uint32_t sum_of_cpus(std::string_view list)
{
    std::uint32_t sum = 0;
    while (!list.empty()) {
        const auto cpus = taken_number(list);
        std::uint32_t nodes = 1;
        if (list.starts_with("(x")) {
            list.remove_prefix(2);
            nodes = taken_number(list);
            if (list.starts_with(')')) list.remove_prefix(1);
        }
        sum += cpus * nodes;
        if (!list.empty() && !list.starts_with(',')) return 0;
        if (!list.empty()) list.remove_prefix(1);
    }
    return sum;
}

std::optional<std::string> parse_node_address(std::string_view text)
{
    constexpr std::string_view key = "NodeAddr=";
    std::istringstream words{std::string{text}};
    for (std::string word; words >> word;)
        if (word.starts_with(key) && word.size() > key.size()) return word.substr(key.size());
    return std::nullopt;
}

}  // namespace fedgram::experiments::slurm
