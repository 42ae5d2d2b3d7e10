#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fedgram::learning {

/// Makes a float of a byte: scale * byte + offset, as if computed in double precision and rounded once.
class PixelLine {
public:
    PixelLine(double scale, double offset);

    /// Writes `count` floats.
    void apply(const std::uint8_t* bytes, std::size_t count, float* floats) const
    {
        function_(*this, bytes, count, floats);
    }

    /// A way to compute it: by definition, or in single precision by one of the CPU's instruction sets.
    using Function = void (*)(const PixelLine& line, const std::uint8_t* bytes, std::size_t count, float* floats);
    static void by_definition(const PixelLine& line, const std::uint8_t* bytes, std::size_t count, float* floats);
    /// The ways that this CPU has, the fastest last.
    [[nodiscard]] static std::vector<Function> usable();
    /// Whether it gives all 256 bytes the floats that they have by definition.
    [[nodiscard]] bool is_exact(Function way) const;

    [[nodiscard]] Function function() const { return function_; }

private:
    friend struct SinglePrecision;

    /// A number as the sum of two floats, the first of which is a multiple of a power of two.
    struct Halves {
        float high;
        float low;
    };
    static Halves halves(double value, double grid);

    double scale_;
    double offset_;
    Halves scale_halves_;
    Halves offset_halves_;
    Function function_;
};

}  // namespace fedgram::learning
