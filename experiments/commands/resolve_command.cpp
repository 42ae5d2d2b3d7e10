#include "experiments/commands/resolve_command.hpp"

#include <iostream>

#include "common/files/files.hpp"

namespace fedgram::experiments {

int resolve_command(const ResolveOptions& options)
{
    const auto text = specification_text(resolved_specification(options.choice));
    if (options.out)
        write_file(*options.out, text);
    else
        std::cout << text;
    return 0;
}

}  // namespace fedgram::experiments
