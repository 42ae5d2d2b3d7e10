#include "experiments/commands/life_options.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "common/run/spec_file.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/number_text.hpp"
#include "experiments/asking/past_trials.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/serving_lookup.hpp"
#include "experiments/reducing/own_request.hpp"

namespace fedgram::experiments {

namespace {

std::uint64_t whole_number(const std::string& option, double number, double least, double most)
{
    if (!(number >= least && number <= most) || number != std::floor(number))
        throw SpecError{option + ": " + text::shortest(number) + " is not valid; use a whole number from " +
                        text::shortest(least) + " to " + text::shortest(most)};
    return static_cast<std::uint64_t>(number);
}

template <class Ids>
bool has(const Ids& ids, const std::string& id)
{
    return std::ranges::find(ids, text::lower(id)) != ids.end();
}

std::vector<std::string> answering_devices()
{
    auto ids = device_ids();
    for (const auto& more : {inference_device_ids(), serving_ids()})
        for (const auto& id : more)
            if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    ids.emplace_back("edge");
    return ids;
}

/// Throws SpecError for what is neither an id nor a path.
void check_device(const std::string& id)
{
    const auto ids = answering_devices();
    if (has(ids, id) || id.find('/') != std::string::npos || text::lower(id).ends_with(".json")) return;
    const auto near = text::did_you_mean(id, ids);
    throw SpecError{"\"" + id + "\" is no device of record nor a path of a .json file; " + near +
                    (near.empty() ? "" : " ") + "use one of " + text::joined(ids)};
}

/// Of the run's own: a profile may be of a user's file, or of earlier figures.
report::ServingPlace place_of(const energy::DeviceProfile& profile)
{
    report::ServingPlace place{.device = energy::InferenceDevice{.profile = profile}};
    if (has(serving_ids(), profile.id)) place.serving = find_serving_profile(profile.id);
    return place;
}

/// What is known of a device by its id, or what a file of the user's says.
report::ServingPlace place_of(const std::string& id, const carbon::Accounting& accounting)
{
    if (text::lower(id) == "edge") return place_of(accounting.edge_device);
    check_device(id);
    report::ServingPlace place{.serving = find_serving_profile(id)};
    const auto& name = place.serving ? place.serving->id : id;
    if (!place.serving || has(device_ids(), name) || has(inference_device_ids(), name))
        place.device = inference_device(name);
    return place;
}

bool is_in_data_centre(const report::ServingPlace& place)
{
    return place.device && place.device->profile ? place.device->is_in_data_centre()
           : place.serving                       ? place.serving->device_class == energy::DeviceClass::datacenter
                                                 : false;
}

std::vector<report::ServingPlace> places_of(const LifeOptions& options, const carbon::Accounting& accounting)
{
    const auto batch = static_cast<std::uint32_t>(whole_number("--batch", options.batch, 1, 1 << 20));
    std::vector<report::ServingPlace> places;
    const auto add = [&](report::ServingPlace place) {
        if (is_in_data_centre(place)) place.pue = accounting.pue.front().ratio();
        if (batch > 1 && !place.serving)
            throw SpecError{
                "--batch: what a batch takes on " + place.id() +
                " isn't known; leave it out, or use a --device with a serving record: " + text::joined(serving_ids())};
        place.batch = batch;
        places.push_back(std::move(place));
    };
    for (const auto& id : options.devices) {
        if (std::ranges::count(options.devices, id) > 1)
            throw SpecError{"--device: " + id + " is given more than once; once is enough"};
        add(place_of(id, accounting));
    }
    if (places.empty()) add(place_of(accounting.datacenter_devices.front()));
    if (!options.on_device.empty()) {
        places.push_back(place_of(options.on_device, accounting));
        places.back().on_clients = true;
    }
    return places;
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

}  // namespace

report::LifePlan plan_of(const LifeOptions& options)
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

report::Lifecycle lives_of(const std::filesystem::path& folder, const PricedRun& priced,
                           const AssumptionOptions& assumptions, const LifeOptions& options)
{
    const report::LifeQuestion question{.plan = plan_of(options),
                                        .training = options.training,
                                        .places = places_of(options, priced.table.accounting),
                                        .trials = past_trials(options.searches, folder, assumptions),
                                        .unfinished = unfinished_trainings(folder, priced.table),
                                        .own_request = own_request(folder)};
    return report::lifecycle(priced.table, priced.run, question);
}

Option add_life_options(const Subcommand& sub, LifeOptions& options, Predictions predictions)
{
    const auto asked =
        sub.option(
               "--predictions", &options.predictions,
               "How many it makes: a number with /day, /hour or /s" +
                   std::string{predictions == Predictions::optional ? "; adds what the model takes over its life" : ""})
            .type_name("RATE");
    if (predictions == Predictions::required) asked.required();
    const auto add = [&](const std::string& name, OptionTarget target, const std::string& what) {
        const auto option = sub.option(name, target, what);
        return predictions == Predictions::optional ? option.needs(asked) : option;
    };
    add("--years", &options.years, "How long it is in use").type_name("YEARS").shows_default();
    add("--training", &options.training,
        "Label of the training whose lives come first (default: the first with a result)")
        .type_name("LABEL");
    add("--device", &options.devices,
        "What answers: ids, or paths of .json files; edge is the run's edge device (default: the run's first "
        "data-centre device)")
        .comma_list()
        .suggests(answering_devices);
    add("--on-device", &options.on_device,
        "Lives on the clients' own devices, too, to which nothing is sent (without a value: the run's edge device)")
        .type_name("DEVICE")
        .value_optional("edge")
        .suggests(answering_devices);
    add("--batch", &options.batch,
        "How many predictions a data centre's device computes at once, always; above 1 by serving records")
        .type_name("COUNT")
        .shows_default();
    const auto request = add_request_bytes(sub, options.request_bytes, options.answer_bytes);
    if (predictions == Predictions::optional) request.needs(asked);
    add("--retrain-every", &options.retrain_every,
        "It is trained anew so often: a number with d, w or y (default: never)")
        .type_name("TIME");
    add("--failed-share", &options.failed_share,
        "An assumption: of all models that are developed, those that never come into use, such as 0.88")
        .type_name("SHARE")
        .shows_default();
    add("--searches", &options.searches,
        "Folders of sweeps and runs that led to the model: all that their runs spent, failed ones too")
        .type_name("DIR")
        .comma_list();
    return asked;
}

}  // namespace fedgram::experiments
