#include "experiments/analyzing/answer_text.hpp"

#include "common/serving/requests_needed.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments {

std::string optional_text(const std::optional<double>& value, double times)
{
    return value ? text::significant(*value * times) : "-";
}

std::string share_text(const std::optional<double>& share) { return share ? text::fixed(*share * 100, 0) + " %" : "-"; }

std::string banded_text(const std::optional<double>& value, const std::optional<text::Band>& band)
{
    return value && band ? text::banded(*value, *band) + " (" + text::band_text(*band) + ")" : optional_text(value);
}

std::uint64_t requests_of_a_p99() { return serving::requests_needed(99, 1); }

std::string p99_unknown_text(std::uint64_t answers)
{
    return "p99 unknown: " + std::to_string(answers) + " of " + std::to_string(requests_of_a_p99()) + " answers";
}

std::string milliseconds_text(const energy::Figure& seconds)
{
    return (seconds.low ? text::shortest(*seconds.low * 1e3) + " to " : std::string{}) +
           text::shortest(seconds.value * 1e3) + " ms";
}

std::optional<text::Band> grams_band(const std::optional<text::Band>& joules_band, const std::optional<double>& joules,
                                     const std::optional<double>& grams)
{
    if (!joules_band || !joules || !grams) return std::nullopt;
    const double grid = *grams / *joules;
    return text::Band{joules_band->low * grid, joules_band->high * grid};
}

}  // namespace fedgram::experiments
