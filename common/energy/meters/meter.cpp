#include "common/energy/meters/meter.hpp"

namespace fedgram::energy {

std::string_view name(Boundary boundary)
{
    switch (boundary) {
        case Boundary::chip:
            return "chip";
        case Boundary::module:
            return "module";
        case Boundary::board:
            return "board";
        case Boundary::wall:
            break;
    }
    return "wall";
}

std::string_view name(Method method)
{
    switch (method) {
        case Method::counter:
            return "counter";
        case Method::power_integrated:
            return "power_integrated";
        case Method::estimated:
            break;
    }
    return "estimated";
}

void Meter::start(Instant now)
{
    reset();
    started_ = true;
    sample(now);
}

Reading Meter::read(Instant now)
{
    if (started_) sample(now);
    return reading();
}

Reading Meter::stop(Instant now)
{
    auto last = read(now);
    started_ = false;
    return last;
}

}  // namespace fedgram::energy
