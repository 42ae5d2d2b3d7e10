#include "common/command_line/empty_values.hpp"

#include <CLI/CLI.hpp>

namespace fedgram::command_line {

void refuse_empty(CLI::Option& option, const std::string& what_is_right)
{
    // CLI11 places what transforms before what checks.
    option.transform(CLI::Validator{[what_is_right](const std::string& value) {
                                        return value.empty() ? "is empty; " + what_is_right : std::string{};
                                    },
                                    ""});
}

void refuse_empty_values(CLI::App& app)
{
    for (auto* option : app.get_options()) refuse_empty(*option, "give a value or leave it out");
}

}  // namespace fedgram::command_line
