#include "common/run/summary.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/run/json_file.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

/// The newest version of each format that summary.json answers for: its own, and those of the files beside it whose
/// lines or keys have no room for one. common/run/README.md says what each version holds.
constexpr std::array<std::pair<const char*, std::uint32_t>, 6> formats{
    {{"summary", 1}, {"spec", 1}, {"rounds", 2}, {"ledger", 1}, {"host", 1}, {"events", 1}}};

void check_formats(StrictObject& summary)
{
    if (!summary.has("formats")) return;  // a folder from before there were versions: all are 1
    auto stated = summary.object("formats");
    for (const auto& [format, known] : formats) check_format(stated, format, known);
}

RunSummary::Engine parse_engine(StrictObject object)
{
    RunSummary::Engine engine;
    object.read("name", engine.name);
    object.read("version", engine.version);
    object.read("blas", engine.blas);
    object.read("cpu", engine.cpu);
    return engine;
}

std::map<std::string, std::uint64_t> parse_refused(StrictObject object, const Json& json)
{
    std::map<std::string, std::uint64_t> refused;
    for (const auto& [reason, count] : json.items()) refused[reason] = object.whole(reason);
    return refused;
}

/// JSON has no NaN: the loss of a training that has diverged is written as null.
double parse_accuracy(StrictObject& object, std::string_view key)
{
    if (object.value(key).is_null()) return std::numeric_limits<double>::quiet_NaN();
    return object.number(key, spec::fraction);
}

double parse_loss(StrictObject& object, std::string_view key)
{
    const auto* loss = object.find(key);
    if (loss != nullptr && loss->is_null()) return std::numeric_limits<double>::quiet_NaN();
    return object.optional_number(key, spec::not_negative).value_or(0);
}

SpentEarlier parse_spent_earlier(StrictObject object)
{
    const SpentEarlier spent{object.number("host_cpu_seconds", spec::not_negative),
                             object.number("host_wall_seconds", spec::not_negative)};
    object.finish();
    return spent;
}

/// `rounds` of the training, which a folder from before they were written here has in their place.
PrivacySpending parse_privacy(StrictObject object, std::uint32_t rounds)
{
    PrivacySpending privacy{.epsilon = object.number("epsilon", spec::not_negative),
                            .delta = object.number("delta", spec::fraction),
                            .noise_multiplier = object.number("noise_multiplier", spec::not_negative),
                            .clip = object.number("clip", spec::not_negative),
                            .rounds = rounds,
                            .sampling_rate = object.optional_number("sampling_rate", spec::fraction),
                            .accountant = object.text("accountant"),
                            .assumptions = object.text("assumptions")};
    object.read("rounds", privacy.rounds, 0);
    object.finish();
    return privacy;
}

std::uint32_t parse_node(const Json& json, const std::string& path)
{
    if (!json.is_number_unsigned() || json > std::numeric_limits<std::uint32_t>::max())
        spec::refuse(path, json, "the number of a node");
    return json.get<std::uint32_t>();
}

// The elements of a list that may be absent.
template <class Element, class Parse>
void parse_each(StrictObject& object, const char* key, std::vector<Element>& elements, Parse parse)
{
    if (!object.has(key)) return;
    const auto& list = object.list(key);
    for (std::size_t i = 0; i < list.size(); ++i) elements.push_back(parse(list[i], object.path_of(key, i)));
}

}  // namespace

std::string_view name(TrainingKind kind) { return kind == TrainingKind::federated ? "federated" : "centralized"; }

std::string_view name(Ending ending)
{
    switch (ending) {
        case Ending::target:
            return "target";
        case Ending::limit:
            return "limit";
        case Ending::diverged:
            return "diverged";
        case Ending::interrupted:
            break;
    }
    return "interrupted";
}

bool RunSummary::whole(std::size_t planned) const
{
    return trainings.size() == planned && std::ranges::none_of(trainings, &TrainingSummary::interrupted);
}

Json to_json(const PrivacySpending& privacy)
{
    Json json{{"epsilon", privacy.epsilon},
              {"delta", privacy.delta},
              {"noise_multiplier", privacy.noise_multiplier},
              {"clip", privacy.clip},
              {"rounds", privacy.rounds}};
    if (privacy.sampling_rate) json["sampling_rate"] = *privacy.sampling_rate;
    json["accountant"] = privacy.accountant;
    json["assumptions"] = privacy.assumptions;
    return json;
}

