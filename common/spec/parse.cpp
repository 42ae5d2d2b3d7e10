#include "common/spec/parse.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/kind_object.hpp"
#include "common/spec/optimizer_of.hpp"
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
#include "common/spec/plain_name.hpp"
#include "common/spec/resolve.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/words.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

std::string read_name(StrictObject& section, std::string_view key)
{
    const auto& value = section.value(key);
    auto name = value.is_string() ? value.get<std::string>() : "";
    if (!is_plain_name(name)) section.refuse(key, plain_name_words);
    return name;
}

/// What a partition, an aggregation, a strategy, a selection or a schedule without a kind builds on. Where something
/// was refused there, nothing that builds on it can be judged.
enum class Base { none, right, refused };

struct Bases {
    Base partition = Base::none;
    Base aggregation = Base::right;  // every training has one, and one of those below
    Base selection = Base::right;
    Base strategy = Base::right;
    Base rate_schedule = Base::right;
    Base privacy = Base::right;
};

/// Throws where the kind is wrong: what else stands there can't be judged without it.
void read_partition(StrictObject section, Partition& partition, Base base)
{
    const bool has_kind = section.has("kind");
    if (!has_kind && base == Base::refused) return;
    auto kind = partition.kind;
    if (has_kind || base == Base::none) kind = static_cast<PartitionKind>(section.word("kind", partition_words));
    if (kind != partition.kind) partition = {.kind = kind};
    switch (partition.kind) {
        case PartitionKind::iid:
            break;
        case PartitionKind::dirichlet:
        case PartitionKind::quantity_skew:
            section.read("alpha", partition.alpha, above_zero);
            break;
        case PartitionKind::shards:
            section.read("shards_per_node", partition.shards_per_node, 1);
            break;
        case PartitionKind::iid_fraction:
            section.read("iid_fraction", partition.iid_fraction, zero_to_one);
            break;
        case PartitionKind::draws:
            if (partition.samples_per_node == 0) section.require("samples_per_node");
            section.read("samples_per_node", partition.samples_per_node, 1);
            section.read("alpha", partition.mix_alpha, above_zero);
            break;
        case PartitionKind::natural:
            break;
        case PartitionKind::classes:
            section.read("classes_per_node", partition.classes_per_node, 1);
            section.read("alpha", partition.quantity_alpha, above_zero);
            break;
    }
    section.finish();
}

/// A kind alone, or an object; one without a kind builds on what `aggregation` is already.
void read_aggregation(StrictObject& training, Aggregation& aggregation, Base base)
{
    const auto object = kind_object(training, "aggregation", "kind", aggregation_words);
    Mistakes mistakes;
    StrictObject section{object, training.path_of("aggregation"), Wording::specification, &mistakes};
    const bool has_kind = section.has("kind");
    if (!has_kind && base == Base::refused) return;
    auto kind = aggregation.kind;
    if (has_kind) kind = static_cast<AggregationKind>(section.word("kind", aggregation_words));
    if (kind != aggregation.kind) aggregation = {.kind = kind};
    if (aggregation.kind == AggregationKind::clipped_mean) {
        if (aggregation.max_norm == 0) section.require("max_norm");
        section.read("max_norm", aggregation.max_norm, above_zero_to_million);
    }
    if (aggregation.kind == AggregationKind::trimmed_mean) section.read("trim", aggregation.trim, zero_to_below_half);
    if (aggregation.holds_updates()) section.read("max_memory_mb", aggregation.max_memory_mb, 1);
    section.finish();
    mistakes.finish();
}

/// What ends or chooses rounds has no meaning where there are none.
void check_mode(const Training& training)
{
    const auto& federated = std::get<Federated>(training.kind);
    if (federated.partial_work && !federated.virtual_deadline_s)
        throw SpecError{
            "trainings." + training.label +
            ".partial_work: no deadline cuts a node's work short; state virtual_deadline_s, or leave it out"};
    if (!federated.buffered) return;
    const auto path = "trainings." + training.label + ".";
    if (federated.compression.error_feedback)
        throw SpecError{path +
                        "compression.error_feedback: whether a buffered update counts is only known when its node has "
                        "begun the next one; state false, or use \"mode\": \"synchronous\""};
    const auto refuse = [&](bool stated, const char* key) {
        if (stated)
            throw SpecError{path + key +
                            ": buffered training has no rounds that it could end or choose nodes for; leave "
                            "it out, or use \"mode\": \"synchronous\""};
    };
    refuse(!federated.download_compression.is_none(), "download_compression");
    refuse(federated.goal.has_value(), "goal");
    refuse(federated.virtual_deadline_s.has_value(), "virtual_deadline_s");
    refuse(!federated.selection.is_default(), "selection");
    const auto check = [&](std::uint32_t number, const char* key) {
        if (number > federated.nodes)
            throw SpecError{path + "buffered." + key + ": " + std::to_string(number) + " is more than the " +
                            std::to_string(federated.nodes) + " nodes; use fewer"};
    };
    check(federated.buffered->concurrency, "concurrency");
    check(federated.buffered->buffer, "buffer");
}

