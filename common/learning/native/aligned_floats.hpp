#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// Puts a buffer on a cache line, so that a register's load touches one line and not two.
template <class Value>
struct CacheLineAllocator {
    using value_type = Value;
    static constexpr std::align_val_t alignment{64};

    CacheLineAllocator() = default;
    template <class Other>
    CacheLineAllocator(const CacheLineAllocator<Other>&)
    {
    }

    [[nodiscard]] Value* allocate(std::size_t count)
    {
        return static_cast<Value*>(::operator new(count * sizeof(Value), alignment));
    }
    void deallocate(Value* memory, std::size_t) { ::operator delete(memory, alignment); }

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
