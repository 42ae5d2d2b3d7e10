#include "common/spec/parse_pruning.hpp"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

void read_pruning(StrictObject& training, std::optional<Pruning>& pruning)
{
    Mistakes mistakes;
    StrictObject section{training.value("pruning"), training.path_of("pruning"), Wording::specification, &mistakes};
    auto read = pruning.value_or(Pruning{});
    section.read("sparsity", read.sparsity, zero_to_below_one);
    auto scope = static_cast<std::size_t>(read.scope);
    section.read("scope", scope, pruning_scope_words);
    read.scope = static_cast<PruningScope>(scope);
    section.read("from_round", read.from_round, 1);
    section.read("to_round", read.to_round, 1);
    section.read("every_rounds", read.every_rounds, 1);
    section.finish();
    mistakes.finish();
    pruning = read;
}

void settle_pruning(Pruning& pruning, std::uint32_t max_rounds)
{
    if (!pruning.to_round) pruning.to_round = std::max(pruning.from_round, max_rounds / 2 + max_rounds % 2);
}

void check_pruning(const Federated& training, const std::string& path)
{
    if (!training.pruning) return;
    const auto& pruning = *training.pruning;
    const auto refuse = [&](const std::string& key, const std::string& why) {
        throw SpecError{path + "." + key + ": " + why};
    };
    if (*pruning.to_round < pruning.from_round)
        refuse("pruning.to_round", std::to_string(*pruning.to_round) + " is before from_round, " +
                                       std::to_string(pruning.from_round) + "; use that or a later one");
    if (*pruning.to_round > training.max_rounds)
        refuse(*pruning.to_round == pruning.from_round ? "pruning.from_round" : "pruning.to_round",
               std::to_string(*pruning.to_round) + " is behind the " + std::to_string(training.max_rounds) +
                   " of max_rounds; use an earlier one, or more max_rounds");
    if (training.buffered)
        refuse("pruning",
               "the nodes of buffered training start from models of several rounds, with different weights gone; use "
               "\"mode\": \"synchronous\", or no pruning");
    if (!training.compression.is_none())
        refuse(
            "compression",
            "both sides know which weights are pruned, and send the others as they are; use \"none\", or no pruning");
    if (!training.download_compression.is_none())
        refuse("download_compression",
               "what a message leaves out or rounds isn't the pruned model; use \"none\", or no pruning");
    if (training.privacy)
        refuse("privacy", "its noise fills the places of weights that are pruned; use no privacy, or no pruning");
    if (training.secure_aggregation)
        refuse("secure_aggregation",
               "a masked update has a word for each parameter, pruned or not, so that pruning "
               "saves no byte of it; use false, or no pruning");
    if (training.strategy.has_node_states())
        refuse("strategy", std::string{strategy_words[static_cast<std::size_t>(training.strategy.kind)]} +
                               " corrects the gradients by a term for each parameter, pruned or not; use another "
                               "strategy, or no pruning");
}

ordered_json to_json(const Pruning& pruning)
{
    ordered_json json{{"sparsity", pruning.sparsity},
                      {"scope", pruning_scope_words[static_cast<std::size_t>(pruning.scope)]},
                      {"from_round", pruning.from_round}};
    if (pruning.to_round) json["to_round"] = *pruning.to_round;
    json["every_rounds"] = pruning.every_rounds;
    return json;
}

}  // namespace fedgram::spec
