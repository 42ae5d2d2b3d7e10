#include "experiments/commands/page_file.hpp"

#include <fstream>
#include <string>
#include <string_view>

#include "common/error/error.hpp"

namespace fedgram::experiments {

namespace {

/// `what` it is, with the option that names it: "page; choose another --html".
void refuse_unless(const std::filesystem::path& file, std::string_view beginning, const std::string& what)
{
    if (!std::filesystem::exists(file)) return;
    // Of a device or a pipe one might read for ever.
    std::string begins;
    if (std::filesystem::is_regular_file(file)) {
        std::ifstream text{file, std::ios::binary};
        begins.resize(beginning.size());
        text.read(begins.data(), static_cast<std::streamsize>(begins.size()));
    }
    if (begins != beginning) throw SystemError{file.string() + " is there and no " + what};
}

}  // namespace

void refuse_unless_page(const std::filesystem::path& file)
{
    refuse_unless(file, "<!DOCTYPE html>", "page; choose another --html");
}

void refuse_unless_drawing(const std::filesystem::path& file)
{
    refuse_unless(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"",
                  "drawing; choose another --svg");
}

}  // namespace fedgram::experiments
