#pragma once

#include <cstdint>
#include <filesystem>
#include <new>
#include <string>
#include <utility>

namespace fedgram::datasets {

/// Throws SystemError: "WHAT: needs 12 MB of memory at least, ..."; of 0 bytes, which aren't known, without the number.
[[noreturn]] void refuse_memory(const std::string& what, std::uint64_t bytes);

/// The size of a file; of one that can't be asked, 0.
[[nodiscard]] std::uint64_t bytes_in(const std::filesystem::path& file);

/// What `read` gives. `bytes` is the least that `what`, a file, a part of one or a dataset, takes; where there isn't
/// enough, a SystemError says so.
template <class Read>
decltype(auto) with_memory_for(const std::string& what, std::uint64_t bytes, Read&& read)
{
    try {
        return std::forward<Read>(read)();
    } catch (const std::bad_alloc&) {
        refuse_memory(what, bytes);
    }
}

}  // namespace fedgram::datasets
