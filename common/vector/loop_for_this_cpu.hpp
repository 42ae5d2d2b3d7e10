#pragma once

namespace fedgram {

/// One loop, compiled for several instruction sets. The compiler makes the vector instructions. It fuses no
/// multiply-adds (CMakeLists.txt), so the results are the same bits in each.
template <auto Loop, class Signature = decltype(&decltype(Loop)::operator())>
class InstructionSets;

template <auto Loop, class Type, class Result, class... Arguments>
class InstructionSets<Loop, Result (Type::*)(Arguments...) const> {
public:
    using Function = Result (*)(Arguments...);

    static Function best_here()
    {
#if defined(__x86_64__)
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("avx512vl"))
            return avx512;
        if (__builtin_cpu_supports("avx2")) return avx2;
#endif
        return portable;
    }

private:
#if defined(__x86_64__)
    [[gnu::target("avx512f,avx512dq,avx512vl")]] static Result avx512(Arguments... arguments)
    {
        return Loop(arguments...);
    }
    [[gnu::target("avx2")]] static Result avx2(Arguments... arguments) { return Loop(arguments...); }
#endif
    static Result portable(Arguments... arguments) { return Loop(arguments...); }
};

/// The best that this CPU has of `Loop`, a constexpr lambda without captures that is `[[gnu::always_inline]]`.
template <auto Loop>
inline const auto for_this_cpu = InstructionSets<Loop>::best_here();

}  // namespace fedgram
