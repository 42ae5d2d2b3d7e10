#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fedgram::command_line {

/// What --help says of a program, or of one of its subcommands, as a page of man(1) in roff. So the two never differ.
/// A subcommand's page bears the names of both: fedgram-run. `see_also` are names of other pages.
[[nodiscard]] std::string manual_page(const CLI::App& app, const std::string& version,
                                      const std::vector<std::string>& see_also);

/// The name of an app's page, without its section.
[[nodiscard]] std::string manual_page_name(const CLI::App& app);

/// `text` as roff shows it sign by sign: none of it is a request or an escape, and dashes and quotes stay what a shell
/// takes.
[[nodiscard]] std::string as_roff(const std::string& text);

}  // namespace fedgram::command_line
