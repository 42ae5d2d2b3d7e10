#include "common/energy/work/work.hpp"

namespace fedgram::energy {

std::string_view name(Phase phase)
{
    switch (phase) {
        case Phase::download:
            return "download";
        case Phase::train:
            return "train";
        case Phase::upload:
            return "upload";
        case Phase::idle:
            return "idle";
        case Phase::evaluate:
            return "evaluate";
        case Phase::aggregate:
            return "aggregate";
    }
    return "";  // unreachable: all phases are above
}

Work& Work::operator+=(const Work& other)
{
    samples += other.samples;
    steps += other.steps;
    flops += other.flops;
    memory_bytes += other.memory_bytes;
    kernels += other.kernels;
    bytes_down += other.bytes_down;
    bytes_up += other.bytes_up;
    return *this;
}

}  // namespace fedgram::energy
