#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/model/split_model.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Trainings behind frozen layers, as trainings of a smaller model: its samples are what the frozen layers give for
/// the experiment's own. Whoever trains or evaluates this gets the bits of doing so with the whole model.
struct LearnedPart {
    std::string layer;  ///< the last that is frozen, but for what follows it without parameters
    learning::SplitModel split;
    std::vector<float> start;     ///< of the whole model, where trainings begin
    spec::Experiment experiment;  ///< with the layers that learn, and without a normalization
    Dataset features;             ///< its data; the digest goes by all that decides them

    /// The whole model, of which this has been learned.
    [[nodiscard]] std::vector<float> whole(std::span<const float> learned) const;
    /// What the frozen part takes for so many samples in so many batches, each of which is a step, as of any forward
    /// pass: FLOPs, memory traffic and kernels. The samples are those of the training or evaluation that this is for.
    [[nodiscard]] energy::Work forward(std::uint64_t samples, std::uint64_t batches) const;
    /// Of what a sample becomes.
    [[nodiscard]] std::uint64_t feature_bytes() const;
};

/// Nothing where an experiment freezes no layers. What the frozen ones give comes from the user's cache, or is computed
/// by so many threads and kept there. Throws SpecError for a layer that isn't there, and what `start_parameters` does.
[[nodiscard]] std::optional<LearnedPart> learned_part(const spec::Experiment& experiment, const Dataset& data,
                                                      std::uint32_t threads);

/// What nodes do in their first round alone isn't in the times by which a fleet decides. Throws SpecError for a
/// training behind `layer` in which it does; an empty layer is none.
void check_rounds(const std::string& layer, bool fleet_decides, const std::string& training);

}  // namespace fedgram::datasets
