#include "common/files/files.hpp"

#include <fstream>
#include <iterator>

#include "common/error/error.hpp"

namespace fedgram::files {

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
    const auto temporary = path.string() + ".tmp";
    {
        std::ofstream stream{temporary, std::ios::binary | std::ios::trunc};
        stream << text << std::flush;
        if (!stream) {
            std::error_code ignored;
            std::filesystem::remove(temporary, ignored);
            throw SystemError{path.string() + " can't be written; choose another place, or free space there"};
        }
    }
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) throw SystemError{path.string() + " can't be written: " + error.message()};
}

}  // namespace fedgram::files
