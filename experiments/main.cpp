#include <cstdio>
#include <iostream>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "experiments/commands/command_line.hpp"

namespace {

/// Throws SystemError where what was printed has not arrived, as on a full disk.
void finish_output()
{
    std::cout.flush();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout)
        throw fedgram::SystemError{"standard output can't be written; choose another place, or free space there"};
}

}  // namespace

int main(int argc, char** argv)
{
    int code = 0;
    const int failure = fedgram::exit_code_of("fedgram", [&] {
        if (const auto command = fedgram::experiments::parse_command_line(argc, argv)) code = (*command)();
        if (code == 0) finish_output();
    });
    return failure != 0 ? failure : code;
}
