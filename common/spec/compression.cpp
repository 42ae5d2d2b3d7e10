#include "common/spec/compression.hpp"

#include <algorithm>
#include <cmath>

#include "common/spec/words.hpp"

namespace fedgram::spec {

std::uint32_t kept_parameters(double fraction, std::uint32_t parameters)
{
    const double kept = std::round(fraction * parameters);
    return std::clamp(static_cast<std::uint32_t>(kept), std::min(parameters, 1U), parameters);
}

std::string name(const Compression& compression)
{
    std::string quantizer{quantizer_words[static_cast<std::size_t>(compression.quantizer)]};
    if (compression.sparsifier == Sparsifier::none) return quantizer;
    const std::string sparsifier{sparsifier_words[static_cast<std::size_t>(compression.sparsifier)]};
    return compression.quantizer == Quantizer::none ? sparsifier : sparsifier + " + " + quantizer;
}

}  // namespace fedgram::spec
