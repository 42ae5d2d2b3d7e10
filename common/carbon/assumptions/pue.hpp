#pragma once

#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// Power usage effectiveness: energy of the whole facility over energy of its IT equipment, from 1 to 10. It
/// multiplies the energy of data-centre IT, once: no edge device and no network has one.
class Pue {
public:
    explicit Pue(double ratio);  ///< throws SpecError outside 1 to 10

    [[nodiscard]] double ratio() const { return ratio_; }

    friend bool operator==(Pue, Pue) = default;
    friend Joules operator*(Joules it_energy, Pue pue) { return it_energy * pue.ratio_; }

private:
    double ratio_;
};

}  // namespace fedgram::carbon
