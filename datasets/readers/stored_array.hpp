#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// An array as an IDX or a NumPy file holds it, row-major: the first size counts samples.
struct StoredArray {
    std::string where;  ///< the file, or the file and the array's name in it
    std::vector<std::uint32_t> sizes;
    std::variant<std::vector<std::uint8_t>, std::vector<float>, std::vector<std::int64_t>, std::vector<std::string>>
        values;
};

/// What NumPy's `save` writes (format versions 1 to 3, little-endian; whole numbers, floats and texts). `where` names
/// the bytes in errors. Throws DataError for anything else: what was found, what would be right.
[[nodiscard]] StoredArray parse_npy(std::string_view bytes, const std::string& where);
/// A .npy file, plain or gzipped.
[[nodiscard]] StoredArray read_npy(const std::filesystem::path& path);
/// The array of that name in what NumPy's `savez` or `savez_compressed` writes. Throws DataError when there is none
/// (lists the names).
[[nodiscard]] StoredArray read_npz(const std::filesystem::path& path, const std::string& name);
/// An IDX file of unsigned bytes in any number of dimensions.
[[nodiscard]] StoredArray read_idx_array(const std::filesystem::path& path);

/// Samples with their labels; `nodes` may be null. Throws DataError where counts differ, labels are no whole numbers or
/// texts, or a sample is no finite number that a float can hold.
[[nodiscard]] RawSamples samples_of(StoredArray samples, const StoredArray& labels, const StoredArray* nodes);

}  // namespace fedgram::datasets
