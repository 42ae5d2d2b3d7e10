#include "experiments/commands/partition.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <numeric>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/joined.hpp"
#include "common/text/text_table.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

using Counts = std::vector<std::vector<std::uint64_t>>;  // by node and class

std::vector<const spec::Training*> chosen_trainings(const spec::Experiment& experiment, const std::string& label)
{
    std::vector<const spec::Training*> chosen;
    std::vector<std::string> labels;
    for (const auto& training : experiment.trainings) {
        if (!std::holds_alternative<spec::Federated>(training.kind)) continue;
        labels.push_back(training.label);
        if (label.empty() || training.label == label) chosen.push_back(&training);
    }
    if (!label.empty() && chosen.empty())
        throw SpecError{"--training: no federated training is labelled \"" + label + "\"; use one of " +
                        text::joined(labels)};
    return chosen;
}

Counts counts(const datasets::Dataset& data, const datasets::NodeShares& shares, std::uint32_t nodes)
{
    Counts result;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        auto& row = result.emplace_back(data.classes);
        for (const auto index : shares.samples(node)) ++row[data.train.labels[index]];
    }
    return result;
}

std::uint64_t sum(const std::vector<std::uint64_t>& row)
{
    return std::accumulate(row.begin(), row.end(), std::uint64_t{0});
}

std::string table_text(const Counts& counts)
{
    std::vector<std::string> heading{"node", "samples"};
    for (std::size_t label = 0; label < counts.front().size(); ++label)
        heading.push_back("class " + std::to_string(label));
    text::TextTable table{heading};
    for (std::size_t node = 0; node < counts.size(); ++node) {
        std::vector<std::string> row{std::to_string(node), std::to_string(sum(counts[node]))};
        for (const auto count : counts[node]) row.push_back(std::to_string(count));
        table.add(std::move(row));
    }
    return table.text();
}

ordered_json training_json(const std::string& label, std::uint32_t node_count, const Counts& counts)
{
    ordered_json json{{"label", label}, {"node_count", node_count}, {"nodes", ordered_json::array()}};
    for (std::size_t node = 0; node < counts.size(); ++node)
        json["nodes"].push_back({{"node", node}, {"samples", sum(counts[node])}, {"class_counts", counts[node]}});
    return json;
}

}  // namespace

int partition(const PartitionOptions& options)
{
    auto experiment = read_specification(options.choice);
    choose_dataset(experiment, options.choice.data_folder);
    const auto trainings = chosen_trainings(experiment, options.training);
    const auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    ordered_json json{{"spec", experiment.name}, {"trainings", ordered_json::array()}};
    std::string text;
    for (const auto* training : trainings) {
        const auto shares = datasets::node_shares(data, experiment, std::get<spec::Federated>(training->kind));
        const auto held = counts(data, shares, std::min(options.first, shares.nodes()));
        json["trainings"].push_back(training_json(training->label, shares.nodes(), held));
        text += (text.empty() ? "" : "\n") + training->label + "\n" + table_text(held);
        if (held.size() < shares.nodes())
            text += "and so on to node " + std::to_string(shares.nodes() - 1) + "; --first N shows N of them\n";
    }
    if (trainings.empty()) text = experiment.name + " has no federated training\n";
    std::cout << (options.json ? json.dump(2) + "\n" : text);
    return 0;
}

void add_partition(CommandSet& commands)
{
    const auto options = std::make_shared<PartitionOptions>();
    const auto sub = commands.add("partition", "Show how many samples of each class each node holds",
                                  "  fedgram partition table4 --training federated-noniid\n"
                                  "  fedgram partition table4 --set federated.nodes=20 --json",
                                  partition, options);
    add_choice(sub, options->choice);
    sub.option("--training", &options->training, "Label of one federated training (default: all)");
    sub.option("--first", &options->first, "How many nodes to show, from node 0 on").positive().shows_default();
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
