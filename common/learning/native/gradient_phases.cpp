#include "common/learning/native/gradient_phases.hpp"

#include <algorithm>

namespace fedgram::learning::native {

GradientPhases::GradientPhases(std::size_t kernel, std::size_t stride, std::size_t padding, std::size_t input,
                               std::size_t output)
{
    const auto whole = [](std::size_t value) { return static_cast<std::ptrdiff_t>(value); };
    for (std::size_t phase = 0; phase < std::min(stride, input); ++phase) {
        GradientPhase made{.phase = phase, .count = (input - phase + stride - 1) / stride, .places = {}};
        // Input place phase + s m meets output m + (phase + padding - k) / s by the kernel's place k.
        for (std::size_t k = (phase + padding) % stride; k < kernel; k += stride) made.places.push_back(k);
        std::reverse(made.places.begin(), made.places.end());
        if (!made.places.empty()) {
            made.offset = (whole(phase + padding) - whole(made.places.front())) / whole(stride);
            const auto last = made.offset + whole(made.count + made.places.size()) - 2;
            before = static_cast<std::size_t>(std::max(whole(before), -made.offset));
            behind = static_cast<std::size_t>(std::max(whole(behind), last - (whole(output) - 1)));
        }
        phases.push_back(std::move(made));
    }
}

}  // namespace fedgram::learning::native