/// What a schedule does must come within the rounds that there are.
void check_schedules(const Training& training)
{
    const auto& federated = std::get<Federated>(training.kind);
    const auto path = "trainings." + training.label + ".";
    const auto check_warmup = [&](const RateSchedule& schedule, const char* key) {
        if (schedule.warmup_rounds > federated.max_rounds)
            throw SpecError{path + key + ".warmup_rounds: " + std::to_string(schedule.warmup_rounds) +
                            " is more than the " + std::to_string(federated.max_rounds) +
                            " of max_rounds, which would end before the rate is whole; use fewer"};
    };
    check_warmup(federated.rate_schedule, "learning_rate_schedule");
    check_warmup(federated.strategy.schedule, "strategy.schedule");
    const auto& schedule = federated.rate_schedule;
    if (schedule.rounds && *schedule.rounds < federated.max_rounds && schedule.final == 0)
        throw SpecError{path + "learning_rate_schedule.rounds: behind round " + std::to_string(*schedule.rounds) +
                        " of " + std::to_string(federated.max_rounds) +
                        " nodes would train at a rate of 0; use more rounds, fewer max_rounds, or a final above 0"};
}

void check_goal(const Training& training)
{
    const auto& federated = std::get<Federated>(training.kind);
    if (const auto cohort = cohort_size(federated); federated.goal && *federated.goal > cohort)
        throw SpecError{"trainings." + training.label + ".goal: " + std::to_string(*federated.goal) +
                        " updates are more than the cohort's " + std::to_string(cohort) +
                        " nodes; use fewer, or a larger client_fraction"};
}

void check_trim(const Training& training)
{
    const auto& federated = std::get<Federated>(training.kind);
    const auto& aggregation = federated.aggregation;
    const auto cohort = cohort_size(federated);
    const auto cut = trimmed_at_each_end(aggregation.trim, cohort);
    if (aggregation.kind == AggregationKind::trimmed_mean && 2 * std::uint64_t{cut} >= cohort)
        throw SpecError{"trainings." + training.label + ".aggregation.trim: " + shown(aggregation.trim) + " cuts " +
                        std::to_string(cut) + " off at each end of a cohort of " + std::to_string(cohort) +
                        ", which leaves none; use a smaller share or a larger cohort"};
}

void read_batches(StrictObject& section, std::uint32_t& batch_size, LastBatch& last_batch)
{
    section.read("batch_size", batch_size, 1);
    auto last = static_cast<std::size_t>(last_batch);
    section.read("last_batch", last, last_batch_words);
    last_batch = static_cast<LastBatch>(last);
}

void read_centralized(StrictObject& section, Centralized& training)
{
    read_batches(section, training.batch_size, training.last_batch);
    read_optimizer(section, training.optimizer);
    section.read("max_epochs", training.max_epochs, 1);
    section.read("linear_decay_epochs", training.linear_decay_epochs, above_zero);
    section.read("evaluate_every_samples", training.evaluate_every_samples, 1);
    section.attempt([&] {
        if (section.has("device")) training.device = section.choice("device", {"cpu", "cuda"});
    });
}

void read_feature_skew(StrictObject section, FeatureSkew& skew)
{
    auto kind = static_cast<std::size_t>(skew.kind);
    section.read("kind", kind, feature_skew_words);
    skew.kind = static_cast<FeatureSkewKind>(kind);
    if (skew.kind == FeatureSkewKind::noise) section.read("deviation", skew.deviation, above_zero);
    if (skew.kind == FeatureSkewKind::rotation)
        section.attempt([&] {
            section.read("turns", skew.turns, 2);
            if (skew.turns != 2 && skew.turns != 4) section.refuse("turns", "2 or 4");
        });
    section.finish();
}

