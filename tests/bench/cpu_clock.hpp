#pragma once

#include <ctime>

namespace fedgram::bench {

/// CPU seconds of this process so far: what a neighbour on the same core takes is not in them.
inline double cpu_seconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

template <class Body>
double cpu_seconds_of(const Body& body)
{
    const double start = cpu_seconds();
    body();
    return cpu_seconds() - start;
}

}  // namespace fedgram::bench
