#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// One model at several widths, trained for a few steps each.
struct CoordinateTrial {
    std::vector<spec::Layer> layers;  ///< whose base sizes the widths are multiples of
    Shape shape;
    std::vector<double> widths;  ///< ascending
    std::uint32_t steps = 3;
    std::uint32_t batch_size = 32;
    spec::Optimizer optimizer;
    std::uint64_t seed = 1;   ///< of the batches, and of the first training's initial parameters
    std::uint32_t seeds = 1;  ///< initial parameters by so many seeds, from `seed` on, over which the figures are means
};

/// Mean magnitudes of what a layer with weights gives, before its activation: [steps behind it][width].
struct LayerCoordinates {
    std::string layer;
    std::vector<std::vector<double>> by_steps;  ///< from 0 steps on
};

/// The coordinate check of Yang et al. 2022 (arXiv:2203.03466, appendix D.1), by the native engine: the same batches of
/// the samples at `indices` train the model at each width, and the first 64 samples of the first batch's order are what
/// it is looked at by. Throws SpecError for a width at which the layers don't fit.
[[nodiscard]] std::vector<LayerCoordinates> coordinates(const CoordinateTrial& trial,
                                                        spec::Parametrization parametrization, const Samples& data,
                                                        std::span<const std::uint32_t> indices,
                                                        const spec::Normalization& normalization);

/// From the least width to the largest. Not finite where a training diverged.
[[nodiscard]] double growth(std::span<const double> by_width);

/// The layer whose outputs change most over the widths, and by what: the geometric mean over the steps, without that
/// before the first, where by muP the logits' beginnings shrink as they should.
struct LargestChange {
    std::string layer;
    double growth = 1;

    /// Neither grown nor shrunk by more than 2: a rate that suits one width suits the others.
    [[nodiscard]] bool is_flat() const;
};
[[nodiscard]] LargestChange largest_change(const std::vector<LayerCoordinates>& layers);

}  // namespace fedgram::learning
