#include "experiments/commands/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/run/folder_lock.hpp"
#include "common/run/summary.hpp"
#include "common/store/training_store.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/launch/local_jobs.hpp"
#include "experiments/launch/slurm/slurm_jobs.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/sweep/search_result.hpp"
#include "experiments/sweep/search_text.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_report.hpp"
#include "experiments/sweep/sweep_results.hpp"
#include "experiments/sweeping/conductor.hpp"
#include "experiments/sweeping/trial_preparation.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

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
    Sweep(SweepPlan plan, const SweepOptions& options, SweepOutput output)
        : options_{options},
          output_{output},
          plan_{std::move(plan)},
          place_{.out = fs::absolute(options.out), .data_folder = {}, .store = store_of(options)}
    {
        if (options.data_folder) place_.data_folder = fs::absolute(*options.data_folder);
        // A specification's path counts from the sweep's own folder.
        if (const auto beside = fs::path{options.sweep}.parent_path() / plan_.spec; fs::is_regular_file(beside))
            plan_.spec = fs::absolute(beside).string();
        check(options.slurm, options.on);
        // The jobs share the cores; the results don't depend on how.
        const auto most = std::max(1u, net::clients_within(net::raise_descriptor_limit()));
        const auto cores = on_slurm() ? options.slurm.cpus : energy::usable_cores() / options.jobs.value_or(1);
        place_.processes = std::min(std::max(1u, cores), most);
    }

    int run()
    {
        preparation_.emplace(plan_, place_);
        Conductor conductor{plan_, prepared(), place_, runner()};
        make_folders();
        conductor.run();
        report(conductor);
        if (const auto signal = runner_->stopped_by()) return 128 + *signal;
        const bool failed =
            std::ranges::any_of(conductor.trials(), [](const SweepTrial& trial) { return !trial.failure().empty(); });
        return failed ? 1 : 0;
    }

