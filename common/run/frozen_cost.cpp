#include "common/run/frozen_cost.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

Json work_json(const energy::Work& work)
{
    return {
        {"steps", work.steps}, {"flops", work.flops}, {"memory_bytes", work.memory_bytes}, {"kernels", work.kernels}};
}

energy::Work parse_work(StrictObject object)
{
    energy::Work work;
    // A folder from before the passes' steps counted has none, in its ledger neither.
    if (object.has("steps")) work.steps = object.whole("steps");
    work.flops = object.whole("flops");
    work.memory_bytes = object.whole("memory_bytes");
    work.kernels = object.whole("kernels");
    object.finish();
    return work;
}

}  // namespace

std::string what_stays(const FrozenCost& cost)
{
    return std::to_string(cost.frozen_parameters) + " parameters up to " + cost.layer + " stay as they are, " +
           std::to_string(cost.learned_parameters) + " learn";
}

std::string text(const FrozenCost& cost)
{
    const auto number = [](std::uint64_t value) { return std::to_string(value); };
    auto text = what_stays(cost) + ". What the frozen layers give was computed once for each of " +
                number(cost.kept_samples) + " training samples (" + number(cost.training.flops) + " FLOPs) and " +
                number(cost.evaluated_samples) + " that evaluations look at (" + number(cost.evaluation.flops) +
                " FLOPs), and kept: " + number(cost.feature_bytes) + " bytes a sample, " +
                number(cost.written_bytes()) + " written, " + number(cost.read_bytes()) + " read";
    if (cost.download_bytes > 0)
        text += "; the nodes took the frozen layers down once each, " + number(cost.download_bytes) + " bytes";
    return text + ".";
}

Json to_json(const FrozenCost& cost)
{
    return {{"layer", cost.layer},
            {"frozen_parameters", cost.frozen_parameters},
            {"learned_parameters", cost.learned_parameters},
            {"feature_bytes", cost.feature_bytes},
            {"kept_samples", cost.kept_samples},
            {"evaluated_samples", cost.evaluated_samples},
            {"read_samples", cost.read_samples},
            {"written_bytes", cost.written_bytes()},
            {"read_bytes", cost.read_bytes()},
            {"download_bytes", cost.download_bytes},
            {"training", work_json(cost.training)},
            {"evaluation", work_json(cost.evaluation)}};
}

FrozenCost parse_frozen_cost(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    FrozenCost cost;
    cost.layer = object.text("layer");
    cost.frozen_parameters = object.whole("frozen_parameters");
    cost.learned_parameters = object.whole("learned_parameters");
    cost.feature_bytes = object.whole("feature_bytes");
    cost.kept_samples = object.whole("kept_samples");
    cost.evaluated_samples = object.whole("evaluated_samples");
    cost.read_samples = object.whole("read_samples");
    static_cast<void>(object.whole("written_bytes"));  // these two follow
    static_cast<void>(object.whole("read_bytes"));
    cost.download_bytes = object.whole("download_bytes");
    cost.training = parse_work(object.object("training"));
    cost.evaluation = parse_work(object.object("evaluation"));
    object.finish();
    return cost;
}

}  // namespace fedgram::run
