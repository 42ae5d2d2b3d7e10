#include "common/learning/native/instruction_set.hpp"

namespace fedgram::learning::native {

std::string_view name(InstructionSet set)
{
    switch (set) {
        case InstructionSet::avx512:
            return "AVX-512";
        case InstructionSet::avx2:
            return "AVX2";
        case InstructionSet::portable:
            break;
    }
    return "portable";
}

std::vector<InstructionSet> usable_instruction_sets()
{
    std::vector<InstructionSet> usable{InstructionSet::portable};
#ifdef FEDGRAM_X86_KERNELS
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        usable.push_back(InstructionSet::avx2);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
            usable.push_back(InstructionSet::avx512);
    }
#endif
    return usable;
}

}  // namespace fedgram::learning::native
