#include "common/spec/parse_strategy.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/kind_object.hpp"
#include "common/spec/parse_optimizer.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

bool is_adaptive(StrategyKind kind)
{
    return kind == StrategyKind::fedadagrad || kind == StrategyKind::fedadam || kind == StrategyKind::fedyogi;
}

/// With the constants that the kind has by default.
Strategy of_kind(StrategyKind kind)
{
    Strategy strategy{.kind = kind};
    if (is_adaptive(kind)) strategy.learning_rate = 0.1;
    if (kind == StrategyKind::fedadagrad) strategy.beta1 = 0;
    if (kind == StrategyKind::fednova) strategy.mu = 0;
    return strategy;
}

std::vector<ServerForm> forms_of(StrategyKind kind)
{
    switch (kind) {
        case StrategyKind::fedavgm:
            return {ServerForm::paper, ServerForm::damped, ServerForm::flower, ServerForm::torch};
        case StrategyKind::fedadagrad:
            return {ServerForm::paper, ServerForm::flower, ServerForm::torch};
        case StrategyKind::fedadam:
            return {ServerForm::paper, ServerForm::flower, ServerForm::flower_1_12, ServerForm::keras,
                    ServerForm::torch};
        case StrategyKind::fedyogi:
            return {ServerForm::paper, ServerForm::flower, ServerForm::keras};
        default:
            return {};
    }
}

std::string word(ServerForm form) { return std::string{server_form_words[static_cast<std::size_t>(form)]}; }
std::string word(StrategyKind kind) { return std::string{strategy_words[static_cast<std::size_t>(kind)]}; }

void read_form(StrictObject& section, Strategy& strategy)
{
    const auto forms = forms_of(strategy.kind);
    section.attempt([&] {
        auto form = static_cast<std::size_t>(strategy.form);
        section.read("form", form, server_form_words);
        strategy.form = static_cast<ServerForm>(form);
        if (std::ranges::find(forms, strategy.form) != forms.end()) return;
        std::string words;
        for (const auto each : forms) words += (words.empty() ? "\"" : ", \"") + word(each) + "\"";
        section.refuse("form", "one of " + words + ", the forms of " + word(strategy.kind));
    });
}

void read_constants(StrictObject& section, Strategy& strategy, bool refused)
{
    if (strategy.kind != StrategyKind::feddyn) {
        section.read("learning_rate", strategy.learning_rate, above_zero_to_million);
        section.attempt([&] {
            if (section.states("schedule", strategy.schedule))
                read_rate_schedule(section, "schedule", strategy.schedule, refused);
        });
    }
    switch (strategy.kind) {
        case StrategyKind::fedavg:
            break;
        case StrategyKind::fedavgm:
            read_form(section, strategy);
            section.read("beta", strategy.beta1, zero_to_below_one);
            break;
        case StrategyKind::fedadagrad:
        case StrategyKind::fedadam:
        case StrategyKind::fedyogi:
            read_form(section, strategy);
            section.read("beta1", strategy.beta1, zero_to_below_one);
            if (strategy.kind != StrategyKind::fedadagrad) section.read("beta2", strategy.beta2, zero_to_below_one);
            section.read("tau", strategy.tau, above_zero_to_million);
            section.read("initial_v", strategy.initial_v, zero_to_million);
            break;
        case StrategyKind::fedprox:
        case StrategyKind::fednova:
            section.read("mu", strategy.mu, zero_to_million);
            break;
        case StrategyKind::scaffold:
            section.read("max_memory_mb", strategy.max_memory_mb, 1);
            break;
        case StrategyKind::feddyn:
            section.read("alpha", strategy.alpha, above_zero_to_million);
            section.read("max_memory_mb", strategy.max_memory_mb, 1);
            break;
        case StrategyKind::q_fedavg:
            section.read("q", strategy.q, zero_to_million);
            break;
    }
}

}  // namespace

void read_strategy(StrictObject& training, Strategy& strategy, bool refused)
{
    const auto object = kind_object(training, "strategy", "kind", strategy_words);
    Mistakes mistakes;
    StrictObject section{object, training.path_of("strategy"), Wording::specification, &mistakes};
    const bool has_kind = section.has("kind");
    if (!has_kind && refused) return;
    if (!has_kind && strategy.is_default()) section.require("kind");
    mistakes.finish();
    const auto kind = has_kind ? static_cast<StrategyKind>(section.word("kind", strategy_words)) : strategy.kind;
    auto read = kind == strategy.kind ? strategy : of_kind(kind);
    read_constants(section, read, refused);
    section.finish();
    mistakes.finish();
    strategy = read;
}

