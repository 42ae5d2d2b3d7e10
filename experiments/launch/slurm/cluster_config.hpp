#pragma once

#include <cstdint>
#include <string_view>

namespace fedgram::experiments::slurm {

/// What Fedgram needs to know of how a cluster is set up.
struct ClusterConfig {
    std::uint32_t tasks_of_an_array = 1001;  ///< at most, counted from 0: Slurm's MaxArraySize, here its default
};

/// From what `scontrol show config` prints. What isn't said keeps its default.
[[nodiscard]] ClusterConfig parse_cluster_config(std::string_view text);

}  // namespace fedgram::experiments::slurm
