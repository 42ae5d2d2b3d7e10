#include "experiments/commands/page_file.hpp"

#include <fstream>
#include <string>
#include <string_view>

#include "common/error/error.hpp"

namespace fedgram::experiments {

void refuse_unless_page(const std::filesystem::path& file)
{
    constexpr std::string_view beginning = "<!DOCTYPE html>";
    if (!std::filesystem::exists(file)) return;
    // Of a device or a pipe one might read for ever.
    std::string begins;
    if (std::filesystem::is_regular_file(file)) {
        std::ifstream text{file, std::ios::binary};
        begins.resize(beginning.size());
        text.read(begins.data(), static_cast<std::streamsize>(begins.size()));
    }
    if (begins != beginning) throw SystemError{file.string() + " is there and no page; choose another --html"};
}

}  // namespace fedgram::experiments
