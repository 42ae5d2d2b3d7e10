#pragma once

#include <compare>
#include <cstdint>

namespace fedgram {

/// A count of one unit. The unit is part of the type: what would mix two of them doesn't compile.
template <class Unit, class Rep = double>
class Quantity {
public:
    constexpr Quantity() = default;
    explicit constexpr Quantity(Rep count) : count_{count} {}

    /// In the unit that names the type.
    [[nodiscard]] constexpr Rep count() const { return count_; }

    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.count_ + b.count_}; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.count_ - b.count_}; }
    friend constexpr Quantity operator*(Quantity a, Rep factor) { return Quantity{a.count_ * factor}; }
    constexpr Quantity& operator+=(Quantity other)
    {
        count_ += other.count_;
        return *this;
    }

private:
    Rep count_{};
};

using Joules = Quantity<struct JoulesUnit>;
using Watts = Quantity<struct WattsUnit>;
/// Virtual time. Host time is std::chrono, so that the two can't meet.
using Seconds = Quantity<struct SecondsUnit>;
using GramsCO2e = Quantity<struct GramsCO2eUnit>;
/// Grid intensity.
using GramsPerKilowattHour = Quantity<struct GramsPerKilowattHourUnit>;
using Bytes = Quantity<struct BytesUnit, std::uint64_t>;

/// 1000 W x 3600 s, exact by definition.
inline constexpr Joules joules_per_kilowatt_hour{3.6e6};

[[nodiscard]] constexpr Joules operator*(Watts power, Seconds time) { return Joules{power.count() * time.count()}; }
[[nodiscard]] constexpr double kilowatt_hours(Joules energy)
{
    return energy.count() / joules_per_kilowatt_hour.count();
}
[[nodiscard]] constexpr GramsCO2e operator*(Joules energy, GramsPerKilowattHour grid)
{
    return GramsCO2e{kilowatt_hours(energy) * grid.count()};
}
/// The intensity at which `energy`, above 0, is `mass`.
[[nodiscard]] constexpr GramsPerKilowattHour operator/(GramsCO2e mass, Joules energy)
{
    return GramsPerKilowattHour{mass.count() / kilowatt_hours(energy)};
}

}  // namespace fedgram
