#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fedgram::learning::native {

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

}  // namespace fedgram::learning::native
