#include "experiments/commands/operator_table.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "common/text/text_table.hpp"
#include "experiments/commands/model_kernels.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

using Count = std::optional<std::uint64_t>;

// The whole model's by LibTorch, where it counts all that multiplies.
Count check_of(const learning::ItemizedCost& cost)
{
    std::uint64_t sum = 0;
    for (const auto& each : cost.operators) {
        if (!each.check) return std::nullopt;
        sum += *each.check;
    }
    return sum;
}

ordered_json count_json(const Count& count) { return count ? ordered_json(*count) : ordered_json(nullptr); }

ordered_json cost_json(const std::optional<learning::ModelCost>& cost, const Count& check)
{
    const auto of = [&](auto value) { return cost ? ordered_json(value(*cost)) : ordered_json(nullptr); };
    return {{"forward_flops_per_sample", of([](const auto& each) { return each.forward_flops; })},
            {"libtorch_forward_flops_per_sample", count_json(check)},
            {"backward_flops_per_sample", of([](const auto& each) { return each.backward_flops; })},
            {"forward_kernels_per_step", of([](const auto& each) { return each.kernels.forward; })},
            {"backward_kernels_per_step", of([](const auto& each) { return each.kernels.backward; })}};
}

std::vector<std::string> row(const std::string& name, const std::string& calls,
                             const std::optional<learning::ModelCost>& cost, const Count& check)
{
    const auto libtorch = check ? std::to_string(*check) : "none";
    if (!cost) return {name, calls, "unknown", libtorch, "unknown", "unknown"};
    return {name,
            calls,
            std::to_string(cost->forward_flops),
            libtorch,
            std::to_string(cost->backward_flops),
            kernel_text(cost->kernels)};
}

// How far LibTorch bears the count out.
std::string verdict(const learning::ItemizedCost& cost)
{
    std::string differing;
    for (const auto& each : cost.operators)
        if (each.cost && each.check && each.cost->forward_flops != *each.check)
            differing += (differing.empty() ? "" : ", ") + each.name;
    if (!differing.empty()) return "LibTorch's own count differs for " + differing + ": one of both is wrong.\n";
    return check_of(cost) ? "LibTorch's own count is the same.\n"
                          : "LibTorch's own count is the same where it has one.\n";
}

}  // namespace

std::string operator_text(const learning::ItemizedCost& cost)
{
    text::TextTable table;  // flush right: what isn't known stands among numbers
    table.add({"operator", "calls", "forward FLOPs", "LibTorch's count", "backward FLOPs", "kernels"});
    for (const auto& each : cost.operators)
        table.add(row(each.name, std::to_string(each.calls), each.cost, each.check));
    const auto sum = cost.sum();
    table.add(row("in all", "", sum, check_of(cost)));
    return table.text() + std::to_string(cost.parameters) + " parameters. " + verdict(cost) +
           (sum ? step_kernels_text(sum->kernels)
                : "A run refuses this model, for want of a rule for " + cost.unknown() + ".\n");
}

ordered_json operator_json(const learning::ItemizedCost& cost)
{
    const auto sum = cost.sum();
    ordered_json json{{"parameters", cost.parameters}};
    json.update(cost_json(sum, check_of(cost)));
    json["training_step_kernels"] = sum ? step_kernels_json(sum->kernels) : ordered_json(nullptr);
    for (const auto& each : cost.operators) {
        ordered_json one{{"name", each.name}, {"calls", each.calls}};
        one.update(cost_json(each.cost, each.check));
        json["operators"].push_back(std::move(one));
    }
    return json;
}

}  // namespace fedgram::experiments
