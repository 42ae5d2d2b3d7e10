#include "experiments/commands/sweep.hpp"

#include <signal.h>

#include <algorithm>
#include <deque>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/run/inputs.hpp"
#include "common/run/spec_file.hpp"
#include "common/spec/parse_data.hpp"
#include "common/spec/resolve.hpp"
#include "common/store/training_store.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "datasets/readers/sample_facts.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/signal_watch.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_plan.hpp"
#include "experiments/sweep/sweep_report.hpp"
#include "experiments/sweep/sweep_results.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

/// One run, and how far it is.
struct Task {
    SweepRun run;
    fs::path folder;
    spec::Experiment experiment{};  ///< resolved
    bool whole = false;
    std::string failure{};  ///< one line; empty while there is none
};

/// Decides what is left to do for a task whose folder may be there from an earlier call.
void look_at_folder(Task& task)
{
    if (!fs::exists(task.folder / "spec.json")) return;
    if (files::read_file(task.folder / "spec.json") != run::spec_text(task.experiment))
        throw SpecError{task.folder.string() + " holds a run of another specification; use another --out"};
    task.whole = is_whole_run(task.folder, task.experiment.trainings.size());
}

/// The last line of a run's log says why it failed.
std::string last_line(const fs::path& log)
{
    auto text = files::read_file(log);
    text.erase(text.find_last_not_of('\n') + 1);
    return text.substr(text.rfind('\n') + 1);
}

/// Nothing where all is to be trained. A sweep goes on without a store that nobody has asked for and that can't be
/// used.
std::optional<store::StorePlace> store_of(const SweepOptions& options)
{
    if (options.no_store) return std::nullopt;
    auto store = options.store;
    if (!store.folder) store.folder = store::user_store();
    auto place = store.place();
    if (!place) return place;
    try {
        static_cast<void>(store::TrainingStore{*place});
    } catch (const SystemError& error) {
        if (options.store.folder) throw;
        std::cerr << "fedgram: " << error.what() << ", or --no-store; each run trains all that it has\n";
        return std::nullopt;
    }
    return place;
}

class Sweep {
public:
    explicit Sweep(const SweepOptions& options)
        : options_{options}, plan_{parse_sweep(find_json("specs/sweeps", options.sweep))}, store_{store_of(options)}
    {
        // A specification's path counts from the sweep's own folder.
        if (const auto beside = fs::path{options.sweep}.parent_path() / plan_.spec; fs::is_regular_file(beside))
            plan_.spec = fs::absolute(beside).string();
        for (auto& run : expand(plan_)) {
            auto folder = fs::absolute(options.out) / "runs" / run.name;
            tasks_.push_back({std::move(run), std::move(folder)});
        }
        refuse_other_runs();
        for (auto& task : tasks_) prepare(task);
        if (std::ranges::all_of(tasks_, [](const Task& task) { return !task.failure.empty(); }))
            throw SpecError{tasks_.front().failure};
    }

    int run()
    {
        make_folders();
        for (auto& task : tasks_) {
            if (task.whole)
                report(task, "is done already");
            else if (task.failure.empty())
                waiting_.push_back(&task);
            else
                report(task, "failed: " + task.failure);
        }
        SignalWatch signals;
        while (!running_.empty() || (!waiting_.empty() && stopped_by_ == 0)) {
            while (running_.size() < options_.jobs && !waiting_.empty() && stopped_by_ == 0) start(*waiting_.front());
            const auto event = signals.wait(-1, std::nullopt);
            if (event.signal == SIGINT || event.signal == SIGTERM) stop(event.signal);
            std::erase_if(running_, [this](Running& running) { return has_ended(running); });
        }
        write_report();
        if (stopped_by_ != 0) return 128 + stopped_by_;
        return std::ranges::all_of(tasks_, &Task::whole) ? 0 : 1;
    }

private:
    struct Running {
        Task* task;
        ChildProcess process;
    };

    /// sweep.csv has the runs of one sweep: those of an earlier one with other runs would be gone from it.
    void refuse_other_runs() const
    {
        std::error_code none;
        for (fs::directory_iterator entry{options_.out / "runs", none}, end; !none && entry != end; ++entry)
            if (const auto name = entry->path().filename().string();
                std::ranges::none_of(tasks_, [&](const Task& task) { return task.run.name == name; }))
                throw SpecError{options_.out.string() + " holds another sweep, whose run " + name +
                                " sweep.csv would lose; choose another --out"};
    }

    /// Resolves each task before anything starts: errors come first, and runs that are done are recognised.
    void prepare(Task& task)
    {
        try {
            task.experiment = read_specification({plan_.spec, task.run.sets, options_.data_folder});
            choose_dataset(task.experiment, options_.data_folder);
            resolve(task.experiment, dataset(task.experiment.data));
        } catch (const SpecError& error) {
            task.failure = error.what();
            std::ranges::replace(task.failure, '\n', ' ');  // several mistakes
            return;
        }
        look_at_folder(task);
        // A run that is done is one of this sweep only where it is made of the same data.
        const auto& data = dataset(task.experiment.data);
        if (task.whole)
            run::pin_inputs(task.folder, run::inputs_of(data.name, data.sha256, task.experiment.model.torchscript,
                                                        datasets::sample_facts(data)));
    }

