#include "common/files/files.hpp"

#include <fstream>
#include <iterator>

#include "common/error/error.hpp"

namespace fedgram::files {

namespace {

[[nodiscard]] bool written(const std::filesystem::path& file, std::string_view text)
{
    std::ofstream stream{file, std::ios::binary | std::ios::trunc};
    stream << text << std::flush;
    return static_cast<bool>(stream);
}

}  // namespace

std::optional<std::string> try_read_file(const std::filesystem::path& path)
{
    // A folder can be opened as a file, but not read.
    std::ifstream stream{path, std::ios::binary};
    if (!stream || std::filesystem::is_directory(path)) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{stream}, {}};
}

std::string read_file(const std::filesystem::path& path)
{
    if (auto text = try_read_file(path)) return *std::move(text);
    throw SystemError{path.string() + " can't be read; is it there?"};
}

void write_file(const std::filesystem::path& path, std::string_view text)
{
    std::error_code error;
    const bool is_new = !std::filesystem::exists(path, error);
    // A pipe or a device takes the text itself: a rename would put a file in its place.
    const bool renames = is_new || std::filesystem::is_regular_file(path, error);
    const std::filesystem::path file = renames ? path.string() + ".tmp" : path.string();
    if (!written(file, text)) {
        if (renames) std::filesystem::remove(file, error);
        throw SystemError{path.string() + " can't be written; choose another place, or free space there"};
    }
    if (!renames) return;
    std::filesystem::rename(file, path, error);
    if (error) throw SystemError{path.string() + " can't be written: " + error.message()};
}

}  // namespace fedgram::files
