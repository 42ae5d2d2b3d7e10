#pragma once

#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace fedgram::command_line {

/// The empty value, which a script makes of a variable that isn't set, is an error: "--pue: is empty; WHAT_IS_RIGHT".
/// Not of an option that may stand without a value. Comes before the option's other checks.
void refuse_empty(CLI::Option& option, const std::string& what_is_right);

/// The same of all options that `app` has by now.
void refuse_empty_values(CLI::App& app);

}  // namespace fedgram::command_line