void check_strategy(const Federated& training, const std::string& path)
{
    const auto& strategy = training.strategy;
    const auto& optimizer = training.optimizer;
    const auto name = word(strategy.kind);
    const auto refuse = [&](const std::string& key, const std::string& why) {
        throw SpecError{path + "." + key + ": " + why};
    };
    const bool corrects_nodes =
        strategy.has_node_states() || strategy.kind == StrategyKind::fednova || strategy.kind == StrategyKind::q_fedavg;
    if (training.buffered && corrects_nodes)
        refuse("strategy", name +
                               " takes the updates of one round, from one model; buffered training has none; use "
                               "\"mode\": \"synchronous\", or another strategy");
    if (strategy.kind == StrategyKind::scaffold) {
        const std::string why = ", so that (x - y) / (K rate) is no mean gradient; use plain sgd with scaffold";
        if (optimizer.kind != OptimizerKind::sgd)
            refuse("optimizer", std::string{optimizer_words[static_cast<std::size_t>(optimizer.kind)]} +
                                    " scales each gradient" + why);
        if (optimizer.momentum != 0) refuse("momentum", "momentum counts a gradient more than once" + why);
        if (optimizer.weight_decay != 0) refuse("weight_decay", "it moves a model beside its gradient" + why);
    }
    if (strategy.kind == StrategyKind::fednova) {
        const std::string fits =
            ", and fednova divides each update by how far its steps go, which it knows of sgd "
            "without momentum and with plain momentum; use ";
        if (optimizer.kind != OptimizerKind::sgd)
            refuse("optimizer", std::string{optimizer_words[static_cast<std::size_t>(optimizer.kind)]} +
                                    " scales each gradient" + fits + "\"sgd\", or another strategy");
        if (optimizer.nesterov)
            refuse("nesterov", "Nesterov's momentum counts gradients otherwise" + fits +
                                   "\"nesterov\": false, or another strategy");
        if (strategy.mu != 0 && optimizer.momentum != 0)
            refuse("strategy.mu",
                   "fednova has a form for momentum and one for a proximal term, none for both; use "
                   "momentum 0 or mu 0");
    }
    const bool weighs_updates = strategy.kind == StrategyKind::fednova || strategy.kind == StrategyKind::q_fedavg;
    if (weighs_updates && training.aggregation.kind != AggregationKind::mean)
        refuse("aggregation", name + " is a weighted sum of all updates; use mean with it");
}

ordered_json to_json(const Strategy& strategy)
{
    ordered_json json{{"kind", word(strategy.kind)}};
    if (strategy.kind != StrategyKind::feddyn) {
        json["learning_rate"] = strategy.learning_rate;
        if (!strategy.schedule.is_default()) json["schedule"] = to_json(strategy.schedule);
    }
    switch (strategy.kind) {
        case StrategyKind::fedavg:
            break;
        case StrategyKind::fedavgm:
            json["form"] = word(strategy.form);
            json["beta"] = strategy.beta1;
            break;
        case StrategyKind::fedadagrad:
        case StrategyKind::fedadam:
        case StrategyKind::fedyogi:
            json["form"] = word(strategy.form);
            json["beta1"] = strategy.beta1;
            if (strategy.kind != StrategyKind::fedadagrad) json["beta2"] = strategy.beta2;
            json["tau"] = strategy.tau;
            if (strategy.initial_v) json["initial_v"] = *strategy.initial_v;
            break;
        case StrategyKind::fedprox:
        case StrategyKind::fednova:
            json["mu"] = strategy.mu;
            break;
        case StrategyKind::scaffold:
            json["max_memory_mb"] = strategy.max_memory_mb;
            break;
        case StrategyKind::feddyn:
            json["alpha"] = strategy.alpha;
            json["max_memory_mb"] = strategy.max_memory_mb;
            break;
        case StrategyKind::q_fedavg:
            json["q"] = strategy.q;
            break;
    }
    return json;
}

}  // namespace fedgram::spec
