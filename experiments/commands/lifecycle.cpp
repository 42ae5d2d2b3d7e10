#include "experiments/commands/lifecycle.hpp"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/lifecycle/life_notes.hpp"
#include "common/report/lifecycle/lifecycle_text.hpp"
#include "experiments/asking/past_trials.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

AssumptionOptions assumptions_of(const LifecycleOptions& options)
{
    AssumptionOptions assumptions;
    if (!options.country.empty()) assumptions.countries = {options.country};
    if (options.pue) assumptions.pue = {*options.pue};
    assumptions.network = options.network;
    assumptions.kwh_per_gb = options.kwh_per_gb;
    return assumptions;
}

}  // namespace

int lifecycle(const LifecycleOptions& options)
{
    static_cast<void>(plan_of(options.life));  // what is wrong with it is said before anything is read
    const auto [folder, choice] = run_of_model(options.folder);
    const auto assumptions = assumptions_of(options);
    const auto priced = priced_run(folder, assumptions);
    refuse_idle_kwh_per_gb(options.kwh_per_gb, priced.table.accounting.network);
    auto life = options.life;
    if (folder != options.folder) life.searches.insert(life.searches.begin(), options.folder);
    auto lives = lives_of(folder, priced, assumptions, life);
    lives.choice = choice;
    if (options.json) {
        auto json = report::lifecycle_json(lives);
        if (options.figures) json["figures"] = report::life_figures_json(lives);
        std::cout << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    } else {
        std::cout << report::lifecycle_text(lives,
                                            options.parts ? report::ShownParts::of_each : report::ShownParts::of_first)
                  << (options.figures ? report::life_figures(lives) : "");
    }
    return 0;
}

void add_lifecycle(CommandSet& commands)
{
    const auto options = std::make_shared<LifecycleOptions>();
    const auto sub = commands.add(
        "lifecycle",
        "What a run's model takes over its life: training, use, retraining, and where one life beats another",
        "  fedgram lifecycle results/mine --predictions 1e6/day --years 2 --country FRA\n"
        "  fedgram lifecycle results/mine --predictions 100/s --device t4 --on-device phone --request-bytes 784\n"
        "  fedgram lifecycle results/mine --predictions 1e9/day --device t4,tpu-v4 --batch 16\n"
        "  fedgram lifecycle results/my-search --predictions 1e6/day --retrain-every 90d --failed-share 0.88",
        lifecycle, options);
    sub.option("folder", &options->folder, "Folder of a run, or of a search, for its winner's model and all its trials")
        .required()
        .type_name("DIR");
    add_life_options(sub, options->life, Predictions::required);
    sub.option("--country", &options->country,
               "Where it is trained and used: an ISO 3166 code or a name (default: the run's first)")
        .suggests(grid_country_words);
    sub.option("--pue", &options->pue, "Data centres' PUE, from 1 to 10");
    add_network(sub, options->network, options->kwh_per_gb);
    sub.flag("--parts", &options->parts, "Print the parts of each life, not of the first alone (--json has them all)");
    sub.flag("--figures", &options->figures, "Also each figure by which the devices answer: band, standing and source");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
