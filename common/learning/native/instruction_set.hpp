#pragma once

#include <string_view>
#include <vector>

namespace fedgram::learning::native {

/// What the kernels are compiled for. AVX2 and AVX-512 fuse each multiplication with its addition and add in the same
/// order, so they give the same bits; the portable kernels round in between.
enum class InstructionSet { portable, avx2, avx512 };

[[nodiscard]] std::string_view name(InstructionSet set);

/// Those that this program has kernels for and this CPU can run, the fastest last.
[[nodiscard]] std::vector<InstructionSet> usable_instruction_sets();

}  // namespace fedgram::learning::native
