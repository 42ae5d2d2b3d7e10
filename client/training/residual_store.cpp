#include "client/training/residual_store.hpp"

#include <charconv>
#include <cstring>
#include <system_error>

#include "common/error/error.hpp"
#include "common/files/files.hpp"

namespace fedgram::client {

namespace {

std::filesystem::path file_of(const std::filesystem::path& folder, std::uint32_t node, std::uint32_t round)
{
    return folder / std::to_string(node) / std::to_string(round);
}

}  // namespace

std::optional<std::vector<float>> ResidualStore::read(std::uint32_t node, std::uint32_t round, std::size_t size) const
{
    const auto bytes = files::try_read_file(file_of(folder_, node, round));
    if (!bytes || bytes->size() != size * sizeof(float)) return std::nullopt;
    std::vector<float> residual(size);
    std::memcpy(residual.data(), bytes->data(), bytes->size());
    return residual;
}

void ResidualStore::write(std::uint32_t node, std::uint32_t round, std::span<const float> residual)
{
    const auto file = file_of(folder_, node, round);
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error)
        throw SystemError{file.parent_path().string() + " can't be made: " + error.message() +
                          "; choose another --state-dir"};
    const auto bytes = std::as_bytes(residual);
    files::write_file(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void ResidualStore::forget_before(std::uint32_t node, std::uint32_t round)
{
    std::error_code unreadable;
    std::vector<std::filesystem::path> earlier;
    for (const auto& entry : std::filesystem::directory_iterator{folder_ / std::to_string(node), unreadable}) {
        const auto name = entry.path().filename().string();
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc{} && end == name.data() + name.size() && number < round) earlier.push_back(entry.path());
    }
    for (const auto& file : earlier) std::filesystem::remove(file, unreadable);
}

}  // namespace fedgram::client
