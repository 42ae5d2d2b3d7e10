#include "experiments/commands/reproduce_search.hpp"

#include <algorithm>
#include <iostream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/output_folder.hpp"
#include "experiments/commands/sweep.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/search/front_distance.hpp"
#include "experiments/sweep/search_result.hpp"
#include "experiments/sweep/sweep_runs.hpp"
#include "experiments/sweep/transfer_curve.hpp"
#include "experiments/sweeping/run_course.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t levels = 6;
constexpr std::uint32_t workers = 4;

struct Method {
    std::string name;  ///< of its folder
    SearchRule rule;
    SearchResult result{};
    std::vector<SeededTrial> trials{};
};

/// The shipped sweep; a smaller model, fewer samples and fewer rounds make it quick.
SweepPlan plan_of(bool quick)
{
    auto plan = parse_sweep(find_json("specs/sweeps", "local-epochs-search"));
    if (!quick) return plan;
    for (auto& key : plan.keys)
        if (key.key == "federated.max_rounds") key.values = {"9"};
    plan.keys.push_back({.key = "data.train_samples", .values = {"3000"}});
    plan.keys.push_back({.key = "model", .values = {"\"mlp-32\""}});
    return plan;
}

std::vector<Method> methods_of(const SweepPlan& plan)
{
    const auto rounds = std::ranges::find(plan.keys, "federated.max_rounds", &SweepKey::key)->values.front();
    const auto most = static_cast<std::uint32_t>(std::stoul(rounds));
    const auto trials = static_cast<std::uint32_t>(trials_of(plan));
    auto hyperband = plan;
    hyperband.search = {.method = SearchMethod::hyperband, .max_rounds = most};
    // As many settings as the grid has, as far as whole passes go.
    hyperband.search.passes = std::max(1u, trials / static_cast<std::uint32_t>(trials_of(hyperband)));
    return {{"grid", {}},
            {"hyperband", hyperband.search},
            {"asha", {.method = SearchMethod::asha, .trials = trials, .max_rounds = most, .workers = workers}}};
}

/// What each trial had shown when the search let go of it.
std::vector<SeededTrial> trials_of(const SweepPlan& plan, const SearchResult& result,
                                   const std::filesystem::path& folder)
{
    const auto drawn = settings(plan);
    std::vector<SeededTrial> trials;
    for (const auto& trial : result.trials) {
        auto& seeded = trials.emplace_back();
        for (const auto& run : runs_of(plan, drawn[trial.trial]))
            seeded.seeds.push_back(run_course(folder / "runs" / run.name, result.training, trial.rounds).course);
    }
    return trials;
}

/// How much less accurate than the grid's front at each level, in points, and in deviations of the grid's seeds.
struct Distance {
    double points = 0;
    std::optional<double> deviations{};
};

std::vector<Distance> distances(const std::vector<FrontPoint>& grid, const std::vector<FrontPoint>& other)
{
    std::vector<Distance> result;
    for (std::size_t i = 0; i < std::min(grid.size(), other.size()); ++i) {
        const auto difference = grid[i].accuracy - other[i].accuracy;
        Distance distance{100 * difference};
        if (const auto deviation = grid[i].deviation; deviation && *deviation > 0)
            distance.deviations = difference / *deviation;
        result.push_back(distance);
    }
    return result;
}

struct Comparison {
    std::vector<Method> methods;
    std::vector<double> grams;
    std::vector<std::vector<FrontPoint>> fronts;  ///< by method
    std::vector<TransferPoint> transfer;
};

/// The shipped sweep over widths, which chooses on validation samples here; a single seed makes it quick.
SweepPlan transfer_plan(bool quick)
{
    auto plan = parse_sweep(find_json("specs/sweeps", "mup-rates"));
    plan.keys.push_back({.key = "data.validation_share", .values = {"0.1"}});
    if (quick) plan.seeds.resize(1);
    return plan;
}

std::vector<TransferPoint> transfer_points(const SweepPlan& plan, const std::filesystem::path& folder)
{
    const auto value_of = [&](const Setting& setting, std::string_view key) {
        const auto place = std::ranges::find(plan.keys, key, &SweepKey::key) - plan.keys.begin();
        return plain(setting[static_cast<std::size_t>(place)].value());
    };
    std::vector<TransferPoint> points;
    for (const auto& setting : settings(plan)) {
        auto& point = points.emplace_back(TransferPoint{value_of(setting, "model.parametrization"),
                                                        std::stod(value_of(setting, "model.width")),
                                                        std::stod(value_of(setting, "centralized.learning_rate"))});
        const auto runs = runs_of(plan, setting);
        for (const auto& run : runs) {
            const auto whole =
                run_course(folder / "runs" / run.name, "centralized", std::numeric_limits<std::uint32_t>::max());
            point.accuracy += whole.course.points.back().accuracy / static_cast<double>(runs.size());
            point.joules += whole.course.joules / static_cast<double>(runs.size());
        }
    }
    return points;
}

