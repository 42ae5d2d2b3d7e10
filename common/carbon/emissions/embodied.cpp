#include "common/carbon/emissions/embodied.hpp"

namespace fedgram::carbon {

std::optional<GramsCO2e> embodied_share(const energy::DeviceProfile& profile, Seconds time)
{
    constexpr double seconds_per_year = 8766 * 3600.0;  // 365.25 days
    if (!profile.embodied_kgco2e || !profile.lifetime_years) return std::nullopt;
    return GramsCO2e{profile.embodied_kgco2e->value * 1000 * time.count() /
                     (profile.lifetime_years->value * seconds_per_year)};
}

}  // namespace fedgram::carbon
