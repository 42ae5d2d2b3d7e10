#include "datasets/readers/memory_need.hpp"

#include <system_error>

#include "common/error/error.hpp"

namespace fedgram::datasets {

void refuse_memory(const std::string& what, std::uint64_t bytes)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    const auto need = bytes == 0 ? "more memory than there is"
                                 : std::to_string((bytes + megabyte - 1) / megabyte) +
                                       " MB of memory at least, and there is not enough";
    throw SystemError{what + ": needs " + need + "; free some, raise ulimit -v, or use less data"};
}

std::uint64_t bytes_in(const std::filesystem::path& file)
{
    std::error_code unreadable;
    const auto size = std::filesystem::file_size(file, unreadable);
    return unreadable ? 0 : size;
}

}  // namespace fedgram::datasets
