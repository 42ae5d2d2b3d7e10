#include "experiments/analyzing/server_process.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/printable.hpp"

namespace fedgram::experiments {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{30};
constexpr std::string_view announcement = "listening ";

std::vector<std::string> words(const std::filesystem::path& model, const std::vector<std::string>& options)
{
    std::vector<std::string> words{model.string(), "--listen", "127.0.0.1:0"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
}

files::Descriptor file_in_memory()
{
    files::Descriptor file{::memfd_create("fedgram-serve", MFD_CLOEXEC)};
    if (file.number() < 0) throw errno_error("fedgram-serve can't be started");
    return file;
}

std::string path_of(const files::Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.number()); }

/// Without the program's name.
std::string last_line(const files::Descriptor& file)
{
    constexpr std::string_view name = "fedgram-serve: ";
    auto text = files::read_file(path_of(file));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const auto line = text.substr(text.rfind('\n') + 1);
    return text::printable(line.starts_with(name) ? line.substr(name.size()) : line);
}

/// What comes up to the end of the line, or of the file.
std::string first_line(int file)
{
    std::string said;
    const auto give_up = Clock::now() + patience;
    while (said.find('\n') == std::string::npos) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - Clock::now());
        pollfd waiting{file, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0)
            throw ProtocolError{"fedgram-serve doesn't listen after " + std::to_string(patience.count()) + " s"};
        std::array<char, 256> buffer;
        const auto count = ::read(file, buffer.data(), buffer.size());
        if (count <= 0) break;
        said.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return said.substr(0, said.find('\n'));
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& model, const std::vector<std::string>& options)
    : said_{file_in_memory()},
      process_{sibling_program("fedgram-serve"), words(model, options), ChildProcess::Output::pipe, path_of(said_)}
{
    const auto line = first_line(process_.output());
    if (!line.starts_with(announcement)) {
        const auto how = ending();
        throw ProtocolError{"fedgram-serve ended before it listened" + (how ? ", by " + *how : std::string{})};
    }
    address_ = line.substr(announcement.size());
}

std::optional<std::string> ServerProcess::ending()
{
    // Its connections are closed before it has quite ended.
    const auto give_up = Clock::now() + std::chrono::seconds{1};
    while (process_.running() && !process_.has_just_ended()) {
        if (Clock::now() > give_up) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    const auto line = last_line(said_);
    return process_.exit()->text() + (line.empty() ? "" : ": " + line);
}

}  // namespace fedgram::experiments
