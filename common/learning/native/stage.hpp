#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/learning/native/activations.hpp"

namespace fedgram::learning::native {

/// Some samples of a batch.
struct Part {
    std::size_t first = 0;
    std::size_t count = 0;

    [[nodiscard]] std::size_t end() const { return first + count; }
};

/// One or a few layers that are computed together. A stage reads the activations before it and fills those behind it.
/// Both belong to the network, and so do the parameters; a stage knows its own place in their flat array.
class Stage {
public:
    virtual ~Stage() = default;

    /// Makes room for so many samples in what the stage holds for itself.
    virtual void reserve(std::size_t samples) = 0;
    /// The parameters have changed.
    virtual void take(std::span<const float> parameters) = 0;
    virtual void forward(std::size_t samples) = 0;
    /// forward, with no backward after it: the same values, perhaps in a cheaper way.
    virtual void evaluate(std::size_t samples) { forward(samples); }
    /// From the gradient behind it: the gradient of its parameters, written to their place in `gradient`, and, unless
    /// it is the first with parameters, the gradient before it.
    virtual void backward(std::size_t samples, std::span<float> gradient) = 0;
    /// Moves the buffers that it keeps in the flat array by the batch that went forward last.
    virtual void track(std::span<float>) const {}
    /// What the next forward draws its random numbers by, if it does.
    virtual void draw_by(std::uint64_t /*seed*/, std::uint64_t /*step*/) {}
};

/// A stage that goes through a batch part by part, so that the stages around it find each part in the cache. Forward:
/// `begin_forward`, then `forward_part` for all parts in their order. One that looks at the whole batch first has
/// `observe` called for each part, and `settle`, before them. Backward in the same way; behind its last part
/// `finish_backward` writes the gradient of the parameters.
class StageByParts : public Stage {
public:
    /// False where features lie [feature][sample], which have no parts.
    [[nodiscard]] virtual bool has_parts() const { return true; }
    virtual void begin_forward(std::size_t /*samples*/) {}
    virtual void forward_part(Part part) = 0;
    virtual void evaluate_part(Part part) { forward_part(part); }
    virtual void begin_backward() {}
    virtual void backward_part(Part part) = 0;
    virtual void finish_backward(std::span<float> /*gradient*/) {}

    [[nodiscard]] virtual bool observes() const { return false; }
    virtual void observe(Part) {}
    virtual void settle(std::size_t /*samples*/) {}
    virtual void observe_gradient(Part) {}
    virtual void settle_gradient(std::size_t /*samples*/, std::span<float> /*gradient*/) {}

    // Values and gradients between two stages may be held for one part alone, so that they stay in the cache, where
    // both stages look for a sample's at its place in the layout. What a stage wants on the way back is then given
    // again by the one before it, which takes less time than to move it to memory and back.

    /// Whether it takes the values before it from their place.
    [[nodiscard]] virtual bool takes_from_place() const { return false; }
    /// Whether it wants them on the way back, too.
    [[nodiscard]] virtual bool looks_back() const { return true; }
    /// The images behind it, if it gives their values to their place, by `forward_part`, and can do so again.
    [[nodiscard]] virtual ImageActivations* images_given() { return nullptr; }
    virtual void give_again() {}
    /// Whether the values behind it must be given again before the stages behind it go backward.
    [[nodiscard]] virtual bool gives_again() const { return false; }

    /// Whether it gives the gradients before it to their place.
    [[nodiscard]] virtual bool gives_gradients_to_place() const { return false; }
    /// Images whose gradients it takes from their place, and the border of zeros that it wants around them.
    struct GradientsTaken {
        ImageActivations* images = nullptr;  ///< those behind it, or null
        std::size_t border = 0;
    };
    [[nodiscard]] virtual GradientsTaken gradients_taken() { return {}; }

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) final
    {
        begin_forward(samples);
        observe({0, samples});
        settle(samples);
        forward_part({0, samples});
    }
    void evaluate(std::size_t samples) final { evaluate_part({0, samples}); }
    void backward(std::size_t samples, std::span<float> gradient) final
    {
        begin_backward();
        observe_gradient({0, samples});
        settle_gradient(samples, gradient);
        backward_part({0, samples});
        finish_backward(gradient);
    }
};

}  // namespace fedgram::learning::native
