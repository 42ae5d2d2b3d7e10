#include "coordinator/distance.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>

namespace fedgram::coordinator {

double distance(std::span<const float> a, std::span<const float> b)
{
    assert(a.size() == b.size());
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        squares += difference * difference;
    }
    return std::sqrt(squares);
}

}  // namespace fedgram::coordinator
