#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::experiments::slurm {

/// What Slurm has given to the job that this process is in.
struct Allocation {
    std::string job;       ///< its id
    std::string nodes;     ///< "node[1-3]"
    std::uint32_t cpus{};  ///< of all nodes together
};

/// From the variables that Slurm sets; nothing where this process is in no job. `variable` gives one's value, or null.
[[nodiscard]] std::optional<Allocation> allocation_in(const std::function<const char*(const char*)>& variable);

/// The sum of a list such as "4(x3),2", which is 14; 0 for what is none.
[[nodiscard]] std::uint32_t sum_of_cpus(std::string_view list);

/// NodeAddr in what `scontrol --oneliner show node` prints: by which Slurm itself reaches the node.
[[nodiscard]] std::optional<std::string> parse_node_address(std::string_view text);

}  // namespace fedgram::experiments::slurm
