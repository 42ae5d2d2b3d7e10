#include "common/learning/engine/engine.hpp"

#include "common/error/error.hpp"

namespace fedgram::learning {

std::unique_ptr<Replica> Engine::device_replica(const Model&, const spec::Optimizer&, const std::string& device)
{
    throw SpecError{"\"" + device + "\": " + missing_for_cuda()};
}

std::string Engine::missing_for_cuda() const
{
    return "the " + info().name + " engine computes on the processor alone; use the torch engine";
}

}  // namespace fedgram::learning
