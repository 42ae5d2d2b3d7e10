#include "common/error/exit_code.hpp"
#include "experiments/commands/command_line.hpp"

int main(int argc, char** argv)
{
    int code = 0;
    const int failure = fedgram::exit_code_of("fedgram", [&] {
        if (const auto command = fedgram::experiments::parse_command_line(argc, argv)) code = (*command)();
    });
    return failure != 0 ? failure : code;
}
