#pragma once

#include <optional>

#include "common/units/quantity.hpp"

namespace fedgram::report {

/// The least and the most that something can be by the bands of the figures behind it.
template <class Value>
struct Ends {
    Value low{};
    Value high{};
};

/// What something takes.
struct Spent {
    Joules joules{};  ///< with PUE where there is one
    GramsCO2e grams{};
    Ends<Joules> joule_ends{};  ///< both are the joules where no figure behind them has a band
    Ends<GramsCO2e> gram_ends{};
    /// Share of the devices' making; nothing where it isn't known or doesn't count.
    std::optional<GramsCO2e> embodied{};
    std::optional<Ends<GramsCO2e>> embodied_ends{};  ///< with it
    std::optional<Seconds> device_time{};            ///< of the devices; nothing where it isn't known, or none computes
    double electricity_usd = 0;
    std::optional<double> rent_usd{};  ///< of the devices; contains their electricity. Nothing without a price
    double usd = 0;                    ///< what one would pay, as ColumnCost::usd has it: rent, else electricity
};

/// Of what isn't known of all, what is known of some.
[[nodiscard]] Spent operator+(const Spent& one, const Spent& other);
[[nodiscard]] Spent operator*(const Spent& one, double times);

/// Joules without a band, at one intensity.
[[nodiscard]] Spent spent(Joules joules, GramsPerKilowattHour grid, double usd_per_kilowatt_hour);
[[nodiscard]] Spent spent(Joules joules, const Ends<Joules>& ends, GramsPerKilowattHour grid,
                          double usd_per_kilowatt_hour);

}  // namespace fedgram::report
