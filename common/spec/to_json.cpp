#include <string>

#include <nlohmann/json.hpp>

#include "common/spec/parse.hpp"
#include "common/spec/parse_compression.hpp"
#include "common/spec/parse_data.hpp"
#include "common/spec/parse_model.hpp"
#include "common/spec/parse_optimizer.hpp"
#include "common/spec/parse_privacy.hpp"
#include "common/spec/parse_pruning.hpp"
#include "common/spec/parse_reduction.hpp"
#include "common/spec/parse_secure_aggregation.hpp"
#include "common/spec/parse_selection.hpp"
#include "common/spec/parse_strategy.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

template <class... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

/// Whether a layer's base has another size than the layer; 0 is no size.
bool differs(std::uint32_t base, std::uint32_t size) { return base != 0 && base != size; }

void write_layer(const Layer& layer, ordered_json& json);

void write_layers(const std::vector<Layer>& layers, ordered_json& json)
{
    for (const auto& layer : layers) write_layer(layer, json.emplace_back());
}

void write_layer(const Layer& layer, ordered_json& json)
{
    json["kind"] = layer_words[layer.index()];
    const auto write_pool = [&](const auto& pool) {
        json["kernel"] = pool.kernel;
        json["stride"] = pool.stride;
    };
    std::visit(
        Overload{[&](const Conv2d& conv) {
                     json["channels"] = conv.channels;
                     json["kernel"] = conv.kernel;
                     json["stride"] = conv.stride;
                     json["padding"] = conv.padding;
                     if (conv.groups != 1) json["groups"] = conv.groups;
                     if (!conv.bias) json["bias"] = false;
                     if (differs(conv.base_channels, conv.channels)) json["base_channels"] = conv.base_channels;
                 },
                 [&](const Linear& linear) {
                     json["features"] = linear.features;
                     if (differs(linear.base_features, linear.features)) json["base_features"] = linear.base_features;
                 },
                 [&](const MaxPool2d& pool) { write_pool(pool); }, [&](const AvgPool2d& pool) { write_pool(pool); },
                 [&](const GroupNorm& norm) { json["groups"] = norm.groups; },
                 [&](const Dropout& dropout) { json["probability"] = dropout.probability; },
                 [&](const Residual& residual) {
                     write_layers(residual.layers, json["layers"]);
                     if (!residual.shortcut.empty()) write_layers(residual.shortcut, json["shortcut"]);
                 },
                 [](const auto&) {}},
        layer);
}

ordered_json partition_json(const Partition& partition)
{
    ordered_json json;
    json["kind"] = partition_words[static_cast<std::size_t>(partition.kind)];
    switch (partition.kind) {
        case PartitionKind::iid:
            break;
        case PartitionKind::dirichlet:
        case PartitionKind::quantity_skew:
            json["alpha"] = partition.alpha;
            break;
        case PartitionKind::shards:
            json["shards_per_node"] = partition.shards_per_node;
            break;
        case PartitionKind::iid_fraction:
            json["iid_fraction"] = partition.iid_fraction;
            break;
        case PartitionKind::draws:
            json["samples_per_node"] = partition.samples_per_node;
            if (partition.mix_alpha) json["alpha"] = *partition.mix_alpha;
            break;
        case PartitionKind::natural:
            break;
        case PartitionKind::classes:
            json["classes_per_node"] = partition.classes_per_node;
            if (partition.quantity_alpha) json["alpha"] = *partition.quantity_alpha;
            break;
    }
    return json;
}

ordered_json aggregation_json(const Aggregation& aggregation)
{
    ordered_json json;
    json["kind"] = aggregation_words[static_cast<std::size_t>(aggregation.kind)];
    if (aggregation.kind == AggregationKind::clipped_mean) json["max_norm"] = aggregation.max_norm;
    if (aggregation.kind == AggregationKind::trimmed_mean) json["trim"] = aggregation.trim;
    if (aggregation.holds_updates()) json["max_memory_mb"] = aggregation.max_memory_mb;
    return json;
}

ordered_json feature_skew_json(const FeatureSkew& skew)
{
    ordered_json json{{"kind", feature_skew_words[static_cast<std::size_t>(skew.kind)]}};
    if (skew.kind == FeatureSkewKind::noise) json["deviation"] = skew.deviation;
    if (skew.kind == FeatureSkewKind::rotation) json["turns"] = skew.turns;
    return json;
}

void write_batches(std::uint32_t batch_size, LastBatch last_batch, ordered_json& json)
{
    json["batch_size"] = batch_size;
    if (last_batch != LastBatch::keep) json["last_batch"] = last_batch_words[static_cast<std::size_t>(last_batch)];
}

void write_kind(const Centralized& training, ordered_json& json)
{
    write_batches(training.batch_size, training.last_batch, json);
    write_optimizer(training.optimizer, json);
    json["max_epochs"] = training.max_epochs;
    if (training.linear_decay_epochs) json["linear_decay_epochs"] = *training.linear_decay_epochs;
    if (training.evaluate_every_samples) json["evaluate_every_samples"] = *training.evaluate_every_samples;
    if (training.device != "cpu") json["device"] = training.device;
}

