#include "common/command_line/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace fedgram::command_line {

namespace {

std::string_view variable(const char* name)
{
    const auto* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

Terminal Terminal::of_standard_error()
{
    const bool moves = ::isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb";
    return {moves, moves && variable("NO_COLOR").empty()};
}

std::size_t Terminal::width()
{
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

std::string line_start() { return Terminal::of_standard_error().moves ? "\r\033[K" : ""; }

}  // namespace fedgram::command_line
