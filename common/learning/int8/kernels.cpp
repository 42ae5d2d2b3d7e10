#include "common/learning/int8/kernels.hpp"

namespace fedgram::learning::int8 {

// Each is compiled for its own instruction set, in a file of its own.
const Kernels& portable_kernels();
#ifdef FEDGRAM_X86_KERNELS
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
const Kernels& avx512_vnni_kernels();
#endif

const Kernels& kernels([[maybe_unused]] InstructionSet set)
{
#ifdef FEDGRAM_X86_KERNELS
    if (set == InstructionSet::avx512_vnni) return avx512_vnni_kernels();
    if (set == InstructionSet::avx512) return avx512_kernels();
    if (set == InstructionSet::avx2) return avx2_kernels();
#endif
    return portable_kernels();
}

}  // namespace fedgram::learning::int8
