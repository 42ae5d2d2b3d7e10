#pragma once

#include <cstdint>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// `sum` after `term` was added `count` times, one after the other: the same bits, in far fewer additions. Equal nodes
/// draw the same, and a sum over them must not depend on whether somebody has put them together.
[[nodiscard]] double add_repeatedly(double sum, double term, std::uint64_t count);

template <class Unit>
void add_repeatedly(Quantity<Unit>& sum, Quantity<Unit> term, std::uint64_t count)
{
    sum = Quantity<Unit>{add_repeatedly(sum.count(), term.count(), count)};
}

}  // namespace fedgram::energy
