// A sweep of many runs on a Slurm cluster of this program's own. When a part of it is done, the command that submitted
// it, the controller and a node are killed at once, and the same command is called again. Every run must be whole then,
// with each of its rounds once, and nothing may have been submitted twice.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/slurm/private_cluster.hpp"

namespace {

using namespace fedgram::test;
using nlohmann::json;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* spec = R"({
  "name": "tiny", "seed": 1,
  "data": {"dataset": "fashion-mnist", "train_samples": 200},
  "model": "mlp-32",
  "federated": {"nodes": 2, "learning_rate": 0.05, "max_rounds": 3},
  "trainings": [{"label": "iid", "kind": "federated"}]
})";

double seconds_since(Clock::time_point from) { return std::chrono::duration<double>(Clock::now() - from).count(); }

std::vector<json> lines(const fs::path& file)
{
    std::vector<json> all;
    std::istringstream text{fs::exists(file) ? read_file(file) : ""};
    for (std::string line; std::getline(text, line);) all.push_back(json::parse(line));
    return all;
}

class Trial {
public:
    Trial(int runs, int nodes, int cpus) : runs_{runs}, cluster_{{.nodes = nodes, .cpus = cpus, .array_size = runs + 1}}
    {
        write_file(folder_ / "tiny.json", spec);
        json seeds = json::array();
        for (int seed = 1; seed <= runs; ++seed) seeds.push_back(seed);
        write_file(folder_ / "sweep.json",
                   json{{"spec", "tiny.json"}, {"set", {{"federated.max_rounds", {3}}}}, {"seeds", seeds}}.dump());
    }

    int carry_out()
    {
        const auto begun = Clock::now();
        {
            Process submitter{sweep()};
            while (ended() < runs_ / 4) {
                ::usleep(200'000);
                if (seconds_since(begun) > 1800) throw std::runtime_error{"the sweep doesn't get on"};
            }
            std::cout << "after " << seconds_since(begun) << " s " << ended()
                      << " tasks have ended; the submitting command, the controller and " << PrivateCluster::node(2)
                      << " are killed" << std::endl;
            submitter.send(SIGKILL);
            cluster_.kill_controller();
            cluster_.kill_node(2);
            static_cast<void>(submitter.wait());
        }
        ::sleep(10);
        const auto meanwhile = ended();
        cluster_.start_controller();
        const auto again = Clock::now();
        auto outcome = Process{sweep()}.wait();
        // A controller that is just starting doesn't answer yet.
        while (outcome.exit_code == 5 && seconds_since(again) < 60) outcome = Process{sweep()}.wait();
        cluster_.start_node(2);
        std::cout << meanwhile << " had ended 10 s later; the second call took " << seconds_since(again)
                  << " s and ended with " << outcome.exit_code << "\n";
        if (outcome.exit_code != 0) std::cout << outcome.err;
        return check() && outcome.exit_code == 0 ? 0 : 1;
    }

private:
    [[nodiscard]] Process sweep() const
    {
        auto words = cluster_.place();
        for (const auto& word :
             {program("fedgram"), std::string{"sweep"}, (folder_ / "sweep.json").string(), std::string{"--out"},
              out().string(), std::string{"--no-store"}, std::string{"--on"}, std::string{"slurm"}})
            words.push_back(word);
        return Process{words.front(), {words.begin() + 1, words.end()}, cluster_.environment()};
    }
    [[nodiscard]] fs::path out() const { return folder_ / "out"; }

    [[nodiscard]] int ended() const
    {
        int count = 0;
        std::error_code none;
        for (fs::directory_iterator entry{out() / "slurm" / "array-1" / "ends", none}, end; !none && entry != end;
             entry.increment(none))
            ++count;
        return count;
    }

    [[nodiscard]] bool check() const
    {
        int whole = 0;
        int resumed = 0;
        int disturbed = 0;
        int requeued = 0;
        for (const auto& run : fs::directory_iterator{out() / "runs"}) {
            std::map<int, int> rounds;
            for (const auto& line : lines(run.path() / "rounds.jsonl")) ++rounds[line.at("round").get<int>()];
            int started = 0;
            int finished = 0;
            for (const auto& event : lines(run.path() / "events.jsonl")) {
                started += event.at("event") == "started" ? 1 : 0;
                finished += event.at("event") == "finished" ? 1 : 0;
                resumed += event.at("event") == "resumed" ? 1 : 0;
            }
            const bool once = rounds == std::map<int, int>{{1, 1}, {2, 1}, {3, 1}} && finished == 1;
            whole += once ? 1 : 0;
            disturbed += started > 1 ? 1 : 0;
            if (!once) std::cout << run.path() << " isn't whole, or has a round twice\n";
        }
        for (const auto& end : fs::directory_iterator{out() / "slurm" / "array-1" / "ends"})
            requeued += json::parse(read_file(end.path())).at("restarts").get<int>();
        const auto arrays = json::parse(read_file(out() / "slurm" / "arrays.json")).at("arrays").size();
        const auto table = read_file(out() / "sweep.csv");
        const auto rows = std::count(table.begin(), table.end(), '\n') - 1;
        std::cout << whole << " of " << runs_ << " runs are whole, with each round once; " << disturbed
                  << " of them were begun on one node and ended on another, " << resumed << " by resuming; " << requeued
                  << " tasks were put back into the queue; " << arrays << " array(s) were submitted; sweep.csv has "
                  << rows << " rows" << std::endl;
        return whole == runs_ && arrays == 1;
    }

    int runs_;
    TemporaryFolder folder_;
    PrivateCluster cluster_;
};

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Kills a Slurm cluster's parts under a large sweep, and takes the sweep up", "fedgram-slurm-trial"};
    int runs = 1000;
    int nodes = 8;
    int cpus = 2;
    app.add_option("--runs", runs, "Runs of the sweep")->check(CLI::Range(8, 100000))->capture_default_str();
    app.add_option("--nodes", nodes, "Nodes of the cluster")->check(CLI::Range(2, 200))->capture_default_str();
    app.add_option("--cpus", cpus, "CPUs that each node claims to have")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    if (const auto why = no_cluster_here()) {
        std::cerr << "no Slurm cluster can be made here: " << *why << "\n";
        return 1;
    }
    return Trial{runs, nodes, cpus}.carry_out();
}
