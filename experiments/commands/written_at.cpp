#include "experiments/commands/written_at.hpp"

#include <sys/stat.h>

#include <chrono>

#include "common/text/utc_time.hpp"

namespace fedgram::experiments {

std::string written_at(const std::filesystem::path& path)
{
    struct ::stat status {};
    if (::stat(path.c_str(), &status) != 0) return "";
    return text::utc_text(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::from_time_t(status.st_mtime)));
}

}  // namespace fedgram::experiments
