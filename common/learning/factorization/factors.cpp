#include "common/learning/factorization/factors.hpp"

#include <cmath>

namespace fedgram::learning {

namespace {

// The weights with a channel of the outputs, or of the inputs, in each row; the other channel and the place in the
// window by column.
enum class Mode { outputs, inputs };

Matrix unfolded(const Kernel4d& weights, Mode mode)
{
    const std::size_t window = weights.kernel * weights.kernel;
    const bool by_outputs = mode == Mode::outputs;
    const std::size_t rows = by_outputs ? weights.outputs : weights.inputs;
    const std::size_t others = by_outputs ? weights.inputs : weights.outputs;
    Matrix matrix{rows, others * window, std::vector<double>(rows * others * window)};
    for (std::size_t out = 0; out < weights.outputs; ++out)
        for (std::size_t in = 0; in < weights.inputs; ++in)
            for (std::size_t place = 0; place < window; ++place) {
                const std::size_t row = by_outputs ? out : in;
                const std::size_t other = by_outputs ? in : out;
                matrix.at(row, other * window + place) =
                    static_cast<double>(weights.values[(out * weights.inputs + in) * window + place]);
            }
    return matrix;
}

// The first `rank` columns, transposed, times `matrix`: [rank, matrix.columns].
Matrix projected(const Matrix& vectors, std::size_t rank, const Matrix& matrix)
{
    Matrix product{rank, matrix.columns, std::vector<double>(rank * matrix.columns)};
    for (std::size_t row = 0; row < rank; ++row)
        for (std::size_t i = 0; i < matrix.rows; ++i) {
            const double factor = vectors.at(i, row);
            for (std::size_t column = 0; column < matrix.columns; ++column)
                product.at(row, column) += factor * matrix.at(i, column);
        }
    return product;
}

}  // namespace

LinearFactors linear_factors(const Decomposition& decomposition, std::size_t rank)
{
    const auto& [left, values, right] = decomposition;
    LinearFactors factors;
    factors.first.reserve(rank * right.columns);
    for (std::size_t row = 0; row < rank; ++row)
        for (std::size_t column = 0; column < right.columns; ++column)
            factors.first.push_back(static_cast<float>(std::sqrt(values[row]) * right.at(row, column)));
    factors.second.reserve(left.rows * rank);
    for (std::size_t row = 0; row < left.rows; ++row)
        for (std::size_t column = 0; column < rank; ++column)
            factors.second.push_back(static_cast<float>(left.at(row, column) * std::sqrt(values[column])));
    return factors;
}

ChannelModes channel_modes(const Kernel4d& weights)
{
    return {decompose(unfolded(weights, Mode::outputs)), decompose(unfolded(weights, Mode::inputs))};
}

ConvolutionFactors tucker_factors(const Kernel4d& weights, const ChannelModes& modes, ChannelRanks ranks)
{
    const std::size_t window = weights.kernel * weights.kernel;
    const auto& out_vectors = modes.outputs.left;
    const auto& in_vectors = modes.inputs.left;
    ConvolutionFactors factors;
    for (std::size_t rank = 0; rank < ranks.inputs; ++rank)
        for (std::size_t in = 0; in < weights.inputs; ++in)
            factors.first.push_back(static_cast<float>(in_vectors.at(in, rank)));
    for (std::size_t out = 0; out < weights.outputs; ++out)
        for (std::size_t rank = 0; rank < ranks.outputs; ++rank)
            factors.last.push_back(static_cast<float>(out_vectors.at(out, rank)));

    // [outputs' rank, inputs, window], of which each row is projected once more.
    const auto by_output = projected(out_vectors, ranks.outputs, unfolded(weights, Mode::outputs));
    factors.core.reserve(std::size_t{ranks.outputs} * ranks.inputs * window);
    for (std::size_t out = 0; out < ranks.outputs; ++out) {
        Matrix of_output{weights.inputs, window, {}};
        const auto* begin = by_output.values.data() + out * by_output.columns;
        of_output.values.assign(begin, begin + by_output.columns);
        for (const double value : projected(in_vectors, ranks.inputs, of_output).values)
            factors.core.push_back(static_cast<float>(value));
    }
    return factors;
}

SeparableFactors separable_factors(const Kernel4d& weights)
{
    const std::size_t window = weights.kernel * weights.kernel;
    SeparableFactors factors;
    factors.pointwise.resize(weights.outputs * weights.inputs);
    double kept = 0;
    double all = 0;
    for (std::size_t in = 0; in < weights.inputs; ++in) {
        Matrix channel{weights.outputs, window, {}};
        for (std::size_t out = 0; out < weights.outputs; ++out) {
            const auto values = weights.values.subspan((out * weights.inputs + in) * window, window);
            channel.values.insert(channel.values.end(), values.begin(), values.end());
        }
        const auto [left, values, right] = decompose(channel);
        const double root = std::sqrt(values.front());
        for (std::size_t place = 0; place < window; ++place)
            factors.depthwise.push_back(static_cast<float>(root * right.at(0, place)));
        for (std::size_t out = 0; out < weights.outputs; ++out)
            factors.pointwise[out * weights.inputs + in] = static_cast<float>(left.at(out, 0) * root);
        kept += values.front() * values.front();
        for (const double value : values) all += value * value;
    }
    if (all > 0) factors.kept_energy = kept / all;
    return factors;
}

}  // namespace fedgram::learning
