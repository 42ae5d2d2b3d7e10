#include "experiments/commands/fleet.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/fleet/fleet.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/learning/open_engine.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/chosen_trainings.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/node_rounds.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

/// One round of one group's nodes, each with all of its samples.
struct GroupRound {
    std::vector<double> seconds;  ///< busy, by node; ascending once all are there
    double joules = 0;            ///< of all its nodes

    [[nodiscard]] double quantile(double part) const
    {
        return seconds[static_cast<std::size_t>(part * static_cast<double>(seconds.size() - 1))];
    }
};

std::vector<GroupRound> one_round(const fleet::Fleet& fleet, const spec::Federated& rule, const learning::Model& model,
                                  const datasets::NodeShares& shares)
{
    std::vector<GroupRound> groups(fleet.devices.groups().size());
    for (const auto& round : node_rounds(fleet, rule, model, shares)) {
        groups[round.group].seconds.push_back(round.busy.count());
        groups[round.group].joules += round.drawn.count();
    }
    for (auto& group : groups) std::ranges::sort(group.seconds);
    return groups;
}

std::string hours_text(const fleet::Fleet& fleet, std::size_t group)
{
    using text::shortest;
    const auto& availability = fleet.availability[group];
    if (const auto* const daily = std::get_if<fleet::DailyWindow>(&availability))
        return shortest(daily->from_h) + " to " + shortest(daily->until_h) + " h" +
               (daily->spread_h > 0 ? " ± " + shortest(daily->spread_h) : "") + ", UTC" +
               (fleet.utc_offsets_h[group] < 0 ? "" : "+") + shortest(fleet.utc_offsets_h[group]);
    if (const auto* const on_off = std::get_if<fleet::OnOff>(&availability))
        return "on " + shortest(on_off->mean_on_h) + " h, off " + shortest(on_off->mean_off_h) + " h in the mean";
    if (const auto* const listed = std::get_if<fleet::ListedWindows>(&availability))
        return "as listed, " + std::to_string(listed->windows.size()) + " nodes";
    return "always";
}

std::string table_text(const fleet::Fleet& fleet, const std::vector<GroupRound>& rounds)
{
    text::TextTable table{{"group", "nodes", "device", "place", "hours", "Mbit/s down, up", "s a round, 5 %", "median",
                           "95 %", "J a node"}};
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        const auto& group = fleet.devices.groups()[i];
        const auto& round = rounds[i];
        const bool any = !round.seconds.empty();
        const auto seconds = [&](double part) { return any ? text::significant(round.quantile(part)) : "-"; };
        table.add({group.name, std::to_string(round.seconds.size()), group.device.id,
                   fleet.places[i] ? fleet.places[i]->name : "the row's country", hours_text(fleet, i),
                   text::shortest(group.link.download_mbit_s) + ", " + text::shortest(group.link.upload_mbit_s),
                   seconds(0.05), seconds(0.5), seconds(0.95),
                   any ? text::significant(round.joules / static_cast<double>(round.seconds.size())) : "-"});
    }
    return table.text();
}

ordered_json groups_json(const fleet::Fleet& fleet, const std::vector<GroupRound>& rounds)
{
    auto groups = to_json(fleet);
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        const auto& round = rounds[i];
        auto& json = groups[i];
        json["device"] = fleet.devices.groups()[i].device.id;
        json["node_count"] = round.seconds.size();
        if (round.seconds.empty()) continue;
        json["round_seconds"] = {
            {"p5", round.quantile(0.05)}, {"median", round.quantile(0.5)}, {"p95", round.quantile(0.95)}};
        json["round_joules_per_node"] = round.joules / static_cast<double>(round.seconds.size());
    }
    return groups;
}

}  // namespace

int fleet(const FleetOptions& options)
{
    const auto experiment = resolved_specification(options.choice);
    const auto accounting = read_accounting(*experiment.accounting);
    const auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    std::unique_ptr<learning::Engine> engine;
    const auto open = [&]() -> learning::Engine& {
        if (!engine) engine = learning::open_engine(experiment.engine);
        return *engine;
    };
    const auto model =
        learning::learned_model(experiment.model, {data.channels, data.height, data.width, data.classes}, open);
    ordered_json json{{"spec", experiment.name}, {"trainings", ordered_json::array()}};
    std::string text;
    for (const auto* const training : federated_trainings(experiment, options.training)) {
        const auto& rule = std::get<spec::Federated>(training->kind);
        const auto own = fleet::fleet_of(experiment, *training, accounting).value_or(fleet::one_kind(accounting));
        const auto rounds = one_round(own, rule, model, datasets::node_shares(data, experiment, rule));
        json["trainings"].push_back({{"label", training->label}, {"groups", groups_json(own, rounds)}});
        text += (text.empty() ? "" : "\n") + training->label + "\n" + table_text(own, rounds);
    }
    if (text.empty())
        text = experiment.name + " has no federated training\n";
    else
        text +=
            "A round is what a node is busy with: download, training on all of its samples, upload; without waiting "
            "for others.\n";
    std::cout << (options.json ? json.dump(2) + "\n" : text);
    return 0;
}

void add_fleet(CommandSet& commands)
{
    const auto options = std::make_shared<FleetOptions>();
    const auto sub =
        commands.add("fleet", "Show what the nodes are: devices, links, places, hours, and what a round takes",
                     "  fedgram fleet fleet-phones\n"
                     "  fedgram fleet table4 --set federated.nodes=100 --json",
                     fleet, options);
    add_choice(sub, options->choice);
    sub.option("--training", &options->training, "Label of one federated training (default: all)");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
