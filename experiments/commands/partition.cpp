#include "experiments/commands/partition.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/cut_short.hpp"
#include "common/text/text_table.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/own_names.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/chosen_trainings.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

/// What the first nodes of a training hold.
struct Held {
    std::vector<std::vector<std::uint64_t>> counts;  // by node and class
    std::vector<std::string> owners;                 // by node, where each node has one owner's samples; else none
    std::vector<std::size_t> own_tests{};            // by node, how many it tests on; none where no node holds any out
};

/// `owners`: the data's by their number, where the nodes are owners.
Held first_held(const datasets::Dataset& data, const datasets::NodeShares& shares, std::uint32_t nodes,
                const std::vector<std::string>& owners)
{
    Held held;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const auto samples = shares.samples(node);
        auto& row = held.counts.emplace_back(data.classes);
        for (const auto index : samples) ++row[data.train.labels[index]];
        if (!owners.empty()) held.owners.push_back(owners[data.train.nodes[samples.front()]]);
        held.own_tests.push_back(shares.test_samples(node).size());
    }
    if (std::ranges::count(held.own_tests, 0U) == std::ssize(held.own_tests)) held.own_tests.clear();
    return held;
}

std::uint64_t sum(const std::vector<std::uint64_t>& row)
{
    return std::accumulate(row.begin(), row.end(), std::uint64_t{0});
}

/// A name in a cell, on one line. A long one would push the others off the screen.
std::string cell(std::string name)
{
    constexpr std::size_t longest = 24;
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return cut_short(std::move(name), longest);
}

std::string table_text(const Held& held, const std::vector<std::string>& classes)
{
    std::vector<std::string> heading{"node"};
    if (!held.owners.empty()) heading.emplace_back("owner");
    heading.emplace_back(held.own_tests.empty() ? "samples" : "trains on");
    if (!held.own_tests.empty()) heading.emplace_back("own test");
    for (std::size_t label = 0; label < held.counts.front().size(); ++label)
        heading.push_back("class " + std::to_string(label) + (classes.empty() ? "" : ": " + cell(classes[label])));
    text::TextTable table{heading};
    for (std::size_t node = 0; node < held.counts.size(); ++node) {
        std::vector<std::string> row{std::to_string(node)};
        if (!held.owners.empty()) row.push_back(cell(held.owners[node]));
        row.push_back(std::to_string(sum(held.counts[node])));
        if (!held.own_tests.empty()) row.push_back(std::to_string(held.own_tests[node]));
        for (const auto count : held.counts[node]) row.push_back(std::to_string(count));
        table.add(std::move(row));
    }
    return table.text();
}

ordered_json training_json(const std::string& label, std::uint32_t node_count, const Held& held)
{
    ordered_json json{{"label", label}, {"node_count", node_count}, {"nodes", ordered_json::array()}};
    for (std::size_t node = 0; node < held.counts.size(); ++node) {
        auto& entry = json["nodes"].emplace_back(ordered_json{{"node", node}});
        if (!held.owners.empty()) entry["owner"] = held.owners[node];
        entry["samples"] = sum(held.counts[node]);
        if (!held.own_tests.empty()) entry["own_test_samples"] = held.own_tests[node];
        entry["class_counts"] = held.counts[node];
    }
    return json;
}

}  // namespace

int partition(const PartitionOptions& options)
{
    auto experiment = read_specification(options.choice);
    choose_dataset(experiment, options.choice.data_folder);
    const auto trainings = federated_trainings(experiment, options.training);
    const auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    const auto names = datasets::own_names(data);
    ordered_json json{{"spec", experiment.name}};
    if (!names.classes.empty()) json["classes"] = names.classes;
    json["trainings"] = ordered_json::array();
    std::string text;
    for (const auto* training : trainings) {
        const auto& federated = std::get<spec::Federated>(training->kind);
        const auto shares = datasets::node_shares(data, experiment, federated);
        const bool nodes_are_owners = federated.partition.kind == spec::PartitionKind::natural;
        const auto held = first_held(data, shares, std::min(options.first, shares.nodes()),
                                     nodes_are_owners ? names.owners : std::vector<std::string>{});
        json["trainings"].push_back(training_json(training->label, shares.nodes(), held));
        text += (text.empty() ? "" : "\n") + training->label + "\n" + table_text(held, names.classes);
        if (held.counts.size() < shares.nodes())
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
