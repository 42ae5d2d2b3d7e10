#include "common/energy/meters/sysfs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "common/files/descriptor.hpp"

namespace fedgram::energy {

namespace {

namespace fs = std::filesystem;

std::string failure(const fs::path& file, int error)
{
    return file.string() + ": " + std::generic_category().message(error);
}

template <class Number>
Attempt<Number> read_number(const fs::path& file)
{
    const auto text = read_text(file);
    if (!text) return Attempt<Number>::missing(text.reason());
    Number number{};
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc{} || stop != end)
        return Attempt<Number>::missing(file.string() + ": \"" + *text + "\" is no reading");
    return number;
}

}  // namespace

Attempt<std::string> read_text(const fs::path& file)
{
    // Not a stream: a stream doesn't say why it failed, and the remedy depends on that.
    const files::Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (descriptor.number() < 0) return Attempt<std::string>::missing(failure(file, errno));
    char buffer[4096];  // a sysfs file is at most a page
    const auto size = ::read(descriptor.number(), buffer, sizeof buffer);
    if (size < 0) return Attempt<std::string>::missing(failure(file, errno));
    std::string text(buffer, static_cast<std::size_t>(size));
    text.erase(text.find_last_not_of(" \n\t") + 1);
    return text;
}

Attempt<std::uint64_t> read_count(const fs::path& file) { return read_number<std::uint64_t>(file); }

Attempt<std::int64_t> read_signed(const fs::path& file) { return read_number<std::int64_t>(file); }

std::vector<fs::path> entries(const fs::path& folder)
{
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
        paths.push_back(entry->path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace fedgram::energy
