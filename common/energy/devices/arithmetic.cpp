#include "common/energy/devices/arithmetic.hpp"

#include <array>

namespace fedgram::energy {

namespace {

struct ArithmeticWord {
    Arithmetic arithmetic;
    std::string_view word;
    std::uint64_t bytes;
};

constexpr std::array<ArithmeticWord, 5> words{{
    {Arithmetic::fp32, "fp32", 4},
    {Arithmetic::fp16, "fp16", 2},
    {Arithmetic::bf16, "bf16", 2},
    {Arithmetic::block_fp8, "block-fp8", 1},
    {Arithmetic::int8, "int8", 1},
}};

}  // namespace

std::string_view name(Arithmetic arithmetic) { return words[static_cast<std::size_t>(arithmetic)].word; }

std::uint64_t bytes_of(Arithmetic arithmetic) { return words[static_cast<std::size_t>(arithmetic)].bytes; }

std::vector<Arithmetic> all_arithmetic()
{
    std::vector<Arithmetic> all;
    for (const auto& word : words) all.push_back(word.arithmetic);
    return all;
}

}  // namespace fedgram::energy
