#include "tests/slurm/private_cluster.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/faults/network_namespace.hpp"

namespace fedgram::test {

namespace {

namespace fs = std::filesystem;

std::string installed(const std::string& name)
{
    for (const std::string folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
        if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
    throw std::runtime_error{name + " is not installed"};
}

std::string host_name()
{
    char name[256]{};
    ::gethostname(name, sizeof name - 1);
    const std::string whole = name;
    return whole.substr(0, whole.find('.'));
}

std::string address(int host) { return "10.77.0." + std::to_string(host); }

std::vector<pid_t> processes_in(const NetworkNamespace& place)
{
    const auto pids = run(installed("ip"), {"netns", "pids", place.name()});
    std::istringstream numbers{pids.out};
    return {std::istream_iterator<pid_t>{numbers}, {}};
}

/// To whatever runs in a namespace.
void signal_all_in(const NetworkNamespace& place, int signal)
{
    for (const auto pid : processes_in(place)) ::kill(pid, signal);
}

/// What the kernel calls a process; empty for one that has gone.
std::string name_of(pid_t pid)
{
    std::ifstream file{"/proc/" + std::to_string(pid) + "/comm"};
    std::string name;
    std::getline(file, name);
    return name;
}

}  // namespace

std::optional<std::string> no_cluster_here()
{
    if (const auto why = no_network_here()) return why;
    try {
        for (const std::string name : {"munged", "slurmctld", "slurmd", "sbatch", "srun", "salloc"})
            static_cast<void>(installed(name));
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return std::nullopt;
}

PrivateCluster::PrivateCluster(const Size& size) : network_{size.nodes}
{
    ::unsetenv("SLURM_CONF");  // of a cluster that this machine belongs to
    for (const std::string name : {"state", "spool", "log", "munge"}) fs::create_directories(folder_ / name);
    for (const std::string name : {"", "munge"}) ::chmod(file(name).c_str(), name.empty() ? 0755 : 0700);
    {
        // What processes of the cluster know each other by.
        const int key = ::open(file("munge/key").c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
        std::ifstream random{"/dev/urandom", std::ios::binary};
        std::string bytes(128, '\0');
        random.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        const auto written = ::write(key, bytes.data(), bytes.size());
        ::close(key);
        if (written != static_cast<ssize_t>(bytes.size())) throw std::runtime_error{"no key for MUNGE"};
    }
    write_configuration(size);
    start(munge_, network_.coordinator().place(),
          installed("munged") + " --foreground --key-file=" + file("munge/key") + " --socket=" + file("munge.socket") +
              " --pid-file=" + file("munge/pid") + " --log-file=" + file("munge/log") +
              " --seed-file=" + file("munge/seed"));
    for (int tries = 0; tries < 500 && !fs::exists(file("munge.socket")); ++tries) ::usleep(10'000);
    start_controller();
    for (int number = 1; number <= size.nodes; ++number) {
        nodes_.emplace_back();
        start_node(number);
    }
    wait_until_ready(size.nodes);
}

PrivateCluster::~PrivateCluster()
{
    for (int number = 0; number < static_cast<int>(nodes_.size()); ++number)
        signal_all_in(network_.client(number), SIGKILL);
    signal_all_in(network_.coordinator(), SIGKILL);
}

void PrivateCluster::write_configuration(const Size& size) const
{
    std::ostringstream text;
    text << "ClusterName=fedgram\nSlurmctldHost=" << host_name() << "(" << SwitchedNetwork::coordinator_address << ")\n"
         << "SlurmUser=root\nSlurmdUser=root\nAuthType=auth/munge\nAuthInfo=socket=" << file("munge.socket")
         << ",cred_expire=5\nCredType=cred/munge\nStateSaveLocation=" << file("state")
         << "\nSlurmdSpoolDir=" << file("spool/%n") << "\nSlurmctldPidFile=" << file("controller.pid")
         << "\nSlurmdPidFile=" << file("%n.pid") << "\n"
         << "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSwitchType=switch/none\nMpiDefault=none\n"
         << "SelectType=select/cons_tres\nSelectTypeParameters=CR_Core\nSlurmdParameters=config_overrides\n"
         << "AccountingStorageType=accounting_storage/none\nJobAcctGatherType=jobacct_gather/none\n"
         << "PreemptType=preempt/partition_prio\nPreemptMode=REQUEUE\n"
         << "ReturnToService=2\nKillWait=20\nSlurmdTimeout=30\nMinJobAge=300\nInactiveLimit=0\nMessageTimeout=5\n"
         << "MaxJobCount=20000\nMaxArraySize=" << size.array_size << "\n"
         << "SchedulerType=sched/"
            "backfill\nSchedulerParameters=sched_interval=2,batch_sched_delay=0,sched_min_interval=0\n";
    for (int number = 1; number <= size.nodes; ++number)
        text << "NodeName=" << node(number) << " NodeHostname=" << host_name() << " NodeAddr=" << address(number + 1)
             << " CPUs=" << size.cpus << " Sockets=1 CoresPerSocket=" << size.cpus
             << " ThreadsPerCore=1 RealMemory=4000 State=UNKNOWN\n";
    text << "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=2\n"
         << "PartitionName=low Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE\n";
    write_file(file("slurm.conf"), text.str());
}

void PrivateCluster::start(std::optional<Process>& daemon, const std::vector<std::string>& place,
                           const std::string& command) const
{
    std::vector<std::string> words{place.begin() + 1, place.end()};
    words.insert(words.end(), {"/bin/sh", "-c", "exec " + command + " >>" + file("log/daemons") + " 2>&1"});
    daemon.emplace(place.front(), words, environment());
}

void PrivateCluster::wait_until_ready(int nodes) const
{
    // A node may be idle by its name before its daemon has come.
    for (int tries = 0; tries < 30; ++tries) {
        if (call({"/usr/bin/timeout", "10", installed("srun"), "--nodes=" + std::to_string(nodes),
                  "--ntasks-per-node=1", "true"})
                .exit_code == 0)
            return;
        ::usleep(300'000);
    }
    throw std::runtime_error{"the cluster doesn't come up: " + read_file(file("log/daemons"))};
}

std::vector<std::string> PrivateCluster::place() const { return network_.coordinator().place(); }

std::vector<std::string> PrivateCluster::environment() const { return {"SLURM_CONF=" + file("slurm.conf")}; }

Outcome PrivateCluster::call(const std::vector<std::string>& words) const
{
    auto all = place();
    all.insert(all.end(), words.begin(), words.end());
    return run(all.front(), {all.begin() + 1, all.end()}, environment());
}

std::string PrivateCluster::answer(const std::vector<std::string>& words) const
{
    auto outcome = call(words);
    if (outcome.exit_code != 0) throw std::runtime_error{words.front() + ": " + outcome.err};
    if (outcome.out.ends_with('\n')) outcome.out.pop_back();
    return outcome.out;
}

void PrivateCluster::kill_controller()
{
    controller_->send(SIGKILL);
    static_cast<void>(controller_->wait());
    controller_.reset();
}

void PrivateCluster::start_controller()
{
    start(controller_, network_.coordinator().place(), installed("slurmctld") + " -D");
}

void PrivateCluster::kill_node(int number) { signal_all_in(network_.client(number - 1), SIGKILL); }

void PrivateCluster::hide_node(int number)
{
    (*std::next(nodes_.begin(), number - 1))->send(SIGKILL);
    signal_all_in(network_.client(number - 1), SIGSTOP);
}

void PrivateCluster::wake_node(int number) { signal_all_in(network_.client(number - 1), SIGCONT); }

void PrivateCluster::kill_tasks(int number)
{
    for (const auto pid : processes_in(network_.client(number - 1)))
        if (!name_of(pid).starts_with("slurm") || name_of(pid) == "slurm_script") ::kill(pid, SIGKILL);
}

void PrivateCluster::start_node(int number)
{
    start(*std::next(nodes_.begin(), number - 1), network_.client(number - 1).place(),
          installed("slurmd") + " -D -N " + node(number));
}

}  // namespace fedgram::test
