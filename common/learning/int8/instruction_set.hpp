#pragma once

#include <string_view>
#include <vector>

namespace fedgram::learning::int8 {

/// What the kernels are compiled for. Sums of integers are exact, so all of them give the same bits.
enum class InstructionSet { portable, avx2, avx512, avx512_vnni };

[[nodiscard]] std::string_view name(InstructionSet set);

/// Those that this program has kernels for and this CPU can run, the fastest last.
[[nodiscard]] std::vector<InstructionSet> usable_instruction_sets();

}  // namespace fedgram::learning::int8
