#include "common/error/exit_code.hpp"
#include "experiments/commands/command_line.hpp"

int main(int argc, char** argv)
{
    return fedgram::exit_code_of("fedgram", [&] {
        const auto command = fedgram::experiments::parse_command_line(argc, argv);
        return command ? (*command)() : 0;
    });
}