Json to_json(const TrainingSummary& training)
{
    Json entry;
    entry["label"] = training.label;
    entry["kind"] = name(training.kind);
    entry["reached_target"] = training.reached_target ? Json(*training.reached_target) : Json();
    entry["ended_by"] = name(training.ending);
    if (!training.ended_early.empty()) entry["ended_early"] = training.ended_early;
    const std::string on{name(training.evaluated_on)};
    entry[on + "_accuracy"] = training.test_accuracy;
    entry[on + "_loss"] = training.test_loss;
    entry["best_" + on + "_accuracy"] = training.best_test_accuracy;
    if (training.evaluated_on != EvaluationSet::test) {
        const auto& test = training.final_test;
        entry["test_accuracy"] = test ? Json(test->accuracy) : Json();
        entry["test_loss"] = test ? Json(test->loss) : Json();
    }
    entry["rounds"] = training.rounds;
    entry["virtual_seconds"] = training.virtual_seconds.count();
    entry["parameters_sha256"] = training.parameters_sha256;
    if (training.federated()) entry["refused_updates"] = training.refused_updates;
    if (training.incomplete_rounds > 0) {
        entry["incomplete_rounds"] = training.incomplete_rounds;
        entry["missing_updates"] = training.missing_updates;
    }
    if (training.privacy) entry["privacy"] = to_json(*training.privacy);
    if (!training.restarted_nodes.empty()) entry["restarted_nodes"] = training.restarted_nodes;
    if (!training.schedule_sha256.empty()) {
        entry["lost_updates"] = training.lost_updates;
        entry["schedule_sha256"] = training.schedule_sha256;
    }
    entry["wasted_lines"] = training.wasted_lines;
    entry["wasted_joules"] = training.wasted.count();
    entry["host_cpu_seconds"] = training.host_cpu_seconds;
    entry["host_wall_seconds"] = training.host_wall_seconds;
    entry["host_node_cpu_seconds"] = training.host_node_cpu_seconds;
    if (training.host_node_estimate) entry["host_node_estimate"] = energy::to_json(*training.host_node_estimate);
    entry["host_meters"] = Json::array();
    for (const auto& record : training.host_meters) entry["host_meters"].push_back(energy::to_json(record));
    if (!training.measured.empty()) entry["measured"] = Json::array();
    for (const auto& measured : training.measured) entry["measured"].push_back(energy::to_json(measured));
    if (training.node_test) entry["node_test"] = to_json(*training.node_test);
    if (!training.methods.empty()) {
        entry["model_parameters"] = training.model_parameters;
        for (const auto& method : training.methods) entry["methods"].push_back(to_json(method));
    }
    if (training.frozen) entry["frozen"] = to_json(*training.frozen);
    if (training.buffered_updates > 0) entry["buffered_updates"] = training.buffered_updates;
    if (const auto& spent = training.from_store)
        entry["from_store"] = {{"host_cpu_seconds", spent->host_cpu_seconds},
                               {"host_wall_seconds", spent->host_wall_seconds}};
    return entry;
}

Json to_json(const RunSummary& summary)
{
    Json json;
    json["name"] = summary.name;
    json["fedgram"] = summary.fedgram;
    for (const auto& [format, version] : formats) json["formats"][format] = version;
    json["engine"] = {{"name", summary.engine.name},
                      {"version", summary.engine.version},
                      {"blas", summary.engine.blas},
                      {"cpu", summary.engine.cpu}};
    if (summary.host_cpu_model) json["host"] = {{"cpu_model", *summary.host_cpu_model}};
    json["dataset"] = summary.dataset;
    if (!summary.dataset_note.empty()) json["dataset_note"] = summary.dataset_note;
    json["data_sha256"] = summary.data_sha256;
    json["raw_data_bytes"] = summary.raw_data_bytes;
    json["trainings"] = Json::array();
    for (const auto& training : summary.trainings) json["trainings"].push_back(to_json(training));
    return json;
}

