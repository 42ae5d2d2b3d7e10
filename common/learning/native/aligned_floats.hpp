#pragma once

#include <cstddef>
#include <vector>

#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// Memory that begins on a cache line. Much of it lies on huge pages, if the kernel has some: passes over more than the
/// cache holds wait less for addresses to be looked up.
[[nodiscard]] void* allocate_aligned(std::size_t bytes);
void deallocate_aligned(void* memory, std::size_t bytes);

/// Puts a buffer on a cache line, so that a register's load touches one line and not two.
template <class Value>
struct CacheLineAllocator {
    using value_type = Value;
    CacheLineAllocator() = default;
    template <class Other>
    CacheLineAllocator(const CacheLineAllocator<Other>&)
    {
    }

    [[nodiscard]] Value* allocate(std::size_t count)
    {
        return static_cast<Value*>(allocate_aligned(count * sizeof(Value)));
    }
    void deallocate(Value* memory, std::size_t count) { deallocate_aligned(memory, count * sizeof(Value)); }

    friend bool operator==(CacheLineAllocator, CacheLineAllocator) { return true; }
};

using AlignedFloats = std::vector<float, CacheLineAllocator<float>>;

/// Where so many floats have room in a buffer that only grows. Kernels may read a lane_block behind them.
[[nodiscard]] inline float* room(AlignedFloats& buffer, std::size_t floats)
{
    if (buffer.size() < floats + lane_block) buffer.resize(floats + lane_block);
    return buffer.data();
}

}  // namespace fedgram::learning::native
