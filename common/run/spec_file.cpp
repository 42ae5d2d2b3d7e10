#include "common/run/spec_file.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/run/json_file.hpp"
#include "common/spec/method.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/virtual_rules.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

// Today's files don't state it, since a specification is written by users too: absent, it is 1.
constexpr const char* format_key = "format";
constexpr std::uint32_t newest_format = 1;

constexpr const char* imported_key = "imported";

Imported parse_imported(StrictObject object)
{
    Imported imported{object.text("file"), {}};
    for (const auto& column : object.list("lacks")) {
        if (!column.is_string()) object.refuse("lacks", "a list of texts");
        imported.lacks.push_back(column.get<std::string>());
    }
    return imported;
}

std::string setting_of(Json spec)
{
    for (const auto* key : {format_key, "seed", "name"}) spec.erase(key);
    return spec.dump();
}

// "dirichlet (alpha 0.5)"
std::string words_of(const Json& partition)
{
    std::string kind;
    std::string more;
    for (const auto& [key, value] : partition.items()) {
        if (key == "kind")
            kind = value.is_string() ? value.get<std::string>() : value.dump();
        else
            more +=
                (more.empty() ? "" : ", ") + key + " " + (value.is_string() ? value.get<std::string>() : value.dump());
    }
    return kind + (more.empty() ? "" : " (" + more + ")");
}

PlannedTraining planned(const Json& training, const std::string& path)
{
    StrictObject object{training, path};
    PlannedTraining result{object.text("label"), {}};
    result.is_in_bf16 = training.contains("precision") && object.text("precision") == "bf16";
    const auto nodes = training.find("nodes");
    const auto partition = training.find("partition");
    if (nodes == training.end()) return result;
    result.nodes = object.whole_32("nodes");
    if (const auto fleet = training.find("fleet"); fleet != training.end() && !fleet->is_null())
        result.fleet = std::make_shared<const Json>(*fleet);
    result.is_buffered = training.contains("buffered");
    result.is_scheduled = spec::has_virtual_rules(training);
    result.beside_methods = spec::setting_beside_methods(training);
    result.is_plain_fedavg = spec::is_plain_fedavg(training);
    result.local_training = spec::local_training_words(training, path);
    result.set_up = nodes->dump() + " nodes";
    if (partition != training.end() && partition->is_object()) result.set_up += ", partition " + words_of(*partition);
    if (const auto skew = training.find("feature_skew"); skew != training.end() && skew->is_object())
        result.set_up += ", feature skew by " + words_of(*skew);
    return result;
}

SpecFile parse(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    check_format(object, format_key, newest_format);
    SpecFile file;
    file.name = object.text("name");
    file.seed = object.whole("seed");
    const auto& model = object.value("model");
    if (model.is_object() && model.contains("start")) file.start = object.object("model").text("start");
    file.model = model.is_object() && model.contains("name") ? object.object("model").text("name") : "a user's model";
    auto data = object.object("data");
    file.dataset = data.text("dataset");
    if (const auto* samples = data.find("train_samples"); samples != nullptr && !samples->is_null())
        file.train_samples = data.whole("train_samples");
    if (data.has("validation_share") && data.number("validation_share", spec::fraction) > 0)
        file.evaluated_on = EvaluationSet::validation;
    if (const auto* target = object.find("target_accuracy"); target != nullptr && !target->is_null())
        file.target_accuracy = object.number("target_accuracy", spec::fraction);
    if (const auto* note = object.find("title_note"); note != nullptr && note->is_string())
        file.title_note = note->get<std::string>();
    const auto& trainings = object.array("trainings");
    for (std::size_t i = 0; i < trainings.size(); ++i)
        file.trainings.push_back(planned(trainings[i], object.path_of("trainings", i)));
    if (object.has("reductions"))
        for (std::size_t i = 0; i < object.list("reductions").size(); ++i)
            file.reductions.push_back(object.item("reductions", i).text("label"));
    if (object.has(imported_key)) file.imported = parse_imported(object.object(imported_key));
    file.evaluations_in_a_row = object.object("stop").whole_32("evaluations_in_a_row");
    file.accounting = std::make_shared<const Json>(object.value("accounting"));
    file.setting = setting_of(json);
    return file;
}

}  // namespace

std::string spec_text(const spec::Experiment& experiment) { return spec::to_json(experiment).dump(2) + "\n"; }

spec::Experiment parse_spec_text(std::string_view text, const std::string& where)
{
    auto json = spec::parse_json_text(text, where);
    if (json.is_object()) {
        StrictObject object{json, where + ": spec"};
        check_format(object, format_key, newest_format);
        json.erase(format_key);
        if (json.contains(imported_key))
            throw SpecError{where + ": the work of this run was imported; it can be priced, and not run"};
    }
    return spec::parse_experiment(json);
}

SpecFile read_spec_file(const std::filesystem::path& folder)
{
    const auto path = folder / "spec.json";
    const auto json = read_json_file(path);
    return of_file([&] { return parse(json, path.string() + ": spec"); });
}

}  // namespace fedgram::run
