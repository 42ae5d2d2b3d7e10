#pragma once

#include <string>

namespace fedgram::text {

/// What a number can be by the bands of the figures behind it. Of a number without a band both ends are the number.
struct Band {
    double low = 0;
    double high = 0;

    [[nodiscard]] bool is_known() const { return low != high; }
};

/// As many significant digits as the band deserves, never with an exponent: two where it reaches 5 % or more to either
/// side, three from 0.5 % on, else four; three without a band.
[[nodiscard]] std::string banded(double value, const Band& band);

/// "0.021-0.11", with two digits at each end, or as many as tell the ends apart, up to four; empty without a band.
[[nodiscard]] std::string band_text(const Band& band);

}  // namespace fedgram::text