TrainingSummary parse_training_summary(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    TrainingSummary training;
    training.label = object.text("label");
    training.kind = object.choice("kind", {"centralized", "federated"}) == "federated" ? TrainingKind::federated
                                                                                       : TrainingKind::centralized;
    if (!object.value("reached_target").is_null()) training.reached_target = object.boolean("reached_target");
    const auto ending = object.choice("ended_by", {"target", "limit", "interrupted", "diverged"});
    for (const auto known : {Ending::target, Ending::limit, Ending::interrupted, Ending::diverged})
        if (ending == name(known)) training.ending = known;
    object.read("ended_early", training.ended_early);
    if (object.has("validation_accuracy")) training.evaluated_on = EvaluationSet::validation;
    const std::string on{name(training.evaluated_on)};
    training.test_accuracy = parse_accuracy(object, on + "_accuracy");
    training.test_loss = parse_loss(object, on + "_loss");
    training.best_test_accuracy = parse_accuracy(object, "best_" + on + "_accuracy");
    if (training.evaluated_on != EvaluationSet::test && !object.value("test_accuracy").is_null())
        training.final_test = {object.number("test_accuracy", spec::fraction), parse_loss(object, "test_loss")};
    training.rounds = object.whole_32("rounds");
    training.virtual_seconds = Seconds{object.optional_number("virtual_seconds", spec::not_negative).value_or(0)};
    object.read("parameters_sha256", training.parameters_sha256);
    if (const auto* refused = object.find("refused_updates"))
        training.refused_updates = parse_refused(object.object("refused_updates"), *refused);
    object.read("incomplete_rounds", training.incomplete_rounds, 0);
    object.read("missing_updates", training.missing_updates, 0);
    object.read("lost_updates", training.lost_updates, 0);
    object.read("schedule_sha256", training.schedule_sha256);
    if (object.has("privacy")) {
        training.privacy = parse_privacy(object.object("privacy"), training.rounds);
    }
    parse_each(object, "restarted_nodes", training.restarted_nodes, parse_node);
    object.read("wasted_lines", training.wasted_lines, 0);
    training.wasted = Joules{object.optional_number("wasted_joules", spec::not_negative).value_or(0)};
    training.host_cpu_seconds = object.number("host_cpu_seconds", spec::not_negative);
    training.host_wall_seconds = object.number("host_wall_seconds", spec::not_negative);
    object.read("host_node_cpu_seconds", training.host_node_cpu_seconds, spec::not_negative);
    if (const auto* estimate = object.find("host_node_estimate"))
        training.host_node_estimate = energy::parse_meter_record(*estimate, object.path_of("host_node_estimate"));
    parse_each(object, "host_meters", training.host_meters, energy::parse_meter_record);
    parse_each(object, "measured", training.measured, energy::parse_measured_training);
    if (const auto* test = object.find("node_test"))
        training.node_test = parse_node_test(*test, object.path_of("node_test"));
    if (object.has("methods")) training.model_parameters = object.whole("model_parameters");
    parse_each(object, "methods", training.methods, parse_method_cost);
    if (const auto* frozen = object.find("frozen"))
        training.frozen = parse_frozen_cost(*frozen, object.path_of("frozen"));
    object.read("buffered_updates", training.buffered_updates, 0);
    if (object.has("from_store")) training.from_store = parse_spent_earlier(object.object("from_store"));
    return training;
}

RunSummary parse_summary(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    check_formats(object);
    RunSummary summary;
    object.read("name", summary.name);
    object.read("fedgram", summary.fedgram);
    if (object.has("engine")) summary.engine = parse_engine(object.object("engine"));
    if (object.has("host")) summary.host_cpu_model = object.object("host").text("cpu_model");
    object.read("dataset", summary.dataset);
    object.read("dataset_note", summary.dataset_note);
    object.read("data_sha256", summary.data_sha256);
    summary.raw_data_bytes = object.whole("raw_data_bytes");
    const auto& trainings = object.array("trainings");
    for (std::size_t i = 0; i < trainings.size(); ++i)
        summary.trainings.push_back(parse_training_summary(trainings[i], object.path_of("trainings", i)));
    return summary;
}

RunSummary read_summary(const std::filesystem::path& folder)
{
    const auto path = folder / "summary.json";
    const auto json = read_json_file(path);
    return of_file([&] { return parse_summary(json, path.string() + ": summary"); });
}

std::optional<RunSummary> find_summary(const std::filesystem::path& folder)
{
    std::optional<RunSummary> summary;
    static_cast<void>(damage_found([&] { summary = read_summary(folder); }));
    return summary;
}

}  // namespace fedgram::run
