#include "experiments/launch/slurm/slurm_client.hpp"

#include <chrono>
#include <sstream>

#include "common/error/error.hpp"
#include "experiments/launch/captured_command.hpp"
#include "experiments/launch/slurm/allocation.hpp"

namespace fedgram::experiments::slurm {

namespace {

using namespace std::chrono_literals;

CapturedCommand called(const std::string& program, const std::vector<std::string>& arguments)
{
    auto command = captured_command(program, arguments, 30s);
    if (!command)
        throw SystemError{"--on slurm: there is no " + program +
                          " here; call fedgram on a machine with Slurm's commands (Debian's slurm-client)"};
    if (command->exit.signal != 0 && command->err.empty()) command->err = program + " didn't end within 30 s";
    return *std::move(command);
}

std::string joined_by_commas(const std::vector<std::string>& names)
{
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
    return all;
}

}  // namespace

std::string reason_in(const std::string& said)
{
    // The last line but "Try "sbatch --help" for more information", without the words before its reason.
    std::string reason;
    std::istringstream lines{said};
    for (std::string line; std::getline(lines, line);)
        if (!line.empty() && !line.starts_with("Try ")) reason = line;
    for (const std::string words :
         {"sbatch: ", "salloc: ", "fatal: ", "error: ", "allocation failure: ", "Batch job submission failed: "})
        if (const auto at = reason.find(words); at != std::string::npos) reason = reason.substr(at + words.size());
    return reason.empty() ? "without a reason" : reason;
}

ClusterConfig SlurmClient::config() const
{
    for (const std::string program : {"sbatch", "squeue"}) static_cast<void>(called(program, {"--version"}));
    const auto command = called("scontrol", {"show", "config"});
    if (!command.exit.good())
        throw SystemError{"--on slurm: Slurm's controller doesn't answer: " + reason_in(command.err + command.out)};
    return parse_cluster_config(command.out);
}

void SlurmClient::check(const std::vector<std::string>& sbatch_arguments) const
{
    std::vector<std::string> arguments{"--test-only"};
    arguments.insert(arguments.end(), sbatch_arguments.begin(), sbatch_arguments.end());
    const auto command = called("sbatch", arguments);
    if (command.exit.good()) return;
    const auto reason = reason_in(command.err);
    // So it says also where all nodes are down, and the job would wait for them.
    if (reason != "Requested node configuration is not available")
        throw SpecError{"--on slurm: Slurm takes no such job: " + reason +
                        "; `sinfo` shows its partitions, --sbatch hands options on to it"};
}

SlurmClient::Submission SlurmClient::submit(const std::vector<std::string>& sbatch_arguments) const
{
    const auto command = called("sbatch", sbatch_arguments);
    if (command.exit.signal != 0) return {};
    if (!command.exit.good()) return {.refusal = reason_in(command.err)};
    return {.id = command.out.substr(0, command.out.find_first_of(";\n"))};  // "12;cluster" where there are several
}

std::optional<std::vector<QueuedTask>> SlurmClient::queue(const std::vector<std::string>& names) const
{
    const auto command = called("squeue", {"--noheader", "--array", "--me", "--name=" + joined_by_commas(names),
                                           std::string{"--format="} + queue_format});
    if (!command.exit.good()) return std::nullopt;
    return parse_queue(command.out);
}

std::optional<JobRecord> SlurmClient::record(const std::string& job) const
{
    const auto command = called("scontrol", {"--oneliner", "show", "job", job});
    if (!command.exit.good()) return std::nullopt;
    return parse_job_record(command.out);
}

std::string SlurmClient::first_node(const std::string& list) const
{
    const auto command = called("scontrol", {"show", "hostnames", list});
    auto first = command.out.substr(0, command.out.find('\n'));
    if (!command.exit.good() || first.empty())
        throw SystemError{"--on slurm: Slurm doesn't know the nodes " + list + ": " + reason_in(command.err)};
    return first;
}

std::string SlurmClient::node_address(const std::string& node) const
{
    const auto command = called("scontrol", {"--oneliner", "show", "node", node});
    const auto address = parse_node_address(command.out);
    if (!command.exit.good() || !address)
        throw SystemError{"--on slurm: Slurm doesn't say the address of " + node + ": " +
                          reason_in(command.err + command.out)};
    return *address;
}

}  // namespace fedgram::experiments::slurm
