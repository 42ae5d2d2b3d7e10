#include "common/energy/meters/core_power.hpp"

#include <array>
#include <charconv>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::energy {

namespace {

// No core comes near it, and sums of such figures are finite.
constexpr Watts most{1e6};

[[noreturn]] void refuse(const std::string& given)
{
    throw SpecError{"--core-w: \"" + given +
                    "\" is not valid; use W or LOW:LIKELY:HIGH, as in 4:7:12, above 0 and at most 1e6, the lowest "
                    "first"};
}

}  // namespace

CorePower::CorePower(Watts low, Watts likely, Watts high) : low_{low}, likely_{likely}, high_{high}
{
    if (!(Watts{} < low && low <= likely && likely <= high && high <= most))
        refuse(text::shortest(low.count()) + ":" + text::shortest(likely.count()) + ":" + text::shortest(high.count()));
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
        if (error != std::errc{} || (more && *stop != ':') || (more && count == 2)) refuse(text);
        at = stop;
        ++count;
    }
    if (count == 1) return {Watts{watts[0]}, Watts{watts[0]}, Watts{watts[0]}};
    if (count == 2) refuse(text);
    return {Watts{watts[0]}, Watts{watts[1]}, Watts{watts[2]}};
}

}  // namespace fedgram::energy
