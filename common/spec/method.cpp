#include "common/spec/method.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "common/spec/parse_optimizer.hpp"
#include "common/spec/resolve.hpp"
#include "common/spec/words.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::spec {

namespace {

// In a resolved specification a method is there only where it isn't the default.
constexpr std::array method_keys{"strategy", "compression", "download_compression",
                                 "pruning",  "privacy",     "secure_aggregation"};

// What names a training, or how long this host waits for it.
constexpr std::array keys_without_effect{"label", "silence_deadline_s", "round_deadline_s", "rejoin_wait_s",
                                         "quorum_wait_s"};

std::string constant(const char* name, double value) { return std::string{", "} + name + " " + text::shortest(value); }

std::string per_parameter(std::uint64_t flops, std::uint64_t bytes, const char* and_what)
{
    return std::to_string(flops) + (flops == 1 ? " FLOP and " : " FLOPs and ") + std::to_string(bytes) +
           " bytes of memory traffic for each parameter and " + and_what;
}

std::string form_words(ServerForm form)
{
    const std::string word{server_form_words[static_cast<std::size_t>(form)]};
    return form == ServerForm::damped ? ", damped" : ", " + word + "'s form";
}

std::string rate_words(const Strategy& strategy)
{
    std::string schedule;
    if (!strategy.schedule.is_default())
        schedule = std::string{" ("} +
                   std::string{rate_schedule_words[static_cast<std::size_t>(strategy.schedule.kind)]} +
                   (strategy.schedule.warmup_rounds > 0 ? ", with a warm-up)" : ")");
    if (strategy.learning_rate == 1 && schedule.empty() && !strategy.is_server_optimizer()) return {};
    return constant("server rate", strategy.learning_rate) + schedule;
}

std::string server_optimizer_words(const char* name, const Strategy& strategy)
{
    auto words = name + form_words(strategy.form) + rate_words(strategy);
    if (strategy.kind == StrategyKind::fedavgm) return words + constant("beta", strategy.beta1);
    words += constant("beta1", strategy.beta1);
    if (strategy.kind != StrategyKind::fedadagrad) words += constant("beta2", strategy.beta2);
    words += constant("tau", strategy.tau);
    return strategy.initial_v ? words + constant("v from", *strategy.initial_v) : words;
}

constexpr const char* of_reddi = "Reddi et al. 2020, arXiv:2003.00295";

/// Its counts are those of learning::strategy_work and of each strategy's work().
MethodWords words_of(const Strategy& strategy)
{
    MethodWords words;
    const auto rate = rate_words(strategy);
    // Where the server's rate is 1, the aggregate is the next model.
    const bool steps = strategy.learning_rate != 1 || !strategy.schedule.is_default();
    const auto step = steps ? per_parameter(3, 12, "round") : std::string{};
    switch (strategy.kind) {
        case StrategyKind::fedavg:
            words.what = "FedAvg" + rate;
            words.source = "McMahan et al. 2017, arXiv:1602.05629";
            words.at_coordinator = step;
            break;
        case StrategyKind::fedavgm:
            words.what = server_optimizer_words("FedAvgM", strategy);
            words.source = "Hsu et al. 2019, arXiv:1909.06335";
            words.at_coordinator = per_parameter(5, 32, "round");
            break;
        case StrategyKind::fedadagrad:
            words.what = server_optimizer_words("FedAdagrad", strategy);
            words.source = of_reddi;
            words.at_coordinator = per_parameter(11, 48, "round");
            break;
        case StrategyKind::fedadam:
            words.what = server_optimizer_words("FedAdam", strategy);
            words.source = of_reddi;
            words.at_coordinator = per_parameter(13, 48, "round");
            break;
        case StrategyKind::fedyogi:
            words.what = server_optimizer_words("FedYogi", strategy);
            words.source = of_reddi;
            words.at_coordinator = per_parameter(14, 48, "round");
            break;
        case StrategyKind::fedprox:
            words.what = "FedProx" + rate + constant("mu", strategy.mu);
            words.source = "Li et al. 2020, arXiv:1812.06127";
            if (strategy.mu != 0) words.at_nodes = per_parameter(3, 12, "step");
            words.at_coordinator = step;
            break;
        case StrategyKind::scaffold:
            words.what = "SCAFFOLD" + rate;
            words.source = "Karimireddy et al. 2020, arXiv:1910.06378";
            words.at_nodes = per_parameter(1, 8, "step");
            words.at_coordinator = per_parameter(6, 32, "update") + "; " + per_parameter(4, 28, "round");
            words.on_the_wire = "the server's control variate comes down beside the model: 2 x parameters x 4 bytes";
            break;
        case StrategyKind::fednova:
            words.what = "FedNova" + rate + (strategy.mu != 0 ? constant("mu", strategy.mu) : std::string{});
            words.source = "Wang et al. 2020, arXiv:2007.07481";
            if (strategy.mu != 0) words.at_nodes = per_parameter(3, 12, "step");
            words.at_coordinator = per_parameter(3, 12, "round") + "; " + per_parameter(3, 12, "update that is scaled");
            break;
        case StrategyKind::feddyn:
            words.what = "FedDyn" + constant("alpha", strategy.alpha);
            words.source = "Acar et al. 2021, arXiv:2111.04263";
            words.at_nodes = per_parameter(4, 20, "step");
            words.at_coordinator = per_parameter(5, 24, "update") + "; " + per_parameter(4, 28, "round");
            break;
        case StrategyKind::q_fedavg:
            words.what = "q-FedAvg" + rate + constant("q", strategy.q);
            words.source = "Li et al. 2020, arXiv:1905.10497";
            if (strategy.q != 0) words.at_nodes = "a forward pass over the node's samples in each round, for its loss";
            if (strategy.q != 0) words.at_coordinator = per_parameter(6, 20, "update") + "; ";
            words.at_coordinator += per_parameter(3, 12, "round");
            break;
    }
    return words;
}

std::string feedback_words(const Compression& compression)
{
    return compression.error_feedback ? " with error feedback" : "";
}

MethodWords words_of(const Compression& up, const Compression& down)
{
    MethodWords words{.method = Method::compression,
                      .what = {},
                      .source = {},
                      .at_nodes = {},
                      .at_coordinator = {},
                      .on_the_wire = {}};
    const auto add = [&](const Compression& compression, const char* way) {
        if (compression.is_none()) return;
        words.what += (words.what.empty() ? "" : ", ") + spec::name(compression) + feedback_words(compression) + way;
    };
    add(up, " up");
    add(down, " down");
    words.source = "the message of each kind, and its Work: common/learning/codec/README.md";
    if (!up.is_none()) words.at_nodes = "encoding its update, in each round";
    if (!down.is_none())
        words.at_nodes += std::string{words.at_nodes.empty() ? "" : "; "} + "decoding each message of the model";
    if (!up.is_none()) words.at_coordinator = "decoding each update";
    if (!down.is_none())
        words.at_coordinator +=
            std::string{words.at_coordinator.empty() ? "" : "; "} + "encoding the model in each round but the first";
    words.on_the_wire = "the bytes that the codec wrote";
    if (!down.is_none()) words.on_the_wire += "; a node takes down all that it has missed, at most the whole model";
    return words;
}

/// "55" of 0.55, whose hundredfold is 55.00000000000001.
std::string percent_words(double share)
{
    constexpr double precision = 1e8;
    return text::shortest(std::nearbyint(100 * precision * share) / precision);
}

/// Its counts are those of coordinator/trainings/pruned_rounds.
MethodWords words_of(const Pruning& pruning)
{
    const auto rounds = pruning.from_round == *pruning.to_round ? "behind round " + std::to_string(pruning.from_round)
                                                                : "from round " + std::to_string(pruning.from_round) +
                                                                      " to " + std::to_string(*pruning.to_round);
    return {.method = Method::pruning,
            .what = "pruning to " + percent_words(pruning.sparsity) + " %" +
                    (pruning.scope == PruningScope::layer ? " of each layer, " : ", ") + rounds,
            .source = "Zhu and Gupta 2017, arXiv:1710.01878",
            .at_nodes =
                "9 bytes of memory traffic for each parameter and step; reading the sparse model and gathering "
                "what is sent, in each round",
            .at_coordinator =
                "10 FLOPs and 20 bytes of memory traffic for each weight that is still there and mask; 9 "
                "bytes for each parameter and round; encoding the model, and placing each update's values",
            .on_the_wire =
                "the values of the weights that are left, 4 bytes each; the model comes down in the smallest "
                "sparse form, where that is smaller than float32 values of all"};
}

std::string clip_words(const Privacy& privacy)
{
    if (const auto* fixed = std::get_if<FixedClip>(&privacy.clip)) return constant("clip", fixed->norm);
    if (const auto* adaptive = std::get_if<AdaptiveClip>(&privacy.clip))
        return ", adaptive clip" + constant("from", adaptive->initial);
    return ", no clip";
}

/// Under secure aggregation the nodes clip, and what that takes isn't counted (common/masking).
MethodWords words_of(const Privacy& privacy, bool is_masked)
{
    MethodWords words{.method = Method::privacy,
                      .what = "DP-FedAvg",
                      .source = {},
                      .at_nodes = {},
                      .at_coordinator = {},
                      .on_the_wire = {}};
    if (privacy.epsilon) words.what += constant("epsilon", *privacy.epsilon);
    if (privacy.noise_multiplier) words.what += constant("noise", *privacy.noise_multiplier);
    if (privacy.delta) words.what += constant("delta", *privacy.delta);
    words.what += clip_words(privacy);
    words.source = "McMahan et al. 2018, arXiv:1710.06963";
    const bool nodes_clip = is_masked && std::holds_alternative<FixedClip>(privacy.clip);
    if (nodes_clip) {
        words.what += " at the nodes";
        words.at_nodes = "norm and clip, which aren't counted";
    }
    if (!is_masked) words.at_coordinator = per_parameter(6, 16, "update, for norm and clip");
    if (privacy.is_private())
        words.at_coordinator += (is_masked ? "" : "; ") + per_parameter(100, 16, "round, for the noise");
    return words;
}

/// "cosine rate with a warm-up"
std::string schedule_words(const RateSchedule& schedule)
{
    const std::string kind{rate_schedule_words[static_cast<std::size_t>(schedule.kind)]};
    return (schedule.kind == RateScheduleKind::constant ? "rate" : kind + " rate") +
           (schedule.warmup_rounds > 0 ? " with a warm-up" : "");
}

MethodWords words_of(const SecureAggregation& secure, std::uint32_t cohort)
{
    const auto [neighbours, threshold] = neighbourhood(secure, cohort);
    return {.method = Method::secure_aggregation,
            .what = "secure aggregation, " + std::to_string(neighbours) + " neighbours, threshold " +
                    std::to_string(threshold) + ", " + std::to_string(secure.fraction_bits) + " bits of fraction",
            .source = "Bonawitz et al. 2017, eprint 2017/281; Bell et al. 2020, eprint 2020/704",
            .at_nodes = "fixed point, and a mask for each neighbour and one of its own: common/masking/README.md",
            .at_coordinator = "adding masked updates, and the masks that are left in the sum",
            .on_the_wire =
                "keys and shares of 32 bytes for each neighbour, and a masked vector of the ring's bits; no "
                "security is claimed, since all keys come from the run's seed"};
}

}  // namespace

