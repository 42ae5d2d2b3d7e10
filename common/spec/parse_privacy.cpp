#include "common/spec/parse_privacy.hpp"

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/virtual_rules.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

constexpr const char* adaptive_word = "adaptive";

// Beyond it a node is hidden by nothing that anybody would call privacy, and the noise would be less than the least.
constexpr NumberRange spent_epsilon{
    .low_end = NumberRange::Low::excluded, .high = 1e4, .words = "a number greater than 0 and at most 10000"};
// A round changes the clip by up to e^rate.
constexpr NumberRange clip_rate{
    .low_end = NumberRange::Low::excluded, .high = 10, .words = "a number greater than 0 and at most 10"};

void read_clip(StrictObject& section, Privacy& privacy)
{
    const auto* value = section.find("clip");
    if (value == nullptr) return;
    section.attempt([&] {
        if (value->is_null())
            privacy.clip = NoClip{};
        else if (value->is_number() && above_zero_to_million.contains(value->get<double>()))
            privacy.clip = FixedClip{value->get<double>()};
        else if (*value != adaptive_word)
            section.refuse("clip", std::string{above_zero_to_million.words} + ", \"adaptive\", or null for none");
        else if (!std::holds_alternative<AdaptiveClip>(privacy.clip))
            privacy.clip = AdaptiveClip{};
    });
}

void read_adaptive(StrictObject& section, AdaptiveClip& clip)
{
    if (!section.has("adaptive")) return;
    section.attempt([&] {
        Mistakes mistakes;
        StrictObject adaptive{section.value("adaptive"), section.path_of("adaptive"), Wording::specification,
                              &mistakes};
        adaptive.read("initial", clip.initial, above_zero_to_million);
        adaptive.read("quantile", clip.quantile, between_zero_and_one);
        adaptive.read("rate", clip.rate, clip_rate);
        adaptive.finish();
        mistakes.finish();
    });
}

/// One of both, and the one replaces the other.
void read_noise(StrictObject& section, Privacy& privacy)
{
    const bool has_multiplier = section.has("noise_multiplier");
    const bool has_epsilon = section.has("epsilon");
    section.attempt([&] {
        if (has_multiplier && has_epsilon)
            throw SpecError{section.path_of("epsilon") +
                            ": stands beside a noise_multiplier, and each follows from the other; use one of them"};
    });
    if (has_multiplier != has_epsilon) {
        privacy.noise_multiplier.reset();
        privacy.epsilon.reset();
    }
    if (has_multiplier)
        section.attempt([&] {
            section.read("noise_multiplier", privacy.noise_multiplier.emplace(), zero_to_million);
            // Less hides nothing, and its grid couldn't hold a clip.
            constexpr double least = 0.001;
            if (*privacy.noise_multiplier > 0 && *privacy.noise_multiplier < least)
                section.refuse("noise_multiplier", "0 for no noise, or a number of at least 0.001");
        });
    if (has_epsilon) section.read("epsilon", privacy.epsilon.emplace(), spent_epsilon);
}

void check_whole(StrictObject& section, const Privacy& privacy, bool has_clip)
{
    section.attempt([&] {
        if (!has_clip)
            throw SpecError{section.path_of("clip") + ": is missing; use a number greater than 0, or \"adaptive\""};
    });
    section.attempt([&] {
        if (!privacy.noise_multiplier && !privacy.epsilon)
            throw SpecError{section.path_of("noise_multiplier") +
                            ": is missing, and so is epsilon; use one of them, a noise_multiplier of 0 for no noise"};
    });
    section.attempt([&] {
        if (privacy.stop_at_epsilon && privacy.noise_multiplier.value_or(0) == 0)
            throw SpecError{section.path_of("stop_at_epsilon") +
                            ": it is for a noise_multiplier above 0; with epsilon, max_rounds spend just that"};
    });
    if (!privacy.is_private()) return;
    section.attempt([&] {
        if (has_clip && std::holds_alternative<NoClip>(privacy.clip))
            throw SpecError{section.path_of("clip") +
                            ": null has no noise that could hide an update; use a number greater than 0, "
                            "\"adaptive\", or a noise_multiplier of 0"};
    });
    section.attempt([&] {
        if (!privacy.delta)
            throw SpecError{section.path_of("delta") +
                            ": is missing, and an epsilon means nothing without it; use a "
                            "number greater than 0 and less than 1, well below 1 / nodes"};
    });
}

}  // namespace

