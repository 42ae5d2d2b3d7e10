#include "experiments/lookup/specification.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/fleet/fleet.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/model_width.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/start/start_parameters.hpp"
#include "common/learning/training/node_skew.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/privacy/training_noise.hpp"
#include "common/spec/mistakes.hpp"
#include "common/spec/override.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/parse_data.hpp"
#include "common/spec/resolve.hpp"
#include "common/spec/utf8.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "datasets/features/learned_part.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/synthetic.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/lookup/hours_needed.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/resolved_fleets.hpp"
#include "experiments/lookup/shipped_files.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

const ShippedFile* shipped(const std::string& folder, const std::string& name)
{
    const auto path = folder + "/" + name + ".json";
    const auto found = std::ranges::find(shipped_files(), path, &ShippedFile::path);
    return found == shipped_files().end() ? nullptr : &*found;
}

/// Makes a section `data` whose dataset is the path of a file say what that file says, unless the section says
/// otherwise. Then every relative path of its files counts from `folder`.
void take_description(ordered_json& data, const std::filesystem::path& folder)
{
    if (!data.is_object() || !data.contains("dataset") || !data["dataset"].is_string()) return;
    const std::filesystem::path name{data["dataset"].get<std::string>()};
    if (name.extension() != ".json") return;
    const auto path = (folder / name).lexically_normal();
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{"data.dataset: " + path.string() +
                        " is not there; give the name of a dataset, or the path of a file that describes one"};
    auto described = spec::parse_json_text(files::read_file(path), path.string());
    with_context(path.string(), [&] { static_cast<void>(spec::parse_data(described)); });
    spec::put_before_paths(described, name.parent_path());
    data.erase("dataset");
    described.update(data);
    data = std::move(described);
}

/// A path as a specification has it.
std::string as_text(const std::filesystem::path& path)
{
    auto text = path.string();
    if (!spec::is_utf8(text))
        throw SystemError{text +
                          ": this name is not valid UTF-8, as all in a specification is; rename it, or go elsewhere"};
    return text;
}

/// A path of a model becomes absolute; own data states the folder that its paths count from.
void settle_paths(ordered_json& spec, const std::filesystem::path& folder, const std::filesystem::path& data_folder)
{
    if (spec.is_object() && spec.contains("data")) {
        auto& data = spec["data"];
        take_description(data, data_folder);
        if (data.is_object() && data.contains("files") && !data.contains("folder"))
            data["folder"] = as_text(data_folder);
    }
    if (!spec.is_object() || !spec.contains("model") || !spec["model"].is_object()) return;
    auto& model = spec["model"];
    for (const char* key : {"torchscript", "start"})
        if (model.contains(key) && model[key].is_string() && model[key] != "")
            model[key] = as_text((folder / model[key].get<std::string>()).lexically_normal());
}

learning::Model resolve_model(spec::Experiment& experiment, const datasets::Dataset& data)
{
    auto& model = experiment.model;
    if (model.layers.empty() && model.torchscript.empty()) {
        auto layers = learning::builtin_layers(model.name, data.classes);
        if (!layers)
            throw SpecError{"model: \"" + model.name + "\" is no built-in model; use one of " +
                            text::joined(learning::builtin_model_names()) +
                            ", or an object with layers or torchscript"};
        model.layers = learning::at_width(std::move(*layers), model.width);
        if (model.width != 1) model.name += " at width " + text::shortest(model.width);
        model.width = 1;  // it is in the layers
    }
    std::unique_ptr<learning::Engine> engine;
    const auto open = [&]() -> learning::Engine& {
        if (!engine) engine = learning::open_engine(experiment.engine);
        return *engine;
    };
    const learning::Shape shape{data.channels, data.height, data.width, data.classes};
    if (!model.start.empty())
        static_cast<void>(learning::start_parameters(learning::make_model(model, shape, open), model.start));
    return learning::learned_model(model, shape, open);
}

void check_partitions(const spec::Experiment& experiment, const datasets::Dataset& data)
{
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<spec::Federated>(&training.kind))
            with_context("trainings." + training.label, [&] {
                learning::check_feature_skew(federated->feature_skew,
                                             {data.channels, data.height, data.width, data.classes});
                const auto shares = datasets::node_shares(data, experiment, *federated);
                if (federated->privacy)
                    with_context("privacy", [&] { static_cast<void>(privacy::training_noise(*federated)); });
                if (federated->secure_aggregation)
                    spec::check_ring(*federated->secure_aggregation, "secure_aggregation",
                                     learning::most_total_weight(*federated, shares.total()));
            });
}

}  // namespace

std::vector<std::string> shipped_names(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& file : shipped_files())
        if (const std::filesystem::path path{file.path}; path.parent_path() == folder)
            names.push_back(path.stem().string());
    return names;
}

