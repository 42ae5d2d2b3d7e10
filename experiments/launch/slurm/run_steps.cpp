#include "experiments/launch/slurm/run_steps.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/node_ranges.hpp"
#include "experiments/launch/slurm/allocation.hpp"
#include "experiments/launch/slurm/join_folder.hpp"
#include "experiments/launch/slurm/slurm_client.hpp"

namespace fedgram::experiments::slurm {

namespace {

/// As a shell finds it.
std::filesystem::path program_of_path(const std::string& name)
{
    const char* const path = std::getenv("PATH");
    std::istringstream folders{path != nullptr ? path : ""};
    for (std::string folder; std::getline(folders, folder, ':');)
        if (auto file = std::filesystem::path{folder} / name; ::access(file.c_str(), X_OK) == 0) return file;
    throw SystemError{"--on slurm: there is no " + name +
                      " here; call fedgram on a machine with Slurm's commands (Debian's slurm-client)"};
}

/// What this program was called with, but for its name.
std::vector<std::string> own_arguments()
{
    std::istringstream line{files::read_file("/proc/self/cmdline")};
    std::vector<std::string> words;
    for (std::string word; std::getline(line, word, '\0');) words.push_back(word);
    words.erase(words.begin());
    return words;
}

/// What makes a job large enough.
std::vector<std::string> sized(std::uint32_t clients, const StepOptions& options)
{
    std::vector<std::string> arguments{"--ntasks=" + std::to_string(clients + 1),
                                       "--cpus-per-task=" + std::to_string(options.cpus), "--job-name=fedgram"};
    if (options.time) arguments.push_back("--time=" + *options.time);
    arguments.insert(arguments.end(), options.more.begin(), options.more.end());
    return arguments;
}

[[noreturn]] void become(const std::filesystem::path& program, std::vector<std::string> words)
{
    words.insert(words.begin(), program.string());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    throw errno_error(program.string() + " can't be started");
}

}  // namespace

void be_in_allocation(std::uint32_t clients, const StepOptions& options)
{
    if (const auto allocation = allocation_in([](const char* name) { return std::getenv(name); })) {
        const auto needed = (clients + 1) * options.cpus;
        if (allocation->cpus < needed)
            throw SpecError{"--on slurm: job " + allocation->job + " has " + std::to_string(allocation->cpus) +
                            " CPUs, and a coordinator with " + std::to_string(clients) + " clients takes " +
                            std::to_string(needed) + "; use fewer clients, or a larger job"};
        return;
    }
    const SlurmClient slurm;
    static_cast<void>(slurm.config());
    auto arguments = sized(clients, options);
    arguments.emplace_back("--wrap=true");
    slurm.check(arguments);
    arguments.back() = sibling_program("fedgram").string();
    const auto again = own_arguments();
    arguments.insert(arguments.end(), again.begin(), again.end());
    become(program_of_path("salloc"), std::move(arguments));
}

int run_steps(const RunProcesses& run, const StepOptions& options)
{
    const SlurmClient slurm;
    const auto allocation = allocation_in([](const char* name) { return std::getenv(name); }).value();
    const auto node = slurm.first_node(allocation.nodes);
    const auto address = slurm.node_address(node);
    const JoinFolder join{run.folder, options.trust, {address, node}, node_ranges(run.nodes, run.client_processes)};
    return run_processes(run, StepHost{{program_of_path("srun"), sibling_program("fedgram").parent_path(), join.path(),
                                        options.trust, node, address, options.cpus}});
}

}  // namespace fedgram::experiments::slurm
