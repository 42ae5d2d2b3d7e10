#include "common/learning/quantization/histogram_ranges.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

// The first bin in their order of which more than `cut` activations lie up to its end.
template <class Counts>
std::size_t first_kept(const Counts& counts, double cut)
{
    std::uint64_t seen = 0;
    std::size_t bin = 0;
    for (const auto count : counts) {
        seen += count;
        if (static_cast<double>(seen) > cut) break;
        ++bin;
    }
    return bin;
}

double sum_of(std::span<const double> bins)
{
    double sum = 0;
    for (const double bin : bins) sum += bin;
    return sum;
}

// Of the first `kept` bins with all others in their last one, from the same bins as `codes` codes tell them: each
// code's mass is spread evenly over those of its bins that aren't empty. Infinite where a bin that isn't empty has none
// of it.
double divergence(std::span<const double> bins, std::size_t kept, std::size_t codes)
{
    const double clipped = sum_of(bins.subspan(kept));
    const double told_sum = sum_of(bins.first(kept));
    const double sum = told_sum + clipped;
    double divergence = 0;
    for (std::size_t code = 0, first = 0; code < codes; ++code) {
        // Bin i has the code i * codes / kept, rounded down.
        const std::size_t end = ((code + 1) * kept + codes - 1) / codes;
        const auto of_code = bins.subspan(first, end - first);
        const auto filled = of_code.size() - static_cast<std::size_t>(std::count(of_code.begin(), of_code.end(), 0.0));
        const double told = filled == 0 ? 0 : sum_of(of_code) / static_cast<double>(filled) / told_sum;
        for (std::size_t bin = first; bin < end; ++bin) {
            const bool is_last = bin + 1 == kept;
            if (is_last && bins[bin] == 0 && clipped > 0) return std::numeric_limits<double>::infinity();
            const double share = (bins[bin] + (is_last ? clipped : 0)) / sum;
            if (share > 0) divergence += share * portable::log(share / told);
        }
        first = end;
    }
    return divergence;
}

}  // namespace

ValueRange percentile_range(const ActivationHistogram& histogram, double percentile)
{
    const auto all = histogram.range();
    const auto counts = histogram.counts();
    const double cut = static_cast<double>(histogram.total()) * ((100 - percentile) / 200);
    const auto lowest = static_cast<double>(first_kept(counts, cut));
    const std::vector<std::uint64_t> from_above(counts.rbegin(), counts.rend());
    const auto highest = static_cast<double>(from_above.size() - first_kept(from_above, cut));
    constexpr auto zero = static_cast<double>(ActivationHistogram::half);
    return {static_cast<float>(std::max<double>(all.min, (lowest - zero) * histogram.width())),
            static_cast<float>(std::min<double>(all.max, (highest - zero) * histogram.width()))};
}

ValueRange entropy_range(const ActivationHistogram& histogram)
{
    const auto all = histogram.range();
    const auto counts = histogram.magnitudes();
    std::vector<double> bins(counts.begin(), counts.end());
    bins[0] = bins[1];
    while (!bins.empty() && bins.back() == 0) bins.pop_back();

    const std::size_t codes = all.min < 0 ? 128 : 256;
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = bins.size();
    for (std::size_t kept = codes; kept <= bins.size(); ++kept) {
        const double of_kept = divergence(bins, kept, codes);
        if (of_kept > least) continue;
        least = of_kept;
        best = kept;
    }
    if (best == 0) return all;
    const double threshold = static_cast<double>(best) * histogram.width();
    return {static_cast<float>(std::clamp<double>(all.min, -threshold, threshold)),
            static_cast<float>(std::clamp<double>(all.max, -threshold, threshold))};
}

}  // namespace fedgram::learning
