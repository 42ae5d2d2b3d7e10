#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/idx_files.hpp"

// Files of a user's own data, written by other libraries than our readers' code.
namespace fedgram::datasets::test {

/// What numpy.save writes: format version 1, `type` as NumPy has it ("|u1", "<f4"), the values' bytes behind it.
[[nodiscard]] std::string npy_bytes(const std::string& type, const std::vector<std::uint32_t>& sizes,
                                    const std::string& values, const std::string& fortran_order = "False");
template <class Element>
[[nodiscard]] std::string raw(const std::vector<Element>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Element)};
}

/// An archive of such arrays, each under its name, packed.
void write_npz(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& arrays);

/// `channels` (1 or 3) behind one another in each pixel.
void write_png(const std::filesystem::path& path, std::uint32_t height, std::uint32_t width, std::uint32_t channels,
               const Bytes& pixels);
void write_jpeg(const std::filesystem::path& path, std::uint32_t height, std::uint32_t width, const Bytes& grey);

}  // namespace fedgram::datasets::test