/// "mode": "buffered" with an object "buffered"; or "synchronous", which takes one away that is shared.
void read_mode(StrictObject& training, std::optional<Buffered>& buffered)
{
    if (training.has("mode")) {
        const bool is_buffered = training.choice("mode", {"synchronous", "buffered"}) == "buffered";
        if (!is_buffered) buffered.reset();
        if (is_buffered && !buffered) buffered.emplace();
    }
    if (!training.has("buffered")) return;
    if (!buffered)
        throw SpecError{training.path_of("buffered") +
                        ": it is for \"mode\": \"buffered\"; state that, or leave it out"};
    auto section = training.object("buffered");
    section.read("concurrency", buffered->concurrency, 1);
    section.read("buffer", buffered->buffer, 1);
    section.read("staleness_exponent", buffered->staleness_exponent, zero_or_more);
    section.read("max_staleness", buffered->max_staleness, 0);
    section.finish();
}

/// By rounds or by virtual time: what a training states stands for what its section does.
void read_evaluations(StrictObject& section, Federated& training)
{
    const auto by_time = "evaluate_every_virtual_minutes", by_rounds = "evaluate_every_rounds";
    if (section.has(by_rounds)) training.evaluate_every_virtual_minutes.reset();
    section.read(by_rounds, training.evaluate_every_rounds, 1);
    section.read(by_time, training.evaluate_every_virtual_minutes, above_zero);
    section.attempt([&] {
        if (section.has(by_rounds) && training.evaluate_every_virtual_minutes)
            section.refuse(by_time, "one of it and evaluate_every_rounds");
    });
}

/// `bases`: in, of what `training` has already; out, of what it has now.
void read_federated(StrictObject& section, Federated& training, Bases& bases)
{
    const auto read_upon = [&](const char* key, Base Bases::*base, auto& target, const auto& read) {
        if (section.states(key, target))
            bases.*base = section.attempt(read) ? Base::right : Base::refused;
        else if (section.has(key))
            bases.*base = Bases{}.*base;
    };
    section.read("nodes", training.nodes, 1);
    section.read("client_fraction", training.client_fraction, above_zero_to_one);
    section.read("local_epochs", training.local_epochs, 1);
    read_batches(section, training.batch_size, training.last_batch);
    read_optimizer(section, training.optimizer);
    read_upon("learning_rate_schedule", &Bases::rate_schedule, training.rate_schedule, [&] {
        read_rate_schedule(section, "learning_rate_schedule", training.rate_schedule,
                           bases.rate_schedule == Base::refused);
    });
    read_upon("partition", &Bases::partition, training.partition,
              [&] { read_partition(section.object("partition"), training.partition, bases.partition); });
    section.attempt([&] {
        if (section.states("feature_skew", training.feature_skew))
            read_feature_skew(section.object("feature_skew"), training.feature_skew);
    });
    section.attempt([&] {
        const auto* fleet = section.find("fleet");
        if (fleet == nullptr) return;
        if (!fleet->is_null() && (!fleet->is_array() || fleet->empty()))
            section.refuse("fleet", "a list of at least one group, or null");
        training.fleet = fleet->is_null() ? nullptr : std::make_shared<const ordered_json>(*fleet);
    });
    section.attempt([&] { read_mode(section, training.buffered); });
    section.read("goal", training.goal, 1);
    section.read("virtual_deadline_s", training.virtual_deadline_s, above_zero);
    section.attempt([&] {
        if (section.has("partial_work")) training.partial_work = section.boolean("partial_work");
    });
    section.attempt([&] {
        if (!section.has("start")) return;
        section.read("start", training.start);
        if (training.start && !text::parse_utc(*training.start))
            section.refuse("start", "a time in UTC such as \"2020-09-14T06:00:00Z\"");
    });
    section.read("node_test_share", training.node_test_share, zero_to_below_one);
    section.read("max_rounds", training.max_rounds, 1);
    read_evaluations(section, training);
    section.read("quorum", training.quorum, above_zero_to_one);
    read_upon("selection", &Bases::selection, training.selection,
              [&] { read_selection(section, training.selection, bases.selection == Base::refused); });
    read_upon("aggregation", &Bases::aggregation, training.aggregation,
              [&] { read_aggregation(section, training.aggregation, bases.aggregation); });
    read_upon("strategy", &Bases::strategy, training.strategy,
              [&] { read_strategy(section, training.strategy, bases.strategy == Base::refused); });
    section.attempt([&] {
        if (section.states("compression", training.compression))
            read_compression(section, "compression", training.compression);
    });
    section.attempt([&] {
        if (section.states("download_compression", training.download_compression))
            read_compression(section, "download_compression", training.download_compression);
    });
    section.attempt([&] {
        if (section.states("pruning", training.pruning)) read_pruning(section, training.pruning);
    });
    section.attempt([&] {
        if (section.states("secure_aggregation", training.secure_aggregation))
            read_secure_aggregation(section, training.secure_aggregation);
    });
    read_upon("privacy", &Bases::privacy, training.privacy,
              [&] { read_privacy(section, training.privacy, bases.privacy == Base::refused); });
    section.read("max_update_norm", training.max_update_norm, above_zero);
    section.attempt([&] {
        if (section.states("presum", training.presum, Federated{}.presum))
            training.presum = static_cast<Presum>(section.word("presum", presum_words));
    });
    section.read("silence_deadline_s", training.silence_deadline_s, deadline_s);
    section.read("round_deadline_s", training.round_deadline_s, deadline_s);
    section.read("rejoin_wait_s", training.rejoin_wait_s, waiting_s);
    section.read("quorum_wait_s", training.quorum_wait_s, waiting_s);
}

