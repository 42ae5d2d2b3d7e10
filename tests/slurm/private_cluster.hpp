#pragma once

#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "tests/faults/switched_network.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fedgram::test {

/// Why no cluster can be made here, or nothing: it takes root, Slurm and MUNGE, and network namespaces.
[[nodiscard]] std::optional<std::string> no_cluster_here();

/// A Slurm cluster of the test's own on this machine, without systemd and cgroups: a controller, and nodes sim1, sim2,
/// ... on a switched network, each in a network namespace with an address of its own. They share this machine's file
/// system. Its partitions are `main`, and `low`, which gives way to `main` by putting its jobs back into the queue.
/// Everything is gone with the object, its jobs too.
class PrivateCluster {
public:
    struct Size {
        int nodes = 3;
        int cpus = 4;           ///< of a node; as many as it says, whatever this machine has
        int array_size = 1001;  ///< MaxArraySize: one more than the highest index
    };
    /// Ready for jobs on all nodes. Throws what its programs say where it doesn't come up.
    explicit PrivateCluster(const Size& size);
    PrivateCluster(const PrivateCluster&) = delete;
    PrivateCluster& operator=(const PrivateCluster&) = delete;
    ~PrivateCluster();

    /// The words before a command of this build, or of Slurm, that is called where the controller is.
    [[nodiscard]] std::vector<std::string> place() const;
    /// $SLURM_CONF.
    [[nodiscard]] std::vector<std::string> environment() const;
    /// Runs a command there to its end.
    Outcome call(const std::vector<std::string>& words) const;
    /// The same, and its standard output without the last newline. Throws where it fails.
    std::string answer(const std::vector<std::string>& words) const;

    static std::string node(int number) { return "sim" + std::to_string(number); }
    void kill_controller();
    void start_controller();
    /// The daemon of a node, counted from 1; what runs on the node is killed with it, as if its power were cut.
    void kill_node(int number);
    void start_node(int number);
    /// Its daemon is killed, and the rest held up: out of sight, but not gone, until it wakes.
    void hide_node(int number);
    void wake_node(int number);
    /// What its jobs have started, and no daemon.
    void kill_tasks(int number);

private:
    void write_configuration(const Size& size) const;
    void start(std::optional<Process>& daemon, const std::vector<std::string>& place, const std::string& command) const;
    void wait_until_ready(int nodes) const;
    [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / name).string(); }

    TemporaryFolder folder_;
    SwitchedNetwork network_;
    std::optional<Process> munge_;
    std::optional<Process> controller_;
    std::list<std::optional<Process>> nodes_;
};

}  // namespace fedgram::test
