#include "common/learning/pruning/sparsity.hpp"

#include <cmath>

#include "common/error/error.hpp"
#include "common/spec/number_range.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

void require_sparsity(double sparsity, const std::string& what)
{
    using Range = spec::NumberRange;
    constexpr Range range{.low = 0, .high = 1, .high_end = Range::High::excluded};
    if (range.contains(sparsity)) return;
    throw SpecError{what + ": " + (std::isfinite(sparsity) ? text::shortest(sparsity) : std::to_string(sparsity)) +
                    " is no share of weights that can go; use " + range.text()};
}

std::uint64_t rounded_share(double fraction, std::uint64_t count)
{
    return static_cast<std::uint64_t>(std::nearbyint(fraction * static_cast<double>(count)));
}

}  // namespace fedgram::learning
