#include "experiments/commands/page_file.hpp"

#include "common/error/error.hpp"
#include "common/files/files.hpp"

namespace fedgram::experiments {

void refuse_unless_page(const std::filesystem::path& file)
{
    if (const auto there = files::try_read_file(file); there && !there->starts_with("<!DOCTYPE html>"))
        throw SystemError{file.string() + " is there and no page; choose another --html"};
}

}  // namespace fedgram::experiments
