#include "common/learning/int8/instruction_set.hpp"

#include "common/learning/native/instruction_set.hpp"

namespace fedgram::learning::int8 {

std::string_view name(InstructionSet set)
{
    switch (set) {
        case InstructionSet::avx512_vnni:
            return "AVX-512 VNNI";
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
    std::vector<InstructionSet> usable;
    for (const auto set : native::usable_instruction_sets()) {
        switch (set) {
            case native::InstructionSet::portable:
                usable.push_back(InstructionSet::portable);
                break;
            case native::InstructionSet::avx2:
                usable.push_back(InstructionSet::avx2);
                break;
            case native::InstructionSet::avx512:
                usable.push_back(InstructionSet::avx512);
#ifdef FEDGRAM_X86_KERNELS
                if (__builtin_cpu_supports("avx512vnni")) usable.push_back(InstructionSet::avx512_vnni);
#endif
                break;
        }
    }
    return usable;
}

}  // namespace fedgram::learning::int8