private:
    [[nodiscard]] bool on_slurm() const { return options_.on == "slurm"; }

    JobRunner& runner()
    {
        if (!runner_ && on_slurm())
            runner_ = std::make_unique<slurm::SlurmJobs>(
                place_.out / "slurm",
                slurm::SlurmOptions{options_.jobs, options_.slurm.cpus, options_.slurm.time, options_.slurm.more});
        if (!runner_) runner_ = std::make_unique<LocalJobs>(options_.jobs.value_or(1));
        return *runner_;
    }

    std::vector<SweepTrial> prepared()
    {
        refuse_other_folder();
        refuse_other_runs();
        std::vector<SweepTrial> trials;
        for (const auto& setting : settings(plan_)) trials.push_back(preparation_->prepared(setting));
        if (std::ranges::all_of(trials, [](const SweepTrial& trial) { return !trial.failure().empty(); }))
            throw SpecError{trials.front().failure()};
        return trials;
    }

    /// A folder of something else would be taken for a sweep's from then on.
    void refuse_other_folder() const
    {
        std::error_code none;
        if (fs::exists(place_.out / "spec.json") ||
            (fs::is_directory(place_.out, none) && !fs::is_empty(place_.out, none) &&
             !fs::is_directory(place_.out / "runs") && !fs::is_directory(place_.out / "logs")))
            throw SystemError{options_.out.string() + " is not empty and holds no sweep; choose another --out"};
    }

    /// sweep.csv has the runs of one sweep: those of an earlier one with other runs would be gone from it.
    void refuse_other_runs() const
    {
        std::set<std::string> own;
        for (const auto& run : expand(plan_)) own.insert(run.name);
        std::error_code none;
        for (fs::directory_iterator entry{place_.out / "runs", none}, end; !none && entry != end; ++entry)
            if (const auto name = entry->path().filename().string(); !own.contains(name))
                throw SpecError{options_.out.string() + " holds another sweep, whose run " + name +
                                " sweep.csv would lose; choose another --out"};
    }

    void make_folders()
    {
        std::error_code error;
        for (const auto& folder : {place_.out / "runs", place_.out / "logs"})
            if (fs::create_directories(folder, error); error)
                throw SystemError{folder.string() + " can't be made: " + error.message() + "; choose another --out"};
        lock_.emplace(place_.out, std::chrono::milliseconds{0}, "another `fedgram sweep` is at work in it");
        fs::remove(place_.out / search_file, error);  // until this search is over, there is no answer
        files::write_file(place_.out / sweep_file, sweep_text(plan_));
    }

    void report(const Conductor& conductor)
    {
        const auto results = read_results(plan_, place_.out);
        std::optional<SearchResult> search;
        if (plan_.is_search()) search = found(conductor, results);
        files::write_file(place_.out / "sweep.csv", sweep_csv(plan_, results.rows));
        files::write_file(place_.out / "sweep.md", sweep_table(plan_, results.rows).markdown());
        if (output_ == SweepOutput::terminal) std::cout << sweep_answer(plan_, search, results.rows) << std::flush;
        if (!search && !results.lacking.empty())
            std::cerr << "fedgram: " << results.lacking.size() << " of "
                      << conductor.trials().size() * plan_.seeds.size() << " runs are lacking; their logs are in "
                      << (place_.out / "logs").string() << "\n";
    }

    SearchResult found(const Conductor& conductor, const SweepResults& results)
    {
        auto search = conductor.result();
        if (plan_.budget && !runner_->stopped_by()) refuse_too_small(*plan_.budget, conductor);
        if (plan_.objective && !runner_->stopped_by())
            for (const auto place : winners_of(*plan_.objective, search.trials))
                search.winners.push_back(measured(conductor, search.trials[place]));
        if (!results.rows.empty()) search.country = results.rows.front().country;
        files::write_file(place_.out / search_file, to_json(search, plan_).dump(2) + "\n");
        return search;
    }

    /// Whoever can't pay for one setting has asked for nothing.
    static void refuse_too_small(const SweepBudget& budget, const Conductor& conductor)
    {
        const auto least = conductor.cheapest();
        if (!least || *least <= budget.most) return;
        const auto unit = std::string{name(budget.unit)};
        throw SpecError{"budget." + unit + ": " + text::shortest(budget.most) +
                        " is less than the first setting took, " + text::significant(*least) +
                        "; give more, or a cheaper specification"};
    }

    /// By the same training, which comes from the store where there is one.
    MeasuredTrial measured(const Conductor& conductor, const TrialResult& trial)
    {
        MeasuredTrial winner{trial.trial, *trial.answer, {}};
        std::vector<SweepTrialRun> runs;
        std::vector<Job> jobs;
        for (const auto& run : conductor.trials()[trial.trial].runs) {
            const bool is_cut = trial.answer->rounds < trial.rounds || !trial.ended;
            runs.push_back(
                preparation_->measuring(run.run, is_cut ? std::optional{trial.answer->rounds} : std::nullopt));
            jobs.push_back(job_of(runs.back(), plan_.spec, place_, {plan_.objective->training, std::nullopt}));
        }
        runner_->submit(jobs);
        while (runner_->outstanding() > 0)
            for (const auto& end : runner_->wait(std::chrono::seconds{1}))
                if (!end.good && !runner_->stopped_by())
                    std::cerr << "fedgram: " << end.name << " failed: " << end.how << "; its log is in "
                              << (place_.out / "logs").string() << "\n";
        for (const auto& run : runs)
            if (const auto summary = run::find_summary(run.folder))
                for (const auto& training : summary->trainings)
                    if (training.final_test) winner.test_accuracies.push_back(training.final_test->accuracy);
        return winner;
    }

    const SweepOptions& options_;
    SweepOutput output_;
    SweepPlan plan_;
    SweepPlace place_;
    std::optional<TrialPreparation> preparation_;
    std::unique_ptr<JobRunner> runner_;
    std::optional<run::FolderLock> lock_;
};

}  // namespace

int sweep(SweepPlan plan, const SweepOptions& options, SweepOutput output)
{
    return Sweep{std::move(plan), options, output}.run();
}

int sweep(const SweepOptions& options)
{
    return sweep(parse_sweep(find_json("specs/sweeps", options.sweep)), options, SweepOutput::terminal);
}

void add_sweep(CommandSet& commands)
{
    const auto options = std::make_shared<SweepOptions>();
    const auto sub = commands.add(
        "sweep", "Run a specification for many values and seeds, or search for the greenest",
        "  fedgram sweep epochs-by-alpha --jobs 2 --out results/epochs-by-alpha\n"
        "  fedgram sweep my-sweep.json --out results/mine\n"
        "  fedgram sweep my-sweep.json --out /shared/mine --on slurm --jobs 50 --cpus 4 --sbatch=--partition=long\n"
        "A sweep is {\"spec\": NAME, \"set\": {\"federated.local_epochs\": [1, 5]}, \"seeds\": [1, 2, 3]}. With\n"
        "\"objective\", \"search\" and \"budget\" it looks for the greenest setting without training all of them; see\n"
        "experiments/README.md.",
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
    sub.option("--jobs", &options->jobs, "Runs at once (default: 1; on Slurm as many as there is room for)")
        .between(1, 1024);
    add_slurm(sub, options->on, options->slurm,
              {"the runs become tasks of job arrays, which outlive this command; the same command follows them again",
               "run", "sbatch"});
    add_data_folder(sub, options->data_folder);
}

}  // namespace fedgram::experiments
