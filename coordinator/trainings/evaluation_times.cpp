#include "coordinator/trainings/evaluation_times.hpp"

#include <cmath>

namespace fedgram::coordinator {

bool enters_further_span(Seconds begin, Seconds end, double minutes)
{
    const auto span = [minutes](Seconds time) { return std::floor(time.count() / 60 / minutes); };
    return span(end) > span(begin);
}

}  // namespace fedgram::coordinator
