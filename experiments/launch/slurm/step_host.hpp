#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/launch/process_host.hpp"

namespace fedgram::experiments::slurm {

/// How the processes of one run know each other beyond one machine.
enum class Trust {
    certificates,     ///< TLS, with a certificate for each end
    private_network,  ///< a secret that never goes over the wire; whoever is on the way can read and change the rest
};

/// What the steps of a run need.
struct StepPlace {
    std::filesystem::path srun;      ///< Slurm's command
    std::filesystem::path programs;  ///< folder of Fedgram's own, on all nodes
    std::filesystem::path join;      ///< folder with certificates or secret, on all nodes: see JoinFolder
    Trust trust = Trust::certificates;
    std::string node;        ///< of the coordinator
    std::string address;     ///< by which others reach that node
    std::uint32_t cpus = 1;  ///< of each process
};

/// An allocation of Slurm's: each process of the run is a job step of one task, which `srun` stands for here. The
/// coordinator is on a node that is chosen beforehand, so that its address is known; the clients are where there is
/// room.
class StepHost final : public ProcessHost {
public:
    explicit StepHost(StepPlace place) : place_{std::move(place)} {}

    [[nodiscard]] Call coordinator(std::vector<std::string> arguments) const override;
    [[nodiscard]] Call client(std::vector<std::string> arguments) const override;
    /// Writes it down in the folder, for whoever adds a client by hand.
    [[nodiscard]] std::string address(const std::string& listened) const override;
    [[nodiscard]] bool is_here() const override { return false; }

private:
    [[nodiscard]] Call step(std::vector<std::string> options, const char* program,
                            const std::vector<std::string>& arguments) const;

    StepPlace place_;
};

}  // namespace fedgram::experiments::slurm