/// What the trainings of a kind share.
struct Shared {
    Centralized centralized;
    Federated federated;
    Bases bases;
    bool federated_is_right = true;
};

Shared read_shared(StrictObject& spec, Mistakes& mistakes)
{
    Shared shared;
    if (const auto* centralized = spec.find("centralized"))
        mistakes.collect([&] {
            StrictObject section{*centralized, "centralized", Wording::specification, &mistakes};
            read_centralized(section, shared.centralized);
            section.finish();
        });
    if (const auto* federated = spec.find("federated"))
        shared.federated_is_right = mistakes.collect([&] {
            StrictObject section{*federated, "federated", Wording::specification, &mistakes};
            read_federated(section, shared.federated, shared.bases);
            section.finish();
        });
    return shared;
}

/// Throws where label or kind is wrong: what else stands there can't be judged without them.
Training read_training(const ordered_json& value, std::size_t place, const Shared& shared, Mistakes& mistakes)
{
    Training training;
    StrictObject unnamed{value, "trainings[" + std::to_string(place) + "]", Wording::specification};
    training.label = read_name(unnamed, "label");
    StrictObject section{value, "trainings." + training.label, Wording::specification, &mistakes};
    section.pass_over({"label"});
    if (training_words[section.word("kind", training_words)] == "centralized") {
        auto centralized = shared.centralized;
        read_centralized(section, centralized);
        training.kind = centralized;
    } else {
        auto federated = shared.federated;
        auto bases = shared.bases;
        const bool is_right = section.attempt([&] { read_federated(section, federated, bases); });
        if (is_right && shared.federated_is_right)
            section.attempt([&] {
                settle_candidates(federated.selection, section.path_of("selection"), cohort_size(federated),
                                  federated.nodes);
            });
        if (is_right && shared.federated_is_right && federated.privacy)
            section.attempt([&] {
                check_privacy(federated, section.path());
                settle_accountant(*federated.privacy, section.path_of("privacy"), federated.client_fraction);
            });
        if (federated.pruning) settle_pruning(*federated.pruning, federated.max_rounds);
        training.kind = federated;
        if (is_right && shared.federated_is_right)
            section.attempt([&] {
                check_trim(training);
                check_goal(training);
                check_mode(training);
                check_schedules(training);
                check_strategy(std::get<Federated>(training.kind), section.path());
                check_pruning(std::get<Federated>(training.kind), section.path());
                check_secure_aggregation(std::get<Federated>(training.kind), section.path());
            });
    }
    section.finish();
    return training;
}

std::vector<Training> read_trainings(StrictObject& spec, const Shared& shared, Mistakes& mistakes)
{
    const auto& list = spec.value("trainings");
    if (!list.is_array() || list.empty()) spec.refuse("trainings", "a list of at least one training");
    std::vector<Training> trainings;
    std::set<std::string> labels;
    for (std::size_t i = 0; i < list.size(); ++i)
        mistakes.collect([&] {
            trainings.push_back(read_training(list[i], i, shared, mistakes));
            if (!labels.insert(trainings.back().label).second)
                throw SpecError{"trainings[" + std::to_string(i) + "].label: \"" + trainings.back().label +
                                "\" stands twice; use a label of its own for each training"};
        });
    return trainings;
}

void check_devices(const Experiment& experiment, Mistakes& mistakes)
{
    for (const auto& training : experiment.trainings)
        if (const auto* centralized = std::get_if<Centralized>(&training.kind);
            centralized != nullptr && centralized->device != "cpu" && experiment.engine != engine_words[torch_engine])
            mistakes.add(SpecError{"trainings." + training.label + ".device: \"" + centralized->device +
                                   "\" needs \"engine\": \"torch\"; the native engine computes on the processor"});
}

