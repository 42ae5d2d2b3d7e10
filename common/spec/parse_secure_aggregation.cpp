#include "common/spec/parse_secure_aggregation.hpp"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/mistakes.hpp"
#include "common/spec/resolve.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

void read_fixed_point(StrictObject& section, SecureAggregation& aggregation)
{
    const bool good_fraction = section.attempt([&] {
        auto bits = aggregation.fraction_bits;
        section.read("fraction_bits", bits, 1);
        if (bits > most_fraction_bits)
            section.refuse("fraction_bits", "a whole number from 1 to " + std::to_string(most_fraction_bits));
        aggregation.fraction_bits = bits;
    });
    section.read("value_limit", aggregation.value_limit, above_zero);
    // With a larger step, all values would be rounded to 0 or beyond the limit.
    const auto step = std::ldexp(1.0, -static_cast<int>(aggregation.fraction_bits));
    if (good_fraction && aggregation.value_limit < step)
        section.attempt([&] {
            refuse(section.path_of("value_limit"), aggregation.value_limit,
                   "a number of at least 2^-" + std::to_string(aggregation.fraction_bits) +
                       ", the step that fraction_bits leaves");
        });
}

}  // namespace

void read_secure_aggregation(StrictObject& training, std::optional<SecureAggregation>& aggregation)
{
    const auto& value = training.value("secure_aggregation");
    if (!value.is_boolean() && !value.is_object())
        training.refuse("secure_aggregation", "true, false or an object {...}");
    if (value == false) {
        aggregation.reset();
        return;
    }
    const auto object = value.is_boolean() ? ordered_json::object() : value;
    Mistakes mistakes;
    StrictObject section{object, training.path_of("secure_aggregation"), Wording::specification, &mistakes};
    auto read = aggregation.value_or(SecureAggregation{});
    section.read("neighbours", read.neighbours, 1);
    // A share of a secret that one is enough for would be the secret.
    section.read("threshold", read.threshold, 2);
    read_fixed_point(section, read);
    section.finish();
    mistakes.finish();
    aggregation = read;
}

ordered_json to_json(const SecureAggregation& aggregation)
{
    ordered_json json;
    if (aggregation.neighbours) json["neighbours"] = *aggregation.neighbours;
    if (aggregation.threshold) json["threshold"] = *aggregation.threshold;
    json["value_limit"] = aggregation.value_limit;
    json["fraction_bits"] = aggregation.fraction_bits;
    return json;
}

void check_secure_aggregation(const Federated& training, const std::string& path)
{
    if (!training.secure_aggregation) return;
    const auto refuse = [&](const std::string& key, const std::string& why) {
        throw SpecError{path + "." + key + ": " + why};
    };
    if (training.aggregation.kind != AggregationKind::mean)
        refuse("aggregation",
               "it looks at each update, and secure aggregation shows their sum alone; use mean, whose "
               "value_limit clips on the client");
    const auto& strategy = training.strategy;
    if (strategy.has_node_states() || strategy.kind == StrategyKind::fednova || strategy.kind == StrategyKind::q_fedavg)
        refuse("strategy",
               std::string{strategy_words[static_cast<std::size_t>(strategy.kind)]} +
                   " looks at each update, and secure aggregation shows their sum alone; use fedavg, fedprox "
                   "or a server optimizer");
    const auto policy = training.selection.policy;
    if (policy == SelectionKind::oort || policy == SelectionKind::power_of_choice)
        refuse("selection", std::string{selection_words[static_cast<std::size_t>(policy)]} +
                                " chooses nodes by the loss of each, and secure aggregation shows sums alone; use "
                                "uniform, or another selection that looks at no loss");
    if (!training.compression.is_none())
        refuse("compression",
               "masks hide every bit of an update, so that none can be left out; secure aggregation has "
               "a fixed point of its own, see its fraction_bits");
    if (training.buffered)
        refuse("mode", "masks cancel among the nodes of one round; use \"synchronous\" with secure aggregation");
    if (training.privacy && std::holds_alternative<AdaptiveClip>(training.privacy->clip))
        refuse("privacy.clip",
               "an adaptive clip looks at the length of each update, and secure aggregation shows their "
               "sum alone; use a number");
    if (training.max_update_norm != Federated{}.max_update_norm)
        refuse("max_update_norm",
               "the length of an update can't be looked at under secure aggregation; leave it out, and "
               "clip each value by secure_aggregation.value_limit");
    check_neighbourhood(*training.secure_aggregation, path + ".secure_aggregation", cohort_size(training));
    const auto threshold = neighbourhood(*training.secure_aggregation, cohort_size(training)).threshold;
    if (training.goal && *training.goal < threshold)
        refuse("goal", std::to_string(*training.goal) + " updates are fewer than the threshold of " +
                           std::to_string(threshold) + " that it takes to unmask their sum; use " +
                           std::to_string(threshold) + " to " + std::to_string(cohort_size(training)));
}

}  // namespace fedgram::spec
