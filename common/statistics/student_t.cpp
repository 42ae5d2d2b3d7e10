#include "common/statistics/student_t.hpp"

#include <cmath>
#include <numbers>

namespace fedgram::statistics {

double student_t_probability(double t, unsigned degrees)
{
    const double angle = std::atan(t / std::sqrt(degrees));
    const double cosine = std::cos(angle);
    const double squared = cosine * cosine;
    const bool odd = degrees % 2 == 1;
    // Of the series 1 + 1/2 c^2 + (1 3)/(2 4) c^4 + ... (even), or c + 2/3 c^3 + (2 4)/(3 5) c^5 + ... (odd).
    double term = odd ? cosine : 1;
    double sum = degrees == 1 ? 0 : term;
    for (unsigned k = odd ? 3 : 2; k + 2 <= degrees; k += 2) {
        term *= squared * (k - 1) / k;
        sum += term;
    }
    const double inside = odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
    return 0.5 + inside / 2;
}

double student_t_quantile(double probability, unsigned degrees)
{
    if (probability < 0.5) return -student_t_quantile(1 - probability, degrees);
    double low = 0;
    double high = 1;
    while (student_t_probability(high, degrees) < probability) high *= 2;
    while (true) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return middle;
        (student_t_probability(middle, degrees) < probability ? low : high) = middle;
    }
}

}  // namespace fedgram::statistics
