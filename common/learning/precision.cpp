#include "common/learning/precision.hpp"

#include "common/error/error.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/spec/optimizer_of.hpp"

namespace fedgram::learning {

std::string missing_for_bf16() { return native::missing_for_bf16(); }

void check_precision(const spec::Training& training)
{
    if (spec::optimizer_of(training).precision == spec::Precision::float32) return;
    if (const auto missing = missing_for_bf16(); !missing.empty())
        throw SystemError{"trainings." + training.label + ".precision: " + missing};
}

}  // namespace fedgram::learning
