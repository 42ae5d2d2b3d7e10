#pragma once

#include <cstdint>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// Sets a value to zero with a probability, which counts to 2^-16, and scales the others up by as much as is lost on
/// average. An evaluation changes nothing.
class DropoutStage final : public StageByParts {
public:
    /// Borrows the activations, which are of the same kind. Of a model's dropouts each has its own number.
    DropoutStage(const Kernels& kernels, double probability, std::uint64_t number, Activations& in, Activations& out,
                 bool input_gradient);

    void draw_by(std::uint64_t seed, std::uint64_t step) override;
    [[nodiscard]] bool has_parts() const override { return std::holds_alternative<ImageActivations>(in_); }
    void begin_forward(std::size_t samples) override;
    void forward_part(Part part) override;
    void evaluate_part(Part part) override;
    void backward_part(Part part) override;

private:
    void draw(std::size_t count);

    const Kernels& kernels_;
    std::uint16_t dropped_of_65536_;
    float kept_factor_;
    std::uint64_t number_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
    std::uint64_t seed_ = 0;
    std::uint64_t step_ = 0;
    std::vector<std::uint16_t> draws_;  // of the last batch, run by run
    std::size_t sample_runs_ = 0;       // floats of a sample
};

}  // namespace fedgram::learning::native
