#include "common/learning/native/aligned_floats.hpp"

#include <sys/mman.h>

#include <new>

namespace fedgram::learning::native {

namespace {

constexpr std::size_t cache_line = 64;
constexpr std::size_t huge_page = 2'097'152;

// Less than this isn't worth the alignment.
constexpr std::size_t huge_from = 2 * huge_page;

std::align_val_t alignment(std::size_t bytes) { return std::align_val_t{bytes < huge_from ? cache_line : huge_page}; }

}  // namespace

void* allocate_aligned(std::size_t bytes)
{
    void* const memory = ::operator new(bytes, alignment(bytes));
    // A kernel that refuses leaves the pages as they are, which costs time alone.
    if (bytes >= huge_from) static_cast<void>(madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE));
    return memory;
}

void deallocate_aligned(void* memory, std::size_t bytes) { ::operator delete(memory, alignment(bytes)); }

}  // namespace fedgram::learning::native
