#include "experiments/analyzing/machine_text.hpp"

#include "common/energy/meters/host.hpp"
#include "common/learning/native/instruction_set.hpp"

namespace fedgram::experiments {

std::string machine_text()
{
    const auto cores = energy::usable_cores();
    const auto set = learning::native::usable_instruction_sets().back();
    return energy::cpu_model().value_or("a processor without a name") + ", " +
           std::string{learning::native::name(set)} + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores");
}

}  // namespace fedgram::experiments
