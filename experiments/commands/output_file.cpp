#include "experiments/commands/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "common/error/error.hpp"
#include "common/files/descriptor.hpp"

namespace fedgram::experiments {

void refuse_unless_writable(const std::filesystem::path& file, const std::string& option)
{
    const auto refuse = [&](const std::string& why) {
        throw SystemError{option + ": " + file.string() + " " + why + "; choose another " + option};
    };
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) refuse("is a folder");
    if (!file.has_filename()) refuse("names no file");
    if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error)) return;
    // files::write_file begins there.
    const auto beside = file.string() + ".tmp";
    const files::Descriptor made{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (made.number() < 0 && errno != EEXIST) refuse(std::string{"can't be written: "} + std::strerror(errno));
    if (made.number() >= 0) ::unlink(beside.c_str());
}

bool is_same_file(const std::filesystem::path& one, const std::filesystem::path& other)
{
    const auto place = [](const std::filesystem::path& file) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(file));
    };
    return !one.empty() && !other.empty() && place(one) == place(other);
}

}  // namespace fedgram::experiments
