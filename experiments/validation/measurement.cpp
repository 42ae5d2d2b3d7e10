#include "experiments/validation/measurement.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/networks/network.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/joined.hpp"
#include "datasets/records/records.hpp"
#include "experiments/lookup/builtin_model.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;
using learning::OptimizerLaunches;
using learning::TensorOptimizer;

constexpr std::array<std::string_view, 5> optimizers{"sgd", "momentum", "adam", "adamw", "adadelta"};

TensorOptimizer parse_optimizer(spec::StrictObject& row)
{
    const auto word = row.choice("optimizer", {"sgd", "momentum", "adam", "adamw", "adadelta"});
    return static_cast<TensorOptimizer>(std::ranges::find(optimizers, word) - optimizers.begin());
}

// Built-in models are counted as their trainings are: a multi-tensor optimizer.
energy::Work builtin_step(const std::string& name, std::uint64_t batch, TensorOptimizer optimizer)
{
    spec::Optimizer stated;
    if (optimizer == TensorOptimizer::adam) stated.kind = spec::OptimizerKind::adam;
    stated.momentum = optimizer == TensorOptimizer::momentum ? 0.9 : 0;
    return learning::training_work(builtin_model(name), stated, batch, 1);
}

// One that is trained here, too, counts as the network that was measured elsewhere: the same operations, but for
// kernels that PyTorch launches beside.
bool is_builtin(const std::string& name)
{
    const auto is_in = [&](const auto& names) { return std::ranges::find(names, name) != names.end(); };
    return is_in(learning::builtin_model_names()) && !is_in(learning::network_names());
}

learning::Network network_of(const spec::StrictObject& row, const std::string& name)
{
    return with_context(row.path_of("network"), [&] { return learning::network(name); });
}

energy::Work work_of(spec::StrictObject& row, const MeasuredRow& measured, OptimizerLaunches launches)
{
    const bool builtin = is_builtin(measured.network);
    if (measured.inference && builtin) row.refuse("pass", "\"train\" for a built-in model");
    if (measured.inference) return learning::inference_work(network_of(row, measured.network), measured.batch);
    const auto optimizer = parse_optimizer(row);
    if (!builtin) return learning::step_work(network_of(row, measured.network), measured.batch, optimizer, launches);
    if (optimizer == TensorOptimizer::adamw || optimizer == TensorOptimizer::adadelta)
        row.refuse("optimizer", "sgd, momentum or adam for a built-in model");
    return builtin_step(measured.network, measured.batch, optimizer);
}

RowUse parse_use(const std::string& word)
{
    return word == "fitted" ? RowUse::fitted : word == "checked" ? RowUse::checked : RowUse::shown;
}

OptimizerLaunches parse_launches(spec::StrictObject& object)
{
    const bool per_tensor = object.has("optimizer_launches") &&
                            object.choice("optimizer_launches", {"per_tensor", "multi_tensor"}) == "per_tensor";
    return per_tensor ? OptimizerLaunches::per_tensor : OptimizerLaunches::multi_tensor;
}

void read_step(spec::StrictObject& row, OptimizerLaunches launches, MeasuredRow& measured)
{
    measured.network = row.text("network");
    measured.batch = row.whole("batch");
    constexpr std::uint64_t largest_batch = 100'000'000;  // of any network here, no sum leaves 64 bits
    if (measured.batch == 0 || measured.batch > largest_batch) row.refuse("batch", "1 to 100,000,000");
    measured.inference = row.has("pass") && row.choice("pass", {"train", "inference"}) == "inference";
    measured.work = work_of(row, measured, launches);
    if (!measured.inference) measured.optimizer = row.text("optimizer");
}

MeasuredRow parse_row(const Json& json, const std::string& where, OptimizerLaunches launches)
{
    spec::StrictObject row{json, where};
    MeasuredRow measured;
    read_step(row, launches, measured);
    if (row.has("execution") && row.choice("execution", {"eager", "graph"}) == "graph")
        measured.execution = energy::Execution::graph;
    measured.power_limit_w = row.optional_number("power_limit_w", spec::positive);
    measured.seconds = row.optional_number("seconds", spec::positive);
    if (row.has("seconds_of")) measured.seconds_of = row.text("seconds_of");
    measured.watts = row.optional_number("watts", spec::positive);
    if (!measured.seconds && !measured.watts)
        throw SpecError{where + ": neither seconds nor watts; state at least one of them"};
    measured.use = parse_use(row.choice("use", {"fitted", "checked", "shown"}));
    row.read("note", measured.note);
    if (measured.use == RowUse::shown && measured.note.empty())
        throw SpecError{where + ".note: missing; say why the row counts nowhere"};
    row.finish();
    return measured;
}

MeasurementSet parse_set(const Json& json, const std::string& where)
{
    spec::StrictObject object{json, where};
    MeasurementSet set;
    set.source = object.text("source");
    set.licence = object.text("licence");
    const auto launches = parse_launches(object);
    const auto& rows = object.array("rows");
    for (std::size_t i = 0; i < rows.size(); ++i)
        set.rows.push_back(parse_row(rows[i], object.path_of("rows", i), launches));
    object.finish();
    return set;
}

}  // namespace

std::string_view name(RowUse use)
{
    return use == RowUse::fitted ? "fitted" : use == RowUse::checked ? "checked" : "shown";
}

Measurements parse_measurements(const Json& json, const std::string& where)
{
    spec::StrictObject object{json, where};
    Measurements measurements;
    measurements.device = object.text("device");
    const auto& sets = object.array("sets");
    for (std::size_t i = 0; i < sets.size(); ++i)
        measurements.sets.push_back(parse_set(sets[i], object.path_of("sets", i)));
    object.finish();
    return measurements;
}

NamedStep step_of(spec::StrictObject& object)
{
    MeasuredRow step;
    read_step(object, parse_launches(object), step);
    return {step.work, step.network + ", batches of " + std::to_string(step.batch)};
}

std::vector<std::string> measured_devices()
{
    std::vector<std::string> ids;
    for (const auto& path : datasets::record_names("measurements/"))
        ids.push_back(std::filesystem::path{path}.stem().string());
    return ids;
}

Measurements measurements_of_record(const std::string& device)
{
    const auto ids = measured_devices();
    if (std::ranges::find(ids, device) == ids.end())
        throw SpecError{"there are no measurements of \"" + device +
                        "\"; give some by --measurements FILE, or use one of " + text::joined(ids)};
    const auto path = "measurements/" + device + ".json";
    return parse_measurements(Json::parse(datasets::record(path)), path);
}

}  // namespace fedgram::experiments
