#include "coordinator/trainings/model_runtime.hpp"

#include "common/energy/meters/host.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/precision.hpp"
#include "common/learning/start/start_parameters.hpp"
#include "common/random/stream.hpp"
#include "datasets/partition/chosen_samples.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

ModelRuntime::ModelRuntime(const spec::Experiment& experiment, const datasets::Dataset& data)
    : experiment_{experiment},
      data_{data},
      learned_{datasets::learned_part(experiment, data, energy::usable_cores())},
      model_{learned_ ? learned_->split.rest
                      : learning::make_model(experiment.model, {data.channels, data.height, data.width, data.classes},
                                             [this]() -> learning::Engine& { return engine(); })}
{
    for (const auto& training : experiment.trainings)
        if (std::holds_alternative<spec::Centralized>(training.kind)) learning::check_precision(training);
}

std::vector<float> ModelRuntime::starting_parameters()
{
    if (learned_) return learning::rest_of(learned_->start, learned_->split.places);
    if (const auto& start = experiment_.model.start; !start.empty()) return learning::start_parameters(model_, start);
    return learning::starting_parameters(model_, experiment_.seed, [this]() -> learning::Engine& { return engine(); });
}

std::string ModelRuntime::digest(std::span<const float> parameters) const
{
    return learning::sha256(learned_ ? std::span<const float>{learned_->whole(parameters)} : parameters);
}

void ModelRuntime::write_model(std::span<const float> parameters, const std::filesystem::path& path)
{
    if (!learned_) return engine().write_torchscript(model_, parameters, path);
    const learning::Shape shape{data_.channels, data_.height, data_.width, data_.classes};
    engine().write_torchscript(learning::build_model(experiment_.model, shape), learned_->whole(parameters), path);
}

learning::Engine& ModelRuntime::engine()
{
    if (!engine_) engine_ = learning::open_engine(experiment_.engine);
    return *engine_;
}

std::span<const std::unique_ptr<learning::Replica>> ModelRuntime::evaluators(std::span<const float> parameters)
{
    if (evaluators_.empty())
        for (std::uint32_t core = 0; core < energy::usable_cores(); ++core)
            evaluators_.push_back(engine().replica(model_, spec::Optimizer{}));
    for (auto& evaluator : evaluators_) evaluator->begin(parameters, experiment_.seed);
    return evaluators_;
}

learning::Evaluation ModelRuntime::evaluate(std::span<const float> parameters)
{
    if (experiment_.data.validation_share == 0) return evaluate_on_test_set(parameters);
    if (!validation_) validation_ = datasets::chosen_samples(data(), datasets::validation_indices(data(), experiment_));
    return evaluate_on(validation_->view(), parameters);
}

learning::Evaluation ModelRuntime::evaluate_on_test_set(std::span<const float> parameters)
{
    return evaluate_on(data().test, parameters);
}

learning::Evaluation ModelRuntime::evaluate_on(const datasets::Split& split, std::span<const float> parameters)
{
    return learning::evaluate(evaluators(parameters), model_, {split.pixels, split.labels, split.values},
                              experiment().data.normalization);
}

learning::NodeScores ModelRuntime::evaluate_nodes(std::span<const float> parameters, const datasets::NodeShares& shares,
                                                  const spec::Federated& rule)
{
    const auto test_set = [&](std::uint32_t node) {
        learning::NodeTestSet set{shares.test_samples(node)};
        if (rule.feature_skew.kind != spec::FeatureSkewKind::none)
            set.skew.emplace(rule.feature_skew, model_.shape, experiment_.seed, node, shares.nodes());
        return set;
    };
    return learning::evaluate_nodes(evaluators(parameters), model_,
                                    {data().train.pixels, data().train.labels, data().train.values},
                                    experiment().data.normalization, shares.nodes(), test_set);
}

std::vector<double> ModelRuntime::node_losses(std::span<const float> parameters, const datasets::NodeShares& shares,
                                              const spec::Federated& rule, std::uint32_t round,
                                              std::span<const Probe> probes)
{
    std::vector<learning::NodeTestSet> sets;
    for (const auto& [node, count] : probes) {
        auto& set = sets.emplace_back(learning::NodeTestSet{shares.samples(node)});
        if (count < set.samples.size()) {
            Stream{experiment_.seed, Purpose::probe, round, node}.shuffle(std::span{set.samples});
            set.samples.resize(count);
        }
        if (rule.feature_skew.kind != spec::FeatureSkewKind::none)
            set.skew.emplace(rule.feature_skew, model_.shape, experiment_.seed, node, shares.nodes());
    }
    return learning::node_losses(evaluators(parameters), model_,
                                 {data().train.pixels, data().train.labels, data().train.values},
                                 experiment().data.normalization, sets);
}

}  // namespace fedgram::coordinator
