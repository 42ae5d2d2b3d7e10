#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/learning/networks/network.hpp"

namespace fedgram::learning {

/// A square image, or a list of features as `side` 1.
struct Extent {
    std::uint64_t channels;
    std::uint64_t side;

    [[nodiscard]] std::uint64_t elements() const { return channels * side * side; }
};

/// Adds operations to a network in their order. Each takes the extent that goes in and gives the one that comes out, so
/// that branches need no more than two variables.
class NetworkBuilder {
public:
    struct Convolution {
        std::uint64_t channels;
        std::uint64_t kernel;
        std::uint64_t stride = 1;
        std::uint64_t groups = 1;
        bool bias = false;
        std::optional<std::uint64_t> out_side{};  ///< where the padding is another
    };

    explicit NetworkBuilder(std::string name) { network_.name = std::move(name); }

    /// With padding for an output of input / stride, unless it says another.
    Extent convolution(Extent in, const Convolution& convolution);
    Extent batch_norm(Extent in);
    /// A learned factor for each channel.
    Extent channel_scale(Extent in);
    /// ReLU, dropout, a product: one value for each.
    Extent elementwise(const std::string& name, Extent in);
    /// The sum with a shortcut of the same extent.
    Extent add_shortcut(Extent in);
    /// Copies: concatenation, channel shuffle.
    Extent copy(const std::string& name, Extent in) { return elementwise(name, in); }
    Extent pool(Extent in, std::uint64_t out_side);
    Extent linear(Extent in, std::uint64_t features);
    /// A table of `rows` vectors of which a sample takes one.
    Extent embedding(std::uint64_t rows, std::uint64_t features);

    /// Convolution, batch normalization, ReLU.
    Extent convolution_block(Extent in, const Convolution& convolution);

    [[nodiscard]] Network take() { return std::move(network_); }

private:
    void add(Operation operation, Extent in, Extent out, std::uint64_t traffic = 1);

    Network network_;
    bool needs_input_gradient_ = false;
};

}  // namespace fedgram::learning
