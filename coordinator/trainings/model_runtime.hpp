#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/learning/training/node_evaluation.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/selection/selection_policy.hpp"
#include "datasets/features/learned_part.hpp"
#include "datasets/partition/node_shares.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::coordinator {

/// What the coordinator computes by itself: evaluations, the centralized baseline, the files of the models. The engine
/// is opened at its first use, so that a coordinator that waits for clients costs nothing. One thread at a time.
class ModelRuntime {
public:
    /// Both must outlive it. Throws SystemError where this CPU can't train in the precision of a centralized training.
    ModelRuntime(const spec::Experiment& experiment, const datasets::Dataset& data);

    /// What its trainings learn: behind frozen layers the smaller model on what these give, and its experiment.
    [[nodiscard]] const spec::Experiment& experiment() const { return learned_ ? learned_->experiment : experiment_; }
    [[nodiscard]] const datasets::Dataset& data() const { return learned_ ? learned_->features : data_; }
    [[nodiscard]] const learning::Model& model() const { return model_; }
    [[nodiscard]] std::vector<float> starting_parameters();
    /// Nullptr where no layers are frozen.
    [[nodiscard]] const datasets::LearnedPart* learned_part() const { return learned_ ? &*learned_ : nullptr; }
    /// The data as it was before any layer.
    [[nodiscard]] const datasets::Dataset& raw_data() const { return data_; }
    /// SHA-256 of the whole model's parameters, of which these have been learned.
    [[nodiscard]] std::string digest(std::span<const float> parameters) const;
    /// The whole model, of which these parameters have been learned.
    void write_model(std::span<const float> parameters, const std::filesystem::path& path);

    [[nodiscard]] learning::Engine& engine();
    [[nodiscard]] bool engine_is_open() const { return engine_ != nullptr; }

    /// On what a training is looked at by: the validation split, or else the whole test set. By as many threads as this
    /// process has cores; the result doesn't depend on how many.
    [[nodiscard]] learning::Evaluation evaluate(std::span<const float> parameters);

    /// On the whole test set.
    [[nodiscard]] learning::Evaluation evaluate_on_test_set(std::span<const float> parameters);

    /// Of each node of a training, on its own test set.
    [[nodiscard]] learning::NodeScores evaluate_nodes(std::span<const float> parameters,
                                                      const datasets::NodeShares& shares, const spec::Federated& rule);

    /// Of each node that is probed, on its own training samples: all, or as many as are asked for, drawn anew each
    /// round.
    [[nodiscard]] std::vector<double> node_losses(std::span<const float> parameters, const datasets::NodeShares& shares,
                                                  const spec::Federated& rule, std::uint32_t round,
                                                  std::span<const Probe> probes);

private:
    [[nodiscard]] learning::Evaluation evaluate_on(const datasets::Split& split, std::span<const float> parameters);
    /// Those that evaluate, with these parameters.
    [[nodiscard]] std::span<const std::unique_ptr<learning::Replica>> evaluators(std::span<const float> parameters);

    const spec::Experiment& experiment_;
    const datasets::Dataset& data_;
    const std::optional<datasets::LearnedPart> learned_;
    std::unique_ptr<learning::Engine> engine_;
    learning::Model model_;
    std::optional<datasets::OwnedSplit> validation_;  // once it is needed
    std::vector<std::unique_ptr<learning::Replica>> evaluators_;
};

}  // namespace fedgram::coordinator
