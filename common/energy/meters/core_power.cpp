#include "common/energy/meters/core_power.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "common/error/error.hpp"

namespace fedgram::energy {

CorePower::CorePower(Watts low, Watts likely, Watts high) : low_{low}, likely_{likely}, high_{high}
{
    if (!(Watts{} < low && low <= likely && likely <= high && std::isfinite(high.count())))
        throw SpecError{"watts per core: " + std::to_string(low.count()) + ", " + std::to_string(likely.count()) +
                        ", " + std::to_string(high.count()) + "; use three above 0, the lowest first"};
}

CorePower parse_core_power(const std::string& text)
{
    std::array<double, 3> watts{};
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (bool more = true; more; ++at) {
        const auto [stop, error] = std::from_chars(at, end, watts[count]);
        more = stop != end;
        if (error != std::errc{} || (more && *stop != ':') || (more && count == 2))
            throw SpecError{"watts per core: \"" + text + "\" is not valid; use W or LOW:LIKELY:HIGH, as in 4:7:12"};
        at = stop;
        ++count;
    }
    if (count == 1) return {Watts{watts[0]}, Watts{watts[0]}, Watts{watts[0]}};
    if (count == 2)
        throw SpecError{"watts per core: \"" + text + "\" is not valid; use W or LOW:LIKELY:HIGH, as in 4:7:12"};
    return {Watts{watts[0]}, Watts{watts[1]}, Watts{watts[2]}};
}

}  // namespace fedgram::energy
