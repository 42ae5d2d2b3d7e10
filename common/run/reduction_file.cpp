#include "common/run/reduction_file.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/json_file.hpp"
#include "common/spec/parse_reduction.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using learning::InferenceWork;
using learning::LeverCost;
using learning::ModelFigures;
using spec::StrictObject;

constexpr const char* folder_name = "reductions";

energy::Work parse_work(StrictObject object)
{
    energy::Work work;
    work.samples = object.whole("samples");
    work.steps = object.whole("steps");
    work.flops = object.whole("flops");
    work.memory_bytes = object.whole("memory_bytes");
    work.kernels = object.whole("kernels");
    object.finish();
    return work;
}

Json inference_json(const InferenceWork& work)
{
    return {{"float_ops", work.float_ops},
            {"int8_ops", work.int8_ops},
            {"weight_bytes", work.weight_bytes},
            {"memory_bytes", work.memory_bytes},
            {"kernels", work.kernels},
            {"peak_activation_bytes", work.peak_activation_bytes},
            {"peak_operator", work.peak_operator}};
}

InferenceWork parse_inference(StrictObject object)
{
    InferenceWork work;
    work.float_ops = object.whole("float_ops");
    work.int8_ops = object.whole("int8_ops");
    work.weight_bytes = object.whole("weight_bytes");
    work.memory_bytes = object.whole("memory_bytes");
    work.kernels = object.whole("kernels");
    work.peak_activation_bytes = object.whole("peak_activation_bytes");
    work.peak_operator = object.text("peak_operator");
    object.finish();
    return work;
}

ModelFigures parse_figures(StrictObject object)
{
    ModelFigures figures;
    figures.accuracy = object.number("accuracy", spec::fraction);
    figures.parameters = object.whole("parameters");
    figures.kept = object.whole("kept");
    figures.stored_bytes = object.whole("stored_bytes");
    figures.update_bytes = object.whole("update_bytes");
    figures.inference = parse_inference(object.object("inference"));
    for (std::size_t i = 0; i < object.list("tensors").size(); ++i) {
        auto tensor = object.item("tensors", i);
        figures.tensors.push_back({tensor.text("name"), tensor.text("encoding"), tensor.whole("bytes")});
        tensor.finish();
    }
    object.finish();
    return figures;
}

Json step_json(const learning::LeverStep& step)
{
    return {{"lever", spec::to_json(step.lever)},
            {"tuning", to_json(step.cost.tuning)},
            {"passes", to_json(step.cost.passes)},
            {"kept_bytes", step.cost.kept_bytes},
            {"figures", to_json(step.figures)}};
}

learning::LeverStep parse_step(StrictObject object)
{
    learning::LeverStep step;
    step.lever = spec::parse_lever(object.value("lever"), object.path_of("lever"));
    step.cost.tuning = parse_work(object.object("tuning"));
    step.cost.passes = parse_work(object.object("passes"));
    step.cost.kept_bytes = object.whole("kept_bytes");
    step.figures = parse_figures(object.object("figures"));
    object.finish();
    return step;
}

std::filesystem::path file(const std::filesystem::path& run, const std::string& label, const char* ending)
{
    return run / folder_name / (label + ending);
}

}  // namespace

Json to_json(const energy::Work& work)
{
    return {{"samples", work.samples},
            {"steps", work.steps},
            {"flops", work.flops},
            {"memory_bytes", work.memory_bytes},
            {"kernels", work.kernels}};
}

Json to_json(const ModelFigures& figures)
{
    Json json{{"accuracy", figures.accuracy},
              {"parameters", figures.parameters},
              {"kept", figures.kept},
              {"stored_bytes", figures.stored_bytes},
              {"update_bytes", figures.update_bytes},
              {"inference", inference_json(figures.inference)},
              {"tensors", Json::array()}};
    for (const auto& [name, encoding, bytes] : figures.tensors)
        json["tensors"].push_back({{"name", name}, {"encoding", encoding}, {"bytes", bytes}});
    return json;
}

std::filesystem::path reduction_file(const std::filesystem::path& run, const std::string& label)
{
    return file(run, label, ".json");
}

std::filesystem::path reduced_model_file(const std::filesystem::path& run, const std::string& label)
{
    return file(run, label, ".fgm");
}

Json to_json(const learning::ReductionResult& result)
{
    Json json{{"label", result.label},
              {"training", result.training},
              {"before", to_json(result.before)},
              {"steps", Json::array()}};
    for (const auto& step : result.steps) json["steps"].push_back(step_json(step));
    return json;
}

learning::ReductionResult parse_reduction_result(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    learning::ReductionResult result;
    result.label = object.text("label");
    result.training = object.text("training");
    result.before = parse_figures(object.object("before"));
    for (std::size_t i = 0; i < object.array("steps").size(); ++i)
        result.steps.push_back(parse_step(object.item("steps", i)));
    object.finish();
    return result;
}

void write_reduction(const std::filesystem::path& run, const learning::ReductionResult& result)
{
    files::write_file(reduction_file(run, result.label), to_json(result).dump(2) + "\n");
}

std::vector<learning::ReductionResult> read_reductions(const std::filesystem::path& run)
{
    std::vector<std::filesystem::path> paths;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{run / folder_name, none})
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<learning::ReductionResult> results;
    for (const auto& path : paths) {
        const auto json = read_json_file(path);
        try {
            results.push_back(parse_reduction_result(json, path.string()));
            if (results.back().label != path.stem())
                throw SpecError{path.string() + ": label: is \"" + results.back().label +
                                "\", and not the file's name"};
        } catch (const SpecError& error) {
            throw DataError{error.what()};
        }
    }
    return results;
}

}  // namespace fedgram::run
