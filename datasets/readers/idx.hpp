#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace fedgram::datasets {

/// The contents of an IDX file of unsigned bytes (the format of MNIST and its kin).
struct Idx {
    std::vector<std::uint32_t> sizes;  ///< one for each dimension, outermost first
    std::vector<std::uint8_t> values;  ///< as many as the product of the sizes, the last dimension running fastest
};

/// Reads an IDX file of unsigned bytes in `dimensions` dimensions, or in any number of them, plain or gzipped (told
/// apart by content, not by name). Throws DataError with the path, what was found and what was expected, when the file
/// can't be opened, has another magic number, holds fewer or more bytes than its header says, or is cut off or damaged
/// inside its gzip.
[[nodiscard]] Idx read_idx(const std::filesystem::path& path, std::optional<std::size_t> dimensions = {});

}  // namespace fedgram::datasets