void read_privacy(StrictObject& training, std::optional<Privacy>& privacy, bool refused)
{
    const auto& value = training.value("privacy");
    if (!value.is_object()) training.refuse("privacy", "an object {...}, or null for none");
    Mistakes mistakes;
    StrictObject section{value, training.path_of("privacy"), Wording::specification, &mistakes};
    auto read = privacy.value_or(Privacy{});
    read_clip(section, read);
    if (auto* adaptive = std::get_if<AdaptiveClip>(&read.clip)) read_adaptive(section, *adaptive);
    read_noise(section, read);
    section.read("delta", read.delta, between_zero_and_one);
    section.read("stop_at_epsilon", read.stop_at_epsilon, spent_epsilon);
    auto sampling = static_cast<std::size_t>(read.sampling);
    section.read("sampling", sampling, node_sampling_words);
    read.sampling = static_cast<NodeSampling>(sampling);
    if (section.has("accountant"))
        section.attempt([&] {
            read.accountant = static_cast<PrivacyAccountant>(section.word("accountant", privacy_accountant_words));
        });
    // A whole section that is missing something is told of that, but not beside a misspelt key that may be the thing.
    section.finish();
    if (mistakes.none() && !refused) check_whole(section, read, privacy || section.has("clip"));
    mistakes.finish();
    privacy = read;
}

void check_privacy(const Federated& training, const std::string& path)
{
    const auto& strategy = training.strategy;
    // Who shows all of one node, drawn by chance, has a delta of 1 / nodes and any epsilon.
    if (const auto delta = training.privacy->delta; delta && *delta * training.nodes >= 1)
        spec::refuse(path + ".privacy.delta", *delta,
                     "a number less than 1 / " + std::to_string(training.nodes) +
                         " nodes; to show all of one node, drawn by chance, has that delta");
    const auto refuse = [&](const std::string& key, const std::string& why) {
        throw SpecError{path + "." + key + ": " + why};
    };
    if (strategy.has_node_states() || strategy.kind == StrategyKind::fednova || strategy.kind == StrategyKind::q_fedavg)
        refuse("strategy",
               std::string{strategy_words[static_cast<std::size_t>(strategy.kind)]} +
                   " uses of a node more than its clipped update, which the noise doesn't hide; use fedavg, "
                   "fedprox or a server optimizer with privacy");
    if (training.aggregation.kind != AggregationKind::mean)
        refuse("aggregation", "privacy has a clipped mean of its own, whose sensitivity is known; leave it out");
    if (has_virtual_rules(training))
        refuse("privacy",
               "what decides on rounds by virtual time, or chooses nodes by what they are, is no draw that the "
               "accountant knows; leave out buffered mode, goal, virtual_deadline_s, selection and "
               "evaluate_every_virtual_minutes");
}

ordered_json to_json(const Privacy& privacy)
{
    ordered_json json;
    if (std::holds_alternative<NoClip>(privacy.clip)) json["clip"] = nullptr;
    if (const auto* fixed = std::get_if<FixedClip>(&privacy.clip)) json["clip"] = fixed->norm;
    if (const auto* adaptive = std::get_if<AdaptiveClip>(&privacy.clip)) {
        json["clip"] = adaptive_word;
        json["adaptive"] = {{"initial", adaptive->initial}, {"quantile", adaptive->quantile}, {"rate", adaptive->rate}};
    }
    if (privacy.noise_multiplier) json["noise_multiplier"] = *privacy.noise_multiplier;
    if (privacy.epsilon) json["epsilon"] = *privacy.epsilon;
    if (privacy.delta) json["delta"] = *privacy.delta;
    if (privacy.stop_at_epsilon) json["stop_at_epsilon"] = *privacy.stop_at_epsilon;
    json["sampling"] = node_sampling_words[static_cast<std::size_t>(privacy.sampling)];
    if (privacy.accountant)
        json["accountant"] = privacy_accountant_words[static_cast<std::size_t>(*privacy.accountant)];
    return json;
}

}  // namespace fedgram::spec