ordered_json find_json(const std::string& folder, const std::string& name_or_path)
{
    if (const auto* file = shipped(folder, name_or_path)) return spec::parse_json_text(file->text, file->path);
    if (!std::filesystem::is_regular_file(name_or_path))
        throw SpecError{name_or_path + ": there is no such file; give the path of one, or one of " +
                        text::joined(shipped_names(folder))};
    return spec::parse_json_text(files::read_file(name_or_path), name_or_path);
}

spec::Experiment read_specification(const SpecChoice& choice)
{
    auto json = find_json("specs", choice.spec);
    const bool is_file = !shipped("specs", choice.spec);
    const auto here = std::filesystem::current_path();
    const auto folder = is_file ? std::filesystem::absolute(choice.spec).parent_path() : here;
    const auto data_folder = choice.data_folder ? std::filesystem::absolute(*choice.data_folder) : folder;
    spec::Mistakes mistakes;
    mistakes.collect([&] {
        if (is_file) settle_paths(json, folder, data_folder);
    });
    spec::apply_overrides(json, choice.sets);  // one that is refused may be what the specification lacks
    mistakes.collect([&] { settle_paths(json, here, data_folder); });
    spec::Experiment experiment;
    mistakes.collect([&] { experiment = spec::parse_experiment(json); });
    // Those of the accounting come with the others, so that one answer has them all.
    if (!mistakes.none() && json.is_object() && json.contains("accounting") && json["accounting"].is_object())
        mistakes.collect([&] { static_cast<void>(read_accounting(json["accounting"])); });
    mistakes.finish();
    return experiment;
}

bool choose_dataset(spec::Experiment& experiment, const std::optional<std::filesystem::path>& data_folder)
{
    const auto stand_in = std::exchange(experiment.data.stand_in, std::nullopt);
    if (!stand_in) return false;
    const auto known = datasets::dataset_names();
    if (std::ranges::find(known, *stand_in) == known.end())
        throw SpecError{"data.stand_in: unknown \"" + *stand_in + "\"; use one of " + text::joined(known)};
    if (data_folder || experiment.data.own || datasets::at_hand(experiment.data.dataset)) return false;
    experiment.data.dataset = *stand_in;
    return true;
}

void resolve(spec::Experiment& experiment, const datasets::Dataset& data)
{
    spec::check_normalization(experiment.data, data.channels);
    if (const auto note = datasets::synthetic_note(data.name); experiment.title_note.find(note) == std::string::npos)
        experiment.title_note += (experiment.title_note.empty() ? "" : "; ") + note;
    spec::Mistakes mistakes;
    std::optional<learning::Model> model;
    mistakes.collect([&] { model = resolve_model(experiment, data); });
    std::optional<carbon::Accounting> accounting;
    mistakes.collect([&] { accounting = read_accounting(*experiment.accounting); });
    if (accounting) mistakes.collect([&] { resolve_fleets(experiment, *accounting); });
    mistakes.finish();
    spec::check_held_updates(experiment, model->parameters.size);
    spec::check_node_states(experiment, model->parameters.size);
    const auto samples = datasets::training_indices(data, experiment).size();
    check_partitions(experiment, data);
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<spec::Federated>(&training.kind)) {
            const auto fleet = fleet::fleet_of(experiment, training, *accounting);
            fleet::check_private_draw(*federated, fleet ? &*fleet : nullptr, "trainings." + training.label);
            datasets::check_rounds(experiment.model.frozen_to, fleet::decides(*federated, fleet ? &*fleet : nullptr),
                                   training.label);
        }
    check_hours_needed(experiment, *accounting, *model, data);
    spec::fill_defaults(experiment, samples);
    experiment.accounting = std::make_shared<const ordered_json>(carbon::to_json(*accounting));
}

void keep_trainings(spec::Experiment& experiment, const std::vector<std::string>& labels, const std::string& option)
{
    std::vector<std::string> known;
    for (const auto& training : experiment.trainings) known.push_back(training.label);
    for (const auto& label : labels)
        if (std::ranges::count(known, label) == 0)
            throw SpecError{option + ": \"" + label + "\" is no training of " + experiment.name + "; use one of " +
                            text::joined(known)};
    if (!labels.empty())
        std::erase_if(experiment.trainings,
                      [&](const auto& training) { return std::ranges::count(labels, training.label) == 0; });
    std::erase_if(experiment.reductions, [&](const auto& reduction) {
        return std::ranges::find(experiment.trainings, reduction.training, &spec::Training::label) ==
               experiment.trainings.end();
    });
}

spec::Experiment resolved_specification(const SpecChoice& choice)
{
    auto experiment = read_specification(choice);
    choose_dataset(experiment, choice.data_folder);
    resolve(experiment, datasets::load_cached(experiment.data, choice.data_folder));
    return experiment;
}

}  // namespace fedgram::experiments
