#include "experiments/commands/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <iostream>
#include <limits>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/energy/meters/core_power.hpp"
#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/precision.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/protocol/node_set.hpp"
#include "common/run/folder_lock.hpp"
#include "common/run/inputs.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse_data.hpp"
#include "common/spec/resolve.hpp"
#include "datasets/readers/sample_facts.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "datasets/sharing/shared_data.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/output_folder.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/run_processes.hpp"
#include "experiments/launch/slurm/run_steps.hpp"
#include "experiments/reducing/run_reductions.hpp"
#include "experiments/watching/watch_process.hpp"

namespace fedgram::experiments {

namespace {

std::uint32_t client_processes(const std::optional<std::uint32_t>& wanted, std::uint32_t nodes)
{
    if (wanted && nodes == 0)
        throw SpecError{"--client-processes: they host nodes, and no training is federated; leave it out"};
    if (wanted && (*wanted == 0 || *wanted > nodes))
        throw SpecError{"--client-processes: " + std::to_string(*wanted) + " is not valid; use 1 to " +
                        std::to_string(nodes) + ", the number of nodes"};
    const int limit = net::raise_descriptor_limit();
    const auto most = net::clients_within(limit);
    const auto count = std::min(wanted.value_or(energy::usable_cores()), nodes);
    if (count <= most) return count;
    const auto too_few = std::to_string(limit) + " file descriptors are too few for ";
    if (most == 0)
        throw SystemError{too_few + "a run; raise ulimit -n to at least " + std::to_string(net::descriptors_for(1))};
    if (wanted)
        throw SystemError{too_few + "--client-processes " + std::to_string(count) + "; raise ulimit -n to at least " +
                          std::to_string(net::descriptors_for(count)) + ", or use up to " + std::to_string(most)};
    std::cerr << "fedgram: " << too_few << count << " client processes; going on with " << most << "\n";
    return most;
}

bool on_slurm(const RunOptions& options) { return options.on == "slurm"; }

/// Each is a step of its own there, so that their number is the user's to say.
std::uint32_t clients_on_slurm(const RunOptions& options, std::uint32_t nodes)
{
    const auto& per_client = options.nodes_per_client;
    if (nodes == 0) {
        if (options.clients || per_client)
            throw SpecError{"--clients, --nodes-per-client: no training is federated; leave them out"};
        return 0;
    }
    if (!options.clients && !per_client) throw SpecError{"--on slurm: give --clients or --nodes-per-client"};
    const auto count = options.clients.value_or(per_client ? (nodes - 1) / *per_client + 1 : 0);
    if (count > nodes)
        throw SpecError{"--clients: " + std::to_string(count) + " is not valid; use 1 to " + std::to_string(nodes) +
                        ", the number of nodes"};
    if (per_client && std::uint64_t{count} * *per_client < nodes)
        throw SpecError{"--clients: " + std::to_string(count) + " clients of " + std::to_string(*per_client) +
                        " nodes don't host " + std::to_string(nodes) + "; use at least " +
                        std::to_string((nodes - 1) / *per_client + 1)};
    return count;
}

/// What is said of Slurm fits together.
void check_place(const RunOptions& options)
{
    check(options.slurm, options.on);
    if (on_slurm(options) && options.client_processes)
        throw SpecError{"--client-processes: on Slurm the clients are steps; use --clients"};
    if (!on_slurm(options) && (options.clients || options.nodes_per_client || options.private_network))
        throw SpecError{
            "--clients, --nodes-per-client and --private-network are for --on slurm; add it, or leave them out"};
}

slurm::StepOptions step_options(const RunOptions& options)
{
    return {options.private_network ? slurm::Trust::private_network : slurm::Trust::certificates, options.slurm.cpus,
            options.slurm.time, options.slurm.more};
}

void check_programs()
{
    for (const auto* name : {"fedgram-coordinator", "fedgram-client"})
        if (const auto program = sibling_program(name); ::access(program.c_str(), X_OK) != 0)
            throw SystemError{program.string() + " is not there; keep the three programs of a build together"};
}

/// A training on a device that isn't here would fail in the middle of the run, one in a precision that this machine
/// hasn't before its first round.
void check_devices(const spec::Experiment& experiment)
{
    for (const auto& training : experiment.trainings) {
        learning::check_precision(training);
        const auto* centralized = std::get_if<spec::Centralized>(&training.kind);
        if (centralized == nullptr || centralized->device == "cpu") continue;
        if (const auto missing = learning::open_engine(experiment.engine)->missing_for_cuda(); !missing.empty())
            throw SystemError{"trainings." + training.label + ".device: " + missing};
    }
}

/// The store can be used, and its files don't get among a run's.
void check(const store::StorePlace& store, const RunOptions& options)
{
    const auto run = options.resume ? options.resume : options.out;
    if (run) {
        const auto folder = std::filesystem::absolute(*run).lexically_normal();
        const auto [end, rest] = std::ranges::mismatch(folder, store.folder);
        if (end == folder.end())
            throw SpecError{"--store: " + store.folder.string() + " is in the run's own folder, " + folder.string() +
                            "; choose another"};
    }
    static_cast<void>(store::TrainingStore{store});
}

/// Checked before anything is made. On Slurm this program is in a job from then on.
RunProcesses processes_of(const spec::Experiment& experiment, const RunOptions& options)
{
    if (options.core_power) static_cast<void>(energy::parse_core_power(*options.core_power));
    check(options.watch);
    check_place(options);
    const auto store = options.store.place();
    if (store) check(*store, options);
    if (!on_slurm(options)) check_devices(experiment);  // there another machine has them
    RunProcesses processes;
    processes.engine = experiment.engine;
    processes.dataset = spec::to_json(experiment.data).dump();
    processes.data_folder = options.choice.data_folder;
    processes.core_power = options.core_power;
    processes.store = store;
    processes.checkpoint_interval_s = options.checkpoint_interval_s;
    processes.pause_at = options.pause_at;
    processes.nodes = spec::most_nodes(experiment);
    processes.client_processes = on_slurm(options) ? clients_on_slurm(options, processes.nodes)
                                                   : client_processes(options.client_processes, processes.nodes);
    check_programs();
    if (on_slurm(options)) slurm::be_in_allocation(processes.client_processes, step_options(options));
    return processes;
}

/// The data that this process has read, for those that it starts; nothing where there is no memory for it.
std::optional<datasets::SharedData> shared(const datasets::Dataset& data)
{
    std::string why;
    auto memory = datasets::SharedData::where_there_is_room(data, why);
    if (!memory) std::cerr << "fedgram: " << why << "; each process reads the data for itself\n";
    return memory;
}

/// Whether all trainings have ended by their rules: a run that pauses ends well, too.
bool is_whole(const std::filesystem::path& folder, const spec::Experiment& experiment)
{
    const auto summary = run::find_summary(folder);
    return summary && summary->whole(experiment.trainings.size());
}

/// The reductions whose trainings have a model to reduce; says which ones haven't.
std::vector<spec::Reduction> reducible(const std::filesystem::path& folder, std::vector<spec::Reduction> reductions)
{
    if (reductions.empty()) return reductions;
    const auto summary = run::read_summary(folder);
    std::erase_if(reductions, [&](const spec::Reduction& reduction) {
        const auto training = std::ranges::find(summary.trainings, reduction.training, &run::TrainingSummary::label);
        const bool has_none = training != summary.trainings.end() && training->diverged();
        if (has_none)
            std::cerr << "reduction " << reduction.label << ": not made, as " << reduction.training
                      << " has diverged\n";
        return has_none;
    });
    return reductions;
}

/// Carries the run out on `data`, which it frees, then makes and prints the tables. Returns the coordinator's exit
/// code.
int carry_out(const spec::Experiment& experiment, RunProcesses processes, datasets::Dataset data,
              const RunOptions& options)
{
    // The processes of a run on Slurm are on other machines.
    const auto memory = on_slurm(options) ? std::nullopt : shared(data);
    data = {};
    if (memory) processes.data_descriptor = memory->descriptor();
    std::optional<WatchProcess> watching;
    if (options.watch.any()) watching.emplace(processes.folder, options.watch);
    const int code = on_slurm(options) ? slurm::run_steps(processes, step_options(options)) : run_processes(processes);
    watching.reset();
    std::exception_ptr failed_reduction;
    try {
        if (code == 0 && is_whole(processes.folder, experiment)) {
            // A signal ends what follows, and leaves the tables of the trainings.
            if (!experiment.reductions.empty()) static_cast<void>(write_tables(processes.folder));
            run_reductions(processes.folder, experiment, reducible(processes.folder, experiment.reductions),
                           options.choice.data_folder);
        }
    } catch (const Error&) {
        failed_reduction = std::current_exception();  // told once the tables are there
    }
    // Without a summary the run ended before its first training did.
    if (std::filesystem::exists(processes.folder / "summary.json")) {
        const auto screen = write_tables(processes.folder);
        if (!options.quiet)
            std::cout << (options.json   ? files::read_file(processes.folder / "summary.json")
                          : options.full ? files::read_file(processes.folder / "table.txt")
                                         : screen)
                      << std::flush;
    }
    std::cerr << "results are in " << processes.folder.string() << "\n";
    if (failed_reduction) std::rethrow_exception(failed_reduction);
    return code;
}

/// Whether the folder holds a run of this specification. Throws SpecError where it holds another one.
bool holds_run_of(const std::filesystem::path& folder, const std::string& spec)
{
    const auto text = files::try_read_file(folder / "spec.json");
    if (!text) return false;
    if (*text != spec) throw SpecError{folder.string() + " holds a run of another specification; choose another --out"};
    return true;
}

/// Keeps the run's folder for this launcher, from before anything is written there until the tables are. Throws
/// SystemError where another one keeps it.
run::FolderLock kept(const std::filesystem::path& folder)
{
    // A launcher's processes end within 5 s of its death.
    return {folder, std::chrono::seconds{10}, "another coordinator is at work in it", run::FolderKeeper::launcher};
}

/// The same, but waits for the other one to end, however long that takes: where a scheduler starts a lost job again,
/// the old copy may go on for minutes on a machine that is only out of sight.
run::FolderLock kept_patiently(const std::filesystem::path& folder)
{
    if (run::is_kept(folder, run::FolderKeeper::launcher))
        std::cerr << "fedgram: another run is at work in " << folder.string()
                  << "; this one goes on once that has ended" << std::endl;
    return {folder, std::chrono::hours{24 * 365}, "another run is at work in it", run::FolderKeeper::launcher};
}

/// Goes on with the run that the folder holds, of this specification.
int go_on(const spec::Experiment& experiment, RunProcesses processes, const std::filesystem::path& folder,
          const RunOptions& options)
{
    processes.folder = folder;
    processes.resume = true;
    auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    run::pin_inputs(folder, run::inputs_of(data.name, data.sha256, experiment.model, datasets::sample_facts(data)));
    return carry_out(experiment, std::move(processes), std::move(data), options);
}

int resume(const RunOptions& options, const std::filesystem::path& folder)
{
    const auto path = folder / "spec.json";
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{folder.string() + " is no run folder: it has no spec.json; give --resume the --out of a run"};
    const auto lock = kept(folder);
    const auto experiment = run::parse_spec_text(files::read_file(path), path.string());
    return go_on(experiment, processes_of(experiment, options), folder, options);
}

}  // namespace

int run(const RunOptions& options)
{
    if (options.resume) return resume(options, *options.resume);
    if (options.choice.spec.empty()) throw SpecError{"run: give a SPEC, or --resume with a run's folder"};
    auto experiment = read_specification(options.choice);
    const auto wanted = experiment.data.dataset;
    const bool stands_in = choose_dataset(experiment, options.choice.data_folder);
    auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    resolve(experiment, data);
    keep_trainings(experiment, options.only, "--only");
    check_reductions(experiment, data);
    const auto text = run::spec_text(experiment);
    if (options.take_up && !options.out) throw SpecError{"--take-up: give --out, the folder of the run"};
    auto processes = processes_of(experiment, options);
    std::optional<run::FolderLock> lock;
    if (options.take_up) {
        // Without the lock another copy of this call could begin the folder between a look and a step.
        if (!holds_run_of(*options.out, text)) check_output_folder(*options.out);
        make_output_folder(*options.out);
        lock = kept_patiently(*options.out);
        if (holds_run_of(*options.out, text)) return go_on(experiment, std::move(processes), *options.out, options);
    }
    if (options.out) check_output_folder(*options.out);
    const auto inputs = run::inputs_of(data.name, data.sha256, experiment.model, datasets::sample_facts(data));
    if (lock) {
        processes.folder = *options.out;
        files::write_file(processes.folder / "spec.json", text);  // all of it at once: a kill leaves no half
    } else {
        processes.folder = make_run_folder(options.out, experiment.name, text);
        lock = kept(processes.folder);
    }
    run::pin_inputs(processes.folder, inputs);
    if (stands_in)
        std::cerr << "fedgram: without --data-dir there is no " << wanted << "; " << data.name << " stands in for it\n";
    return carry_out(experiment, std::move(processes), std::move(data), options);
}

void add_run_options(const Subcommand& sub, RunOptions& options)
{
    sub.option("--out", &options.out, "Folder of the results, absent or empty (default: results/NAME-UTCTIME)")
        .type_name("DIR");
    sub.option("--client-processes", &options.client_processes,
               "Processes that the nodes are dealt out to (default: one a core)");
    sub.option("--core-w", &options.core_power,
               "Watts of a busy core of this machine: estimates what its processes draw, beside the meters")
        .type_name("W|LOW:LIKELY:HIGH");
    sub.option("--checkpoint-interval", &options.checkpoint_interval_s,
               "Seconds between checkpoints, at least (default: 1)")
        .type_name("SECONDS")
        .between(0.0, 86400.0);
    sub.option("--only", &options.only, "Run this training of the specification alone").type_name("LABEL").repeatable();
    sub.flag("--take-up", &options.take_up,
             "Go on with what --out holds of this very run, if anything: for a scheduler that starts lost jobs again");
    sub.option("--pause-at", &options.pause_at,
               "Stop, with a checkpoint, where a training has so many rounds; --resume or --take-up goes on")
        .type_name("ROUNDS")
        .between(std::uint32_t{1}, std::numeric_limits<std::uint32_t>::max());
    const auto store = add_store(sub, options.store, "default: all are trained");
    store.limit.needs(store.folder);
    sub.flag("--watch", &options.watch.page, "Follow the run on a page of this machine, whose address is printed");
    add_watch_targets(sub, options.watch);
    const auto full = sub.flag("--full", &options.full, "Print all of table.txt, not its first screen alone");
    sub.flag("--json", &options.json, "Print the summary as JSON in place of the table").excludes(full);
}

void add_run(CommandSet& commands)
{
    const auto options = std::make_shared<RunOptions>();
    const auto sub =
        commands.add("run", "Carry out an experiment with all its processes on this machine",
                     "  fedgram run table4-quick\n"
                     "  fedgram run my.json --out results/mine --set federated.local_epochs=5\n"
                     "  fedgram run table4 --set trainings.federated-noniid.partition.alpha=0.1 --client-processes 10\n"
                     "  fedgram run table4 --watch --metrics 127.0.0.1:9400 --tensorboard\n"
                     "  fedgram run my.json --out /shared/mine --on slurm --clients 8 --sbatch=--partition=long\n"
                     "  fedgram run --resume results/mine",
                     run, options);
    const auto spec = add_spec(sub, options->choice.spec);
    add_sets(sub, options->choice.sets);
    add_data_folder(sub, options->choice.data_folder);
    add_run_options(sub, *options);
    add_slurm(sub, options->on, options->slurm,
              {"a coordinator and clients are steps of the job that this is called in, or of one that it asks for",
               "process", "salloc"});
    sub.option("--clients", &options->clients, "On Slurm: processes, on any of its nodes, that host the run's nodes")
        .between(1u, protocol::NodeSet::limit);
    sub.option("--nodes-per-client", &options->nodes_per_client, "On Slurm: nodes of the run that each hosts, at most")
        .between(1u, protocol::NodeSet::limit);
    sub.flag("--private-network", &options->private_network,
             "On Slurm: nobody else is on the nodes' network, so that the run does without TLS");
    sub.option("--resume", &options->resume, "Go on with the interrupted run in DIR from its last checkpoint")
        .type_name("DIR")
        .excludes(spec)
        .excludes(sub.named("--set"))
        .excludes(sub.named("--out"))
        .excludes(sub.named("--only"))
        .excludes(sub.named("--take-up"));
}

}  // namespace fedgram::experiments
