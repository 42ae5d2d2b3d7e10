#include "experiments/analyzing/server_process.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "common/error/error.hpp"

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
    : process_{sibling_program("fedgram-serve"), words(model, options), ChildProcess::Output::pipe}
{
    const auto line = first_line(process_.output());
    if (!line.starts_with(announcement)) throw ProtocolError{"fedgram-serve ended before it listened"};
    address_ = line.substr(announcement.size());
}

}  // namespace fedgram::experiments
