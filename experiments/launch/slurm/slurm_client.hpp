#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/launch/slurm/cluster_config.hpp"
#include "experiments/launch/slurm/job_record.hpp"
#include "experiments/launch/slurm/queued_task.hpp"

namespace fedgram::experiments::slurm {

/// Slurm's own commands. Each call is one of them, and takes as long as the controller lets it, half a minute at most.
class SlurmClient {
public:
    /// Throws SystemError, in one line, where the commands aren't here or no controller answers.
    [[nodiscard]] ClusterConfig config() const;

    /// Whether Slurm would take what `sbatch` is given. Throws SpecError with Slurm's reason.
    void check(const std::vector<std::string>& sbatch_arguments) const;

    /// What came of handing something in. Without an id and a refusal nobody knows: the answer is lost.
    struct Submission {
        std::string id{};       ///< Slurm's
        std::string refusal{};  ///< its reason
    };
    [[nodiscard]] Submission submit(const std::vector<std::string>& sbatch_arguments) const;

    /// The tasks that Slurm has of this user's arrays of these names; nothing where it doesn't answer.
    [[nodiscard]] std::optional<std::vector<QueuedTask>> queue(const std::vector<std::string>& names) const;

    /// What it remembers of a job, if anything.
    [[nodiscard]] std::optional<JobRecord> record(const std::string& job) const;

    /// Of a list such as "node[1-3]". Throws SystemError with Slurm's reason, as the next one.
    [[nodiscard]] std::string first_node(const std::string& list) const;
    /// By which Slurm itself reaches the node.
    [[nodiscard]] std::string node_address(const std::string& node) const;
};

/// The reason in what one of Slurm's commands says on its standard error.
[[nodiscard]] std::string reason_in(const std::string& said);

}  // namespace fedgram::experiments::slurm