void check_precision(const Experiment& experiment, Mistakes& mistakes)
{
    if (experiment.engine == engine_words[native_engine]) return;
    for (const auto& training : experiment.trainings)
        if (optimizer_of(training).precision == Precision::bf16)
            mistakes.add(
                SpecError{"trainings." + training.label +
                          ".precision: \"bf16\" is the native engine's; the engine \"torch\", which alone runs "
                          "TorchScript models, trains in float32. Use \"float32\""});
}

void check_width_scaling(const Experiment& experiment, Mistakes& mistakes)
{
    if (experiment.model.parametrization != Parametrization::mup) return;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind);
            federated != nullptr && federated->strategy.kind == StrategyKind::scaffold)
            mistakes.add(SpecError{"trainings." + training.label +
                                   ".strategy: scaffold divides by one learning rate, and muP has one for each tensor; "
                                   "use the standard parametrization, or another strategy"});
}

std::string read_engine(StrictObject& spec, const ModelSpec& model)
{
    const bool torchscript = !model.torchscript.empty();
    std::size_t engine = torchscript ? torch_engine : native_engine;
    spec.read("engine", engine, engine_words);
    if (torchscript && engine != torch_engine)
        spec.refuse("engine", "\"torch\", which alone runs a TorchScript model, or leave it out");
    // A TorchScript model, which comes with the other engine, has no layers that could be named: that is told already.
    if (!model.frozen_to.empty() && engine != native_engine && !torchscript)
        spec.refuse("engine", "\"native\", which computes what frozen layers give, or leave it out");
    return std::string{engine_words[engine]};
}

/// What frozen layers give for a sample is computed once, so that it can't be another thing for each node.
void check_frozen_layers(const Experiment& experiment, Mistakes& mistakes)
{
    if (experiment.model.frozen_to.empty()) return;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind);
            federated != nullptr && federated->feature_skew.kind != FeatureSkewKind::none)
            mistakes.add(SpecError{"trainings." + training.label +
                                   ".feature_skew: it changes a node's samples before the layers that model.frozen_to "
                                   "freezes, whose outputs are kept for all nodes alike; use \"none\", or train all "
                                   "layers"});
}

}  // namespace

Experiment parse_experiment(const ordered_json& json)
{
    Mistakes mistakes;
    StrictObject spec{json, "", Wording::specification, &mistakes};
    Experiment experiment;
    mistakes.collect([&] { experiment.name = read_name(spec, "name"); });
    spec.read("seed", experiment.seed, 0);
    spec.read("target_accuracy", experiment.target_accuracy, between_zero_and_one);
    if (const auto* rule = spec.find("stop"))
        mistakes.collect([&] {
            StrictObject stop{*rule, "stop", Wording::specification, &mistakes};
            stop.read("evaluations_in_a_row", experiment.stop.evaluations_in_a_row, 1);
            stop.finish();
        });
    spec.read("title_note", experiment.title_note);
    if (const auto* data = spec.find("data")) mistakes.collect([&] { experiment.data = parse_data(*data); });
    const bool engine_is_known = mistakes.collect([&] {
        mistakes.collect([&] { experiment.model = parse_model(spec); });
        experiment.engine = read_engine(spec, experiment.model);
    });
    const auto shared = read_shared(spec, mistakes);
    mistakes.collect([&] { experiment.trainings = read_trainings(spec, shared, mistakes); });
    if (const auto* reductions = spec.find("reductions"))
        mistakes.collect([&] {
            std::vector<std::string> labels;
            for (const auto& training : experiment.trainings) labels.push_back(training.label);
            experiment.reductions = parse_reductions(*reductions, labels, mistakes);
            if (engine_is_known && !experiment.reductions.empty()) check_reducible(experiment);
        });
    if (engine_is_known) {
        check_devices(experiment, mistakes);
        check_precision(experiment, mistakes);
    }
    check_width_scaling(experiment, mistakes);
    check_frozen_layers(experiment, mistakes);
    auto accounting = ordered_json::object();
    if (const auto* section = spec.find("accounting")) {
        accounting = *section;
        mistakes.collect([&] {
            if (!accounting.is_object()) spec.refuse("accounting", "an object {...}");
        });
    }
    experiment.accounting = std::make_shared<const ordered_json>(std::move(accounting));
    spec.finish();
    mistakes.finish();
    return experiment;
}

}  // namespace fedgram::spec
