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
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool looks_back() const override { return gives_again_; }
    [[nodiscard]] ImageActivations* images_given() override { return std::get_if<ImageActivations>(&out_); }
    void give_again() override { gives_again_ = true; }
    [[nodiscard]] bool gives_again() const override { return gives_again_; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }
    [[nodiscard]] GradientsTaken gradients_taken() override { return {images_given(), 0}; }

private:
    void draw(std::size_t runs, std::size_t run_size);

    const Kernels& kernels_;
    std::uint16_t dropped_of_65536_;
    float kept_factor_;
    std::uint64_t number_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
    std::uint64_t seed_ = 0;
    std::uint64_t step_ = 0;
    bool gives_again_ = false;
    // Of the last batch: a bit for each value that is kept, run by run. A run's begin a new word.
    std::vector<std::uint16_t> kept_;
    std::size_t sample_runs_ = 0;
    std::size_t run_words_ = 0;
};

}  // namespace fedgram::learning::native