void write_kind(const Federated& training, ordered_json& json)
{
    json["nodes"] = training.nodes;
    json["client_fraction"] = training.client_fraction;
    json["local_epochs"] = training.local_epochs;
    write_batches(training.batch_size, training.last_batch, json);
    write_optimizer(training.optimizer, json);
    if (!training.rate_schedule.is_default()) json["learning_rate_schedule"] = to_json(training.rate_schedule);
    json["partition"] = partition_json(training.partition);
    if (training.feature_skew.kind != FeatureSkewKind::none)
        json["feature_skew"] = feature_skew_json(training.feature_skew);
    if (training.fleet) json["fleet"] = *training.fleet;
    if (const auto& buffered = training.buffered) {
        json["mode"] = "buffered";
        json["buffered"] = {{"concurrency", buffered->concurrency},
                            {"buffer", buffered->buffer},
                            {"staleness_exponent", buffered->staleness_exponent}};
        if (buffered->max_staleness) json["buffered"]["max_staleness"] = *buffered->max_staleness;
    }
    if (training.goal) json["goal"] = *training.goal;
    if (training.virtual_deadline_s) json["virtual_deadline_s"] = *training.virtual_deadline_s;
    if (training.partial_work) json["partial_work"] = true;
    if (training.start) json["start"] = *training.start;
    if (training.node_test_share > 0) json["node_test_share"] = training.node_test_share;
    json["max_rounds"] = training.max_rounds;
    if (training.evaluate_every_virtual_minutes)
        json["evaluate_every_virtual_minutes"] = *training.evaluate_every_virtual_minutes;
    else
        json["evaluate_every_rounds"] = training.evaluate_every_rounds;
    json["quorum"] = training.quorum;
    if (!training.selection.is_default()) json["selection"] = to_json(training.selection);
    json["aggregation"] = aggregation_json(training.aggregation);
    if (!training.strategy.is_default()) json["strategy"] = to_json(training.strategy);
    if (!training.compression.is_none()) json["compression"] = to_json(training.compression);
    if (!training.download_compression.is_none()) json["download_compression"] = to_json(training.download_compression);
    if (training.pruning) json["pruning"] = to_json(*training.pruning);
    if (training.secure_aggregation) json["secure_aggregation"] = to_json(*training.secure_aggregation);
    if (training.privacy) json["privacy"] = to_json(*training.privacy);
    json["max_update_norm"] = training.max_update_norm;
    if (training.presum != Presum::local) json["presum"] = presum_words[static_cast<std::size_t>(training.presum)];
    json["silence_deadline_s"] = training.silence_deadline_s;
    json["round_deadline_s"] = training.round_deadline_s;
    json["rejoin_wait_s"] = training.rejoin_wait_s;
    json["quorum_wait_s"] = training.quorum_wait_s;
}

}  // namespace

ordered_json to_json(const ModelSpec& model)
{
    const bool as_it_stands = model.width == 1 && model.parametrization == Parametrization::standard &&
                              model.start.empty() && model.frozen_to.empty();
    if (model.layers.empty() && model.torchscript.empty() && as_it_stands) return model.name;
    ordered_json json;
    if (!model.name.empty()) json["name"] = model.name;
    if (!model.torchscript.empty()) json["torchscript"] = model.torchscript;
    if (model.width != 1) json["width"] = model.width;
    if (model.parametrization != Parametrization::standard)
        json["parametrization"] = parametrization_words[static_cast<std::size_t>(model.parametrization)];
    if (!model.start.empty()) json["start"] = model.start;
    if (!model.frozen_to.empty()) json["frozen_to"] = model.frozen_to;
    if (!model.layers.empty()) write_layers(model.layers, json["layers"]);
    return json;
}

ordered_json to_json(const Experiment& experiment)
{
    ordered_json json;
    json["name"] = experiment.name;
    json["seed"] = experiment.seed;
    json["engine"] = experiment.engine;
    if (experiment.target_accuracy) json["target_accuracy"] = *experiment.target_accuracy;
    json["stop"]["evaluations_in_a_row"] = experiment.stop.evaluations_in_a_row;
    json["title_note"] = experiment.title_note;
    json["data"] = to_json(experiment.data);
    json["model"] = to_json(experiment.model);
    for (const auto& training : experiment.trainings) {
        auto& item = json["trainings"].emplace_back();
        item["label"] = training.label;
        item["kind"] = training_words[training.kind.index()];
        std::visit([&](const auto& kind) { write_kind(kind, item); }, training.kind);
    }
    for (const auto& reduction : experiment.reductions) json["reductions"].push_back(to_json(reduction));
    json["accounting"] = experiment.accounting ? *experiment.accounting : ordered_json::object();
    return json;
}

}  // namespace fedgram::spec
