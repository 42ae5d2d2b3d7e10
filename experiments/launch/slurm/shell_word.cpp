#include "experiments/launch/slurm/shell_word.hpp"

namespace fedgram::experiments::slurm {

std::string shell_word(std::string_view word)
{
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + "'";
}

}  // namespace fedgram::experiments::slurm