const std::vector<std::string_view>& method_names()
{
    static const std::vector<std::string_view> names{"strategy", "compression", "pruning", "privacy",
                                                     "secure aggregation"};
    return names;
}

std::string_view name(Method method) { return method_names()[static_cast<std::size_t>(method)]; }

std::vector<MethodWords> methods_of(const Federated& training)
{
    std::vector<MethodWords> methods;
    if (!training.strategy.is_default()) methods.push_back(words_of(training.strategy));
    if (!training.compression.is_none() || !training.download_compression.is_none())
        methods.push_back(words_of(training.compression, training.download_compression));
    if (training.pruning) methods.push_back(words_of(*training.pruning));
    if (training.privacy) methods.push_back(words_of(*training.privacy, training.secure_aggregation.has_value()));
    if (training.secure_aggregation) methods.push_back(words_of(*training.secure_aggregation, cohort_size(training)));
    return methods;
}

std::string local_training_words(const nlohmann::ordered_json& training, const std::string& path)
{
    StrictObject object{training, path};
    Optimizer optimizer;
    read_optimizer(object, optimizer);
    RateSchedule schedule;
    if (object.has("learning_rate_schedule")) read_rate_schedule(object, "learning_rate_schedule", schedule, false);

    std::vector<std::string> words;
    if (optimizer.kind == OptimizerKind::adam) words.emplace_back("Adam");
    if (optimizer.kind == OptimizerKind::adamw) words.emplace_back("AdamW");
    if (optimizer.momentum != 0)
        words.push_back((optimizer.nesterov ? "Nesterov momentum " : "momentum ") + text::shortest(optimizer.momentum));
    if (optimizer.weight_decay != 0) words.push_back("weight decay " + text::shortest(optimizer.weight_decay));
    if (optimizer.gradient_clip) words.push_back("gradient clip " + text::shortest(*optimizer.gradient_clip));
    if (optimizer.precision == Precision::bf16) words.emplace_back("bf16 products");
    if (!schedule.is_default()) words.push_back(schedule_words(schedule));
    return text::joined(words, ", ");
}

bool is_plain_fedavg(const Federated& training) { return methods_of(training).empty(); }

bool is_plain_fedavg(const nlohmann::ordered_json& training)
{
    return std::ranges::none_of(method_keys, [&](const char* key) { return training.contains(key); });
}

std::string setting_beside_methods(nlohmann::ordered_json training)
{
    for (const auto* const key : method_keys) training.erase(key);
    for (const auto* const key : keys_without_effect) training.erase(key);
    return training.dump();
}

}  // namespace fedgram::spec