    const datasets::Dataset& dataset(const spec::Data& wanted)
    {
        const auto name = wanted.own ? spec::to_json(wanted).dump() : wanted.dataset;
        const auto found = datasets_.find(name);
        return found != datasets_.end()
                   ? found->second
                   : datasets_.emplace(name, datasets::load_cached(wanted, options_.data_folder)).first->second;
    }

    void make_folders()
    {
        std::error_code error;
        for (const auto& folder : {options_.out / "runs", options_.out / "logs"})
            if (fs::create_directories(folder, error); error)
                throw SystemError{folder.string() + " can't be made: " + error.message() + "; choose another --out"};
        files::write_file(options_.out / sweep_file, sweep_text(plan_));
        datasets_.clear();
    }

    [[nodiscard]] fs::path log_of(const Task& task) const { return options_.out / "logs" / (task.run.name + ".log"); }

    void start(Task& task)
    {
        waiting_.pop_front();
        // An interrupted run of this sweep is made anew.
        fs::remove_all(task.folder);
        std::vector<std::string> arguments{"run", plan_.spec, "--out", task.folder.string()};
        for (const auto& set : task.run.sets) arguments.insert(arguments.end(), {"--set", set});
        if (options_.data_folder)
            arguments.insert(arguments.end(), {"--data-dir", fs::absolute(*options_.data_folder).string()});
        if (store_)
            arguments.insert(arguments.end(),
                             {"--store", store_->folder.string(), "--store-limit", text::shortest(store_->most_gib)});
        // The jobs share the cores; the results don't depend on how.
        const auto share = std::max(1u, energy::usable_cores() / options_.jobs);
        if (const auto nodes = spec::most_nodes(task.experiment); nodes > 0)
            arguments.insert(arguments.end(), {"--client-processes", std::to_string(std::min({share, nodes, most_}))});
        running_.push_back(
            {&task, ChildProcess{sibling_program("fedgram"), arguments, ChildProcess::Output::file, log_of(task)}});
    }

    bool has_ended(Running& running)
    {
        if (!running.process.has_just_ended()) return false;
        auto& task = *running.task;
        task.whole = running.process.exit()->good() && is_whole_run(task.folder, task.experiment.trainings.size());
        if (!task.whole) task.failure = running.process.exit()->text() + ", " + last_line(log_of(task));
        report(task, task.whole ? "done" : "failed: " + task.failure);
        return true;
    }

    void stop(int signal)
    {
        stopped_by_ = signal;
        for (const auto& running : running_) running.process.send(signal);
    }

    void report(const Task& task, const std::string& what)
    {
        ++reported_;
        std::cerr << "[" << reported_ << "/" << tasks_.size() << "] " << task.run.name << " " << what << std::endl;
    }

    void write_report() const
    {
        std::vector<SweepRow> rows;
        for (const auto& task : tasks_)
            if (task.whole)
                for (auto& row : read_rows(task.run, task.folder)) rows.push_back(std::move(row));
        const auto table = sweep_table(plan_, rows);
        files::write_file(options_.out / "sweep.csv", sweep_csv(plan_, rows));
        files::write_file(options_.out / "sweep.md", table.markdown());
        std::cout << table.text() << std::flush;
        if (const auto lacking = std::ranges::count_if(tasks_, [](const Task& task) { return !task.whole; }))
            std::cerr << "fedgram: " << lacking << " of " << tasks_.size() << " runs are lacking; their logs are in "
                      << (options_.out / "logs").string() << "\n";
    }

    const SweepOptions& options_;
    SweepPlan plan_;
    std::optional<store::StorePlace> store_;
    std::vector<Task> tasks_;
    std::map<std::string, datasets::Dataset> datasets_;  // while tasks are prepared
    std::deque<Task*> waiting_;
    std::list<Running> running_;
    std::size_t reported_ = 0;
    int stopped_by_ = 0;
    const std::uint32_t most_ = std::max(1u, net::clients_within(net::raise_descriptor_limit()));
};

}  // namespace

int sweep(const SweepOptions& options) { return Sweep{options}.run(); }

void add_sweep(CommandSet& commands)
{
    const auto options = std::make_shared<SweepOptions>();
    const auto sub = commands.add(
        "sweep", "Run a specification for a grid of values and a list of seeds",
        "  fedgram sweep epochs-by-alpha --jobs 2 --out results/epochs-by-alpha\n"
        "  fedgram sweep my-sweep.json --out results/mine\n"
        "A sweep is {\"spec\": NAME, \"set\": {\"federated.local_epochs\": [1, 5]}, \"seeds\": [1, 2, 3]}.",
        sweep, options);
    sub.option("sweep", &options->sweep,
               "A sweep: a file, or one that ships (" + text::joined(shipped_names("specs/sweeps")) + ")")
        .required()
        .type_name("SWEEP")
        .suggests(shipped_names("specs/sweeps"));
    sub.option("--out", &options->out, "Folder of the sweep; runs that are whole there are not done again")
        .required()
        .type_name("DIR");
    const auto store = add_store(sub, options->store, "default: store in the user's cache");
    sub.flag("--no-store", &options->no_store, "Train all that each run has")
        .excludes(store.folder)
        .excludes(store.limit);
    sub.option("--jobs", &options->jobs, "Runs at once").between(1, 1024).shows_default();
    add_data_folder(sub, options->data_folder);
}

}  // namespace fedgram::experiments
