#include "experiments/commands/reproduce.hpp"

#include <deque>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/seeds/reduction_means.hpp"
#include "common/report/seeds/seed_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/output_folder.hpp"
#include "experiments/commands/reproduce_search.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

namespace {

/// What runs over seeds have come to.
struct SeedResults {
    std::string text;
    nlohmann::ordered_json json;
};

void print(const std::vector<SeedResults>& results, bool as_json)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto& [text, json] : results)
        if (as_json)
            list.push_back(json);
        else
            std::cout << text;
    if (as_json) std::cout << (list.size() == 1 ? list.front() : list).dump(2) << "\n";
    std::cout << std::flush;
}

/// One run for each seed, one after the other, into `options.out`; their means go to `results`. Returns the exit code
/// of a run that failed, or 0.
int run_seeds(const RunOptions& options, std::uint32_t seeds, std::vector<SeedResults>& results)
{
    for (const auto& set : options.choice.sets)
        if (set.starts_with("seed="))
            throw SpecError{"--set " + set + ": --seeds states the seeds; leave one of them out"};
    const auto& out = *options.out;
    check_output_folder(out);
    std::deque<PricedRun> priced;
    std::vector<report::SeededTable> tables;
    for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        auto one = options;
        one.choice.sets.push_back("seed=" + std::to_string(seed));
        one.out = out / ("seed-" + std::to_string(seed));
        one.quiet = true;
        if (const int code = run(one); code != 0) return code;
        priced.push_back(priced_run(*one.out, {}));
        tables.push_back({&priced.back().table, priced.back().run.seed});
    }
    auto json = report::seed_json(tables);
    if (!tables.front().table->reductions.rows.empty()) json["reductions"] = report::reductions_json(tables);
    results.push_back({report::seed_table(tables) + report::reductions_section(tables), std::move(json)});
    files::write_file(out / "seeds.txt", results.back().text);
    files::write_file(out / "seeds.json", results.back().json.dump(2) + "\n");
    std::cerr << "results are in " << out.string() << "; fedgram report " << (out / "seed-*").string()
              << " --html FILE draws them\n";
    return 0;
}

/// How many seeds the means of `reproduce levers` are over.
constexpr std::uint32_t seeds_of_levers = 3;

/// Each lever on the small CNN, then on ResNet-8: one run for each seed, and their means.
int reproduce_levers(const ReproduceOptions& options)
{
    const auto out = options.run.out.value_or(default_folder("levers"));
    check_output_folder(out);
    std::vector<SeedResults> results;
    for (const std::string name : {"levers", "levers-resnet"}) {
        auto run_options = options.run;
        run_options.choice.spec = name;
        run_options.out = out / name;
        // What the user sets comes last, and wins.
        if (options.quick) run_options.choice.sets.insert(run_options.choice.sets.begin(), "data.train_samples=6000");
        if (const int code = run_seeds(run_options, options.seeds.value_or(seeds_of_levers), results); code != 0)
            return code;
    }
    print(results, options.run.json);
    return 0;
}

/// A search is a sweep, whose file says what it trains.
void refuse_idle_options(const ReproduceOptions& options)
{
    const auto& run = options.run;
    if (options.seeds || !run.choice.sets.empty() || !run.only.empty() || run.client_processes || run.core_power ||
        run.checkpoint_interval_s || run.take_up || run.pause_at || run.watch.any() || run.full)
        throw SpecError{
            "reproduce search: it takes --quick, --out, --data-dir, --store, --store-limit and --json alone"};
}

}  // namespace

int reproduce(const ReproduceOptions& options)
{
    if (options.table == "search") {
        refuse_idle_options(options);
        return reproduce_search(
            {options.quick, options.run.out, options.run.choice.data_folder, options.run.store, options.run.json});
    }
    if (options.table == "levers") return reproduce_levers(options);
    if (options.table != "table4")
        throw SpecError{"reproduce: \"" + options.table + "\" is no published table; use table4, levers or search"};
    auto run_options = options.run;
    run_options.choice.spec = options.quick ? "table4-quick" : "table4";
    if (!options.seeds) return run(run_options);
    run_options.out = run_options.out.value_or(default_folder(run_options.choice.spec + "-seeds"));
    std::vector<SeedResults> results;
    const int code = run_seeds(run_options, *options.seeds, results);
    if (code == 0) print(results, run_options.json);
    return code;
}

void add_reproduce(CommandSet& commands)
{
    const auto options = std::make_shared<ReproduceOptions>();
    const auto sub = commands.add("reproduce", "Train a published table anew, with its values beside ours",
                                  "  fedgram reproduce table4\n"
                                  "  fedgram reproduce table4 --quick --out results/quick\n"
                                  "  fedgram reproduce table4 --seeds 5\n"
                                  "  fedgram reproduce levers --quick\n"
                                  "  fedgram reproduce search --quick",
                                  reproduce, options);
    sub.option("table", &options->table,
               "The published table, table4; levers, what each does to a model; or search, which holds searches "
               "against a grid")
        .required()
        .type_name("TABLE")
        .suggests({"table4", "levers", "search"});
    sub.flag("--quick", &options->quick, "Fewer training samples, and a lower target where there is one");
    sub.option("--seeds", &options->seeds, "Runs with the seeds 1, 2, ... and their mean and deviation in each cell")
        .between(std::uint32_t{2}, std::uint32_t{1000});
    add_sets(sub, options->run.choice.sets);
    add_data_folder(sub, options->run.choice.data_folder);
    add_run_options(sub, options->run);
}

}  // namespace fedgram::experiments
