#include "experiments/commands/lifecycle.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/lifecycle/lifecycle_text.hpp"
#include "common/run/spec_file.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/number_text.hpp"
#include "experiments/asking/past_trials.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/serving_lookup.hpp"
#include "experiments/reducing/own_request.hpp"

namespace fedgram::experiments {

namespace {

report::LifePlan plan_of(const LifecycleOptions& options)
{
    report::LifePlan plan;
    plan.predictions_per_day = report::predictions_per_day(options.predictions);
    plan.days = options.years * report::LifePlan::days_per_year;
    if (!options.retrain_every.empty()) plan.retrain_every_days = report::days_of(options.retrain_every);
    plan.failed_share = options.failed_share;
    plan.request = request_of(options.request_bytes, options.answer_bytes);
    report::check(plan);
    return plan;
}

energy::InferenceDevice device_of(const std::string& id, const carbon::Accounting& accounting)
{
    return id == "edge" ? energy::InferenceDevice{.profile = accounting.edge_device} : inference_device(id);
}

/// Of a device by its id: a file of the user's says all that it wants to.
std::optional<energy::ServingProfile> serving_of(const std::string& id)
{
    const auto ids = serving_ids();
    return std::ranges::find(ids, text::lower(id)) == ids.end() ? std::nullopt : find_serving_profile(id);
}

/// Trainings of a run that was killed, or goes on, which have no end.
std::vector<std::string> unfinished_trainings(const std::filesystem::path& run, const report::Table& table)
{
    std::vector<std::string> labels;
    for (const auto& planned : run::read_spec_file(run).trainings)
        if (std::ranges::none_of(table.trainings,
                                 [&](const auto& ended) { return ended.outcome.label == planned.label; }))
            labels.push_back(planned.label);
    return labels;
}

std::vector<report::ServingPlace> places_of(const LifecycleOptions& options, const carbon::Accounting& accounting)
{
    std::vector<report::ServingPlace> places;
    const auto add = [&](energy::InferenceDevice device, const std::string& given) {
        const auto pue = device.is_in_data_centre() ? std::optional{accounting.pue.front().ratio()} : std::nullopt;
        places.push_back({.device = std::move(device), .pue = pue, .serving = serving_of(given)});
    };
    for (const auto& id : options.devices) {
        if (std::ranges::count(options.devices, id) > 1)
            throw SpecError{"--device: " + id + " is given more than once; once is enough"};
        add(device_of(id, accounting), id);
    }
    const auto& first = accounting.datacenter_devices.front();
    if (places.empty()) add({.profile = first}, first.id);
    if (!options.on_device.empty())
        places.push_back({.device = device_of(options.on_device, accounting),
                          .on_clients = true,
                          .serving = serving_of(options.on_device)});
    return places;
}

AssumptionOptions assumptions_of(const LifecycleOptions& options)
{
    AssumptionOptions assumptions;
    if (!options.country.empty()) assumptions.countries = {options.country};
    if (options.pue) assumptions.pue = {*options.pue};
    assumptions.network = options.network;
    assumptions.kwh_per_gb = options.kwh_per_gb;
    return assumptions;
}

std::vector<std::string> answering_devices()
{
    auto ids = device_ids();
    for (const auto& id : inference_device_ids())
        if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    ids.emplace_back("edge");
    return ids;
}

}  // namespace

int lifecycle(const LifecycleOptions& options)
{
    const auto plan = plan_of(options);
    const auto folder = run_of_model(options.folder);
    const auto assumptions = assumptions_of(options);
    const auto priced = priced_run(folder, assumptions);
    refuse_idle_kwh_per_gb(options.kwh_per_gb, priced.table.accounting.network);
    auto past = options.searches;
    if (folder != options.folder) past.insert(past.begin(), options.folder);
    const report::LifeQuestion question{.plan = plan,
                                        .training = options.training,
                                        .places = places_of(options, priced.table.accounting),
                                        .trials = past_trials(past, folder, assumptions),
                                        .unfinished = unfinished_trainings(folder, priced.table),
                                        .own_request = own_request(folder)};
    const auto lives = report::lifecycle(priced.table, priced.run, question);
    std::cout << (options.json ? report::lifecycle_json(lives).dump(2, ' ', false,
                                                                    nlohmann::ordered_json::error_handler_t::replace) +
                                     "\n"
                               : report::lifecycle_text(lives));
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
        "  fedgram lifecycle results/my-search --predictions 1e6/day --retrain-every 90d --failed-share 0.88",
        lifecycle, options);
    sub.option("folder", &options->folder, "Folder of a run, or of a search, for its winner's model and all its trials")
        .required()
        .type_name("DIR");
    sub.option("--predictions", &options->predictions, "How many it makes: a number with /day, /hour or /s")
        .required()
        .type_name("RATE");
    sub.option("--years", &options->years, "How long it is in use").type_name("YEARS").shows_default();
    sub.option("--training", &options->training,
               "Label of the training whose lives come first (default: the first with a result)")
        .type_name("LABEL");
    sub.option("--device", &options->devices,
               "What answers: ids, or paths of .json files; edge is the run's edge device (default: the run's first "
               "data-centre device)")
        .comma_list()
        .suggests(answering_devices);
    sub.option("--on-device", &options->on_device,
               "Lives on the clients' own devices, too, to which nothing is sent (without a value: the run's edge "
               "device)")
        .type_name("DEVICE")
        .value_optional("edge")
        .suggests(answering_devices);
    add_request_bytes(sub, options->request_bytes, options->answer_bytes);
    sub.option("--retrain-every", &options->retrain_every,
               "It is trained anew so often: a number with d, w or y (default: never)")
        .type_name("TIME");
    sub.option("--failed-share", &options->failed_share,
               "An assumption: of all models that are developed, those that never come into use, such as 0.88")
        .type_name("SHARE")
        .shows_default();
    sub.option("--searches", &options->searches,
               "Folders of sweeps and runs that led to the model: all that their runs spent, failed ones too")
        .type_name("DIR")
        .comma_list();
    sub.option("--country", &options->country,
               "Where it is trained and used: an ISO 3166 code or a name (default: the run's first)")
        .suggests(grid_country_words);
    sub.option("--pue", &options->pue, "Data centres' PUE, from 1 to 10");
    add_network(sub, options->network, options->kwh_per_gb);
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
