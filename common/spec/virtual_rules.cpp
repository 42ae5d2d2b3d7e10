#include "common/spec/virtual_rules.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace fedgram::spec {

bool has_virtual_rules(const Federated& rule)
{
    return rule.buffered || rule.goal || rule.virtual_deadline_s || rule.evaluate_every_virtual_minutes ||
           !rule.selection.is_default();
}

bool has_virtual_rules(const nlohmann::ordered_json& training)
{
    constexpr std::array keys{"buffered", "goal", "virtual_deadline_s", "evaluate_every_virtual_minutes", "selection"};
    return std::ranges::any_of(keys, [&](const char* key) {
        const auto value = training.find(key);
        return value != training.end() && !value->is_null();
    });
}

}  // namespace fedgram::spec
