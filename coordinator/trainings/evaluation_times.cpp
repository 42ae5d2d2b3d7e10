#include "coordinator/trainings/evaluation_times.hpp"

#include <cmath>

namespace fedgram::coordinator {

bool is_evaluated_behind(const spec::Federated& rule, std::uint32_t round, Seconds begin, Seconds end)
{
    if (round == rule.max_rounds) return true;
    if (!rule.evaluate_every_virtual_minutes) return round % rule.evaluate_every_rounds == 0;
    return enters_further_span(begin, end, *rule.evaluate_every_virtual_minutes);
}

bool enters_further_span(Seconds begin, Seconds end, double minutes)
{
    const auto span = [minutes](Seconds time) { return std::floor(time.count() / 60 / minutes); };
    return span(end) > span(begin);
}

}  // namespace fedgram::coordinator
