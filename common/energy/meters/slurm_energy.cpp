#include "common/energy/meters/slurm_energy.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <sstream>
#include <stop_token>
#include <thread>
#include <utility>

#include "common/energy/meters/counter_meter.hpp"

namespace fedgram::energy {

namespace {

using namespace std::chrono_literals;

constexpr const char* meter_name = "Slurm";
constexpr const char* config_command = "scontrol show config";

// Slurm samples a node each half minute unless the cluster says otherwise.
constexpr std::chrono::duration<double> counting_period = 30s;
constexpr std::chrono::duration<double> dead_after = 10min;
constexpr Watts most_of_a_node{20'000};

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The newest answer of a command that is asked again and again.
class AskedCounter {
public:
    AskedCounter(std::string command, Commands commands, std::chrono::milliseconds interval)
        : command_{std::move(command)},
          commands_{std::move(commands)},
          interval_{interval},
          newest_{answer()},
          thread_{[this](const std::stop_token& stop) { ask(stop); }}
    {
    }

    [[nodiscard]] Attempt<std::uint64_t> newest() const
    {
        const std::lock_guard lock{mutex_};
        return newest_;
    }

private:
    [[nodiscard]] Attempt<std::uint64_t> answer() const
    {
        const auto printed = commands_(command_);
        return printed ? parse_consumed_energy(*printed) : Attempt<std::uint64_t>::missing(printed.reason());
    }

    void ask(const std::stop_token& stop)
    {
        std::unique_lock lock{mutex_};
        while (!wake_.wait_for(lock, stop, interval_, [&] { return stop.stop_requested(); })) {
            if (stop.stop_requested()) return;
            lock.unlock();
            auto next = answer();
            lock.lock();
            newest_ = std::move(next);
        }
    }

    std::string command_;
    Commands commands_;
    std::chrono::milliseconds interval_;
    mutable std::mutex mutex_;  // guards newest_
    std::condition_variable_any wake_;
    Attempt<std::uint64_t> newest_;
    std::jthread thread_;  // after what it uses
};

/// A controller that doesn't answer holds nobody up for long.
Attempt<std::string> shell(const std::string& command)
{
    FILE* const pipe = ::popen(("timeout 5 " + command + " 2>/dev/null </dev/null").c_str(), "re");
    if (pipe == nullptr) return Attempt<std::string>::missing(command + " can't be started");
    std::string text;
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, count);
    const int status = ::pclose(pipe);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return Attempt<std::string>::missing(command + " fails");
    return text;
}

}  // namespace

std::optional<std::string> slurm_step(const Variables& variables)
{
    const char* const job = variables("SLURM_JOB_ID");
    const char* const node = variables("SLURMD_NODENAME");
    const char* const step = variables("SLURM_STEP_ID");
    if (job == nullptr || node == nullptr) return std::nullopt;
    const std::string id = job;
    // It becomes a word of a command.
    if (id.empty() || !std::ranges::all_of(id, [](unsigned char c) { return std::isdigit(c) != 0; }))
        return std::nullopt;
    unsigned number = 0;
    if (step == nullptr || std::sscanf(step, "%9u", &number) != 1 || std::string{step}.size() > 9) return id + ".batch";
    return id + "." + std::to_string(number);
}

std::optional<std::string> parse_energy_plugin(std::string_view config)
{
    std::istringstream lines{std::string{config}};
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals == std::string::npos || trimmed(std::string_view{line}.substr(0, equals)) != "AcctGatherEnergyType")
            continue;
        const std::string value{trimmed(std::string_view{line}.substr(equals + 1))};
        const auto plugin = value.substr(value.find('/') + 1);
        if (plugin.empty() || plugin == "none" || plugin == "(null)") return std::nullopt;
        return plugin;
    }
    return std::nullopt;
}

std::optional<Boundary> boundary_of_energy_plugin(std::string_view plugin)
{
    if (plugin == "rapl") return Boundary::chip;
    if (plugin == "pm_counters") return Boundary::board;
    if (plugin == "ipmi" || plugin == "xcc") return Boundary::wall;
    return std::nullopt;
}

Attempt<std::uint64_t> parse_consumed_energy(std::string_view printed)
{
    const auto text = trimmed(printed.substr(0, printed.find_first_of("|\n")));
    std::uint64_t joules = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), joules);
    if (error != std::errc{} || end != text.data() + text.size())
        return Attempt<std::uint64_t>::missing("sstat prints no ConsumedEnergyRaw");
    if (joules == 0)
        return Attempt<std::uint64_t>::missing("Slurm says 0 J, which is what it says of what isn't counted");
    return joules;
}

Found open_slurm_energy(const Variables& variables, const Commands& commands, std::chrono::milliseconds interval)
{
    Found found;
    const auto step = slurm_step(variables);
    if (!step) return found;
    const auto refuse = [&](const std::string& reason) {
        found.unavailable.push_back({meter_name, reason,
                                     "an energy plugin (AcctGatherEnergyType in slurm.conf) is the "
                                     "cluster's keeper's to set up"});
    };
    const auto config = commands(config_command);
    if (!config) {
        refuse(config.reason());
        return found;
    }
    const auto plugin = parse_energy_plugin(*config);
    if (!plugin) {
        refuse("this cluster has no energy plugin, and what Slurm says of energy is no measurement");
        return found;
    }
    const auto boundary = boundary_of_energy_plugin(*plugin);
    if (!boundary) {
        refuse("nobody knows what the energy plugin " + *plugin + " encloses");
        return found;
    }
    CounterRules rules;
    rules.unit = Joules{1};
    rules.most = most_of_a_node;
    rules.update_period = counting_period;
    rules.stuck_after = dead_after;
    const auto asked = std::make_shared<AskedCounter>(
        "sstat --noheader --parsable2 --format=ConsumedEnergyRaw --jobs=" + *step, commands, interval);
    found.meters.push_back(std::make_unique<CounterMeter>(
        std::string{meter_name} + " " + *plugin, *boundary,
        std::vector<Counter>{{"Slurm's " + *plugin, rules, [asked] { return asked->newest(); }}}));
    return found;
}

Found open_slurm_energy()
{
    // How the cluster is set up stays as it is while this process lives.
    const auto ask_once = [](const std::string& command) -> Attempt<std::string> {
        if (command != config_command) return shell(command);
        static const auto config = shell(command);
        return config;
    };
    return open_slurm_energy([](const char* name) { return std::getenv(name); }, ask_once);
}

}  // namespace fedgram::energy
