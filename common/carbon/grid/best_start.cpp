#include "common/carbon/grid/best_start.hpp"

namespace fedgram::carbon {

double BestStart::saved() const
{
    if (now.mean.count() == 0) return 0;
    return 1 - best.mean.count() / now.mean.count();
}

BestStart best_start(const HourlySeries& series, std::chrono::sys_seconds from, std::chrono::seconds duration)
{
    using std::chrono::hours;
    constexpr hours window{24};
    const Start now{from, series.mean(from, duration)};
    BestStart found{now, now, now, 1};
    for (std::chrono::sys_seconds time = std::chrono::floor<hours>(from) + hours{1};
         time < from + window && time + duration <= series.end(); time += hours{1}) {
        const Start start{time, series.mean(time, duration)};
        if (start.mean < found.best.mean) found.best = start;
        if (start.mean > found.worst.mean) found.worst = start;
        ++found.compared;
    }
    return found;
}

}  // namespace fedgram::carbon
