#include "common/energy/meters/mirror_watch.hpp"

namespace fedgram::energy {

namespace {

/// Two sockets may agree to the microjoule once by chance, but not each time that they rise.
constexpr int enough = 10;

}  // namespace

void MirrorWatch::observe(std::span<const Joules> added)
{
    if (pairs_.empty())
        for (std::size_t second = 1; second < added.size(); ++second)
            for (std::size_t first = 0; first < second; ++first) pairs_.push_back({first, second});
    for (auto& pair : pairs_) {
        if (added[pair.first] != added[pair.second])
            pair.differed = true;
        else if (added[pair.first] > Joules{})
            ++pair.alike;
    }
}

std::optional<std::pair<std::size_t, std::size_t>> MirrorWatch::mirrored() const
{
    for (const auto& pair : pairs_)
        if (!pair.differed && pair.alike >= enough) return std::pair{pair.first, pair.second};
    return std::nullopt;
}

}  // namespace fedgram::energy
