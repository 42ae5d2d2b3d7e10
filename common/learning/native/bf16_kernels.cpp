#include "common/learning/native/bf16_kernels.hpp"

#include <algorithm>

namespace fedgram::learning::native {

#ifdef FEDGRAM_X86_KERNELS
const Bf16Kernels& avx512_bf16_kernels();
#endif

const Bf16Kernels* bf16_kernels()
{
#ifdef FEDGRAM_X86_KERNELS
    const auto usable = usable_instruction_sets();
    if (std::ranges::find(usable, InstructionSet::avx512) != usable.end() && __builtin_cpu_supports("avx512bf16"))
        return &avx512_bf16_kernels();
#endif
    return nullptr;
}

std::string missing_for_bf16()
{
    if (bf16_kernels() != nullptr) return {};
    return "\"bf16\" takes a CPU with AVX-512 and its BF16 instructions (avx512_bf16 in /proc/cpuinfo), which this one "
           "lacks; use \"float32\" or another machine";
}

}  // namespace fedgram::learning::native
