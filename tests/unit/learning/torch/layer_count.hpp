#pragma once

#include <cstdint>

#include "tests/unit/learning/torch/written_model.hpp"

namespace fedgram::learning::test {

/// A count by layers, from their sizes alone: no tensor, no operator. The images' sides follow from kernel, stride and
/// padding; a layer's backward is once its forward, and once more where its input needs a gradient.
class CountedLayers {
public:
    struct Value {
        std::int64_t side;  // of a square image; 1 for features, the length for a sequence
        bool needs_gradient = false;
    };

    Value convolution(const Value& x, const Convolution& c)
    {
        const auto side = (x.side + 2 * c.padding - c.kernel) / c.stride + 1;
        multiply(side * side * c.out * (c.in / c.groups) * c.kernel * c.kernel, x);
        return {side, true};
    }
    Value transposed_convolution(const Value& x, const Convolution& c)
    {
        multiply(x.side * x.side * c.in * c.out * c.kernel * c.kernel, x);
        return {(x.side - 1) * c.stride + c.kernel, true};
    }
    Value batch_norm(const Value& x, std::int64_t) { return {x.side, true}; }
    Value relu(const Value& x) { return x; }
    Value max_pool(const Value& x) { return {x.side / 2, x.needs_gradient}; }
    Value global_pool(const Value& x) { return {1, x.needs_gradient}; }
    Value flatten(const Value& x) { return x; }
    Value dropout(const Value& x) { return x; }
    Value linear(const Value& x, std::int64_t in, std::int64_t out)
    {
        multiply(in * out, x);
        return {1, true};
    }
    Value add(const Value& x, const Value& y) { return {x.side, x.needs_gradient || y.needs_gradient}; }
    Value concatenation(const Value& x, const Value& y) { return add(x, y); }
    Value embedding(const Value& x, std::int64_t, std::int64_t) { return {x.side, true}; }
    Value lstm(const Value& x, std::int64_t in, std::int64_t hidden)
    {
        multiply(x.side * 4 * hidden * in, x);
        // The first state is zero and needs no gradient.
        multiply(4 * hidden * hidden, {1, false});
        multiply((x.side - 1) * 4 * hidden * hidden, {1, true});
        return {1, true};
    }

    std::uint64_t forward_flops = 0;
    std::uint64_t backward_flops = 0;

private:
    void multiply(std::int64_t multiply_accumulates, const Value& x)
    {
        const auto flops = 2 * static_cast<std::uint64_t>(multiply_accumulates);
        forward_flops += flops;
        backward_flops += flops * (x.needs_gradient ? 2 : 1);
    }
};

}  // namespace fedgram::learning::test