std::string text_of(const Comparison& comparison)
{
    const auto& methods = comparison.methods;
    const auto whole = methods.front().result.price();
    text::TextTable price{{"method", "trials", "rounds trained", "J", "gCO2e", "of the grid's J"}};
    for (const auto& method : methods) {
        const auto spent = method.result.price();
        price.add({method.name, std::to_string(method.result.trials.size()), std::to_string(spent.trained_rounds),
                   text::significant(spent.joules), text::significant(spent.gco2e),
                   text::percent(spent.joules / whole.joules)});
    }
    std::vector<std::string> heading{"at most gCO2e", "grid", "± seeds"};
    for (std::size_t m = 1; m < methods.size(); ++m) {
        heading.push_back(methods[m].name);
        heading.emplace_back("behind, in deviations");
    }
    text::TextTable front{heading};
    for (std::size_t i = 0; i < comparison.fronts.front().size(); ++i) {
        const auto& grid = comparison.fronts.front()[i];
        std::vector<std::string> row{text::significant(grid.gco2e), text::percent(grid.accuracy),
                                     grid.deviation ? text::fixed(100 * *grid.deviation, 1) : "-"};
        for (std::size_t m = 1; m < methods.size(); ++m) {
            const auto far = distances(comparison.fronts.front(), comparison.fronts[m]);
            row.push_back(text::percent(comparison.fronts[m][i].accuracy));
            row.push_back(far[i].deviations ? text::fixed(*far[i].deviations, 2) : "-");
        }
        front.add(row);
    }
    return "The best validation accuracy for at most so many grams a training, in the mean over the seeds:\n\n" +
           front.text() + "\nWhat looking for it took, modelled on the specification's devices:\n\n" + price.text() +
           "\n" + transfer_text(comparison.transfer);
}

Json json_of(const Comparison& comparison)
{
    auto methods = Json::array();
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        const auto& method = comparison.methods[m];
        const auto spent = method.result.price();
        auto points = Json::array();
        for (const auto& point : comparison.fronts[m])
            points.push_back({{"gco2e", point.gco2e},
                              {"validation_accuracy", point.accuracy},
                              {"deviation", point.deviation ? Json(*point.deviation) : Json(nullptr)}});
        methods.push_back({{"method", method.name},
                           {"trials", method.result.trials.size()},
                           {"trained_rounds", spent.trained_rounds},
                           {"joules", spent.joules},
                           {"gco2e", spent.gco2e},
                           {"front", std::move(points)}});
    }
    return {{"format", 1}, {"methods", std::move(methods)}, {"transfer", transfer_json(comparison.transfer)}};
}

}  // namespace

int reproduce_search(const ReproduceSearchOptions& options)
{
    const auto out = options.out.value_or(default_folder("search"));
    check_output_folder(out);
    const auto plan = plan_of(options.quick);
    Comparison comparison{methods_of(plan), {}, {}, {}};
    const auto carry_out = [&](const SweepPlan& own, const std::string& name) {
        SweepOptions sweep_options;
        sweep_options.sweep = name;
        sweep_options.out = out / name;
        sweep_options.data_folder = options.data_folder;
        sweep_options.store = options.store;
        std::cerr << "fedgram: " << name << "\n";
        return sweep(own, sweep_options, SweepOutput::files);
    };
    for (auto& method : comparison.methods) {
        auto own = plan;
        own.search = method.rule;
        if (own.search.has_rungs())  // which say how many rounds there are
            std::erase_if(own.keys, [](const SweepKey& key) { return key.key == "federated.max_rounds"; });
        if (const int code = carry_out(own, method.name); code != 0) return code;
        method.result = *find_search_result(out / method.name);
        method.trials = trials_of(own, method.result, out / method.name);
    }
    const auto widths = transfer_plan(options.quick);
    if (const int code = carry_out(widths, "transfer"); code != 0) return code;
    comparison.transfer = transfer_points(widths, out / "transfer");
    std::vector<std::vector<SeededTrial>> searches;
    for (const auto& method : comparison.methods) searches.push_back(method.trials);
    comparison.grams = common_levels(searches, levels);
    for (const auto& trials : searches) comparison.fronts.push_back(front_at(trials, comparison.grams));
    const auto text = text_of(comparison);
    const auto json = json_of(comparison).dump(2) + "\n";
    files::write_file(out / "search.txt", text);
    files::write_file(out / "search.json", json);
    std::cout << (options.json ? json : text) << std::flush;
    std::cerr << "results are in " << out.string() << "\n";
    return 0;
}

}  // namespace fedgram::experiments
