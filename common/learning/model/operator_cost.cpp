#include "common/learning/model/operator_cost.hpp"

namespace fedgram::learning {

std::optional<ModelCost> ItemizedCost::sum() const
{
    ModelCost sum;
    for (const auto& each : operators) {
        if (!each.cost) return std::nullopt;
        sum += *each.cost;
    }
    return sum;
}

std::string ItemizedCost::unknown() const
{
    std::string names;
    for (const auto& each : operators) {
        if (each.cost) continue;
        names += (names.empty() ? "" : ", ") + each.name + " (" + std::to_string(each.calls) +
                 (each.calls == 1 ? " call)" : " calls)");
    }
    return names;
}

}  // namespace fedgram::learning
