#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace fedgram::datasets::test {

using fedgram::test::TemporaryFolder;
using Bytes = std::vector<std::uint8_t>;

inline Bytes idx_bytes(std::initializer_list<std::uint32_t> sizes, const Bytes& values)
{
    Bytes bytes{0, 0, 8, static_cast<std::uint8_t>(sizes.size())};
    for (const auto size : sizes)
        for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(size >> shift));
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

inline std::filesystem::path write(const std::filesystem::path& path, const Bytes& bytes)
{
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error{"can't write " + path.string()};
    return path;
}

inline Bytes gzipped(const Bytes& bytes)
{
    const TemporaryFolder folder;
    const auto path = folder.path() / "packed";
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    std::ifstream packed{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{packed}, {}};
}

/// What the call's Exception says.
template <class Exception, class Call>
std::string message_of(Call call)
{
    try {
        call();
    } catch (const Exception& error) {
        return error.what();
    }
    throw std::runtime_error{"nothing was thrown"};
}

}  // namespace fedgram::datasets::test
