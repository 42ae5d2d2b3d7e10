#include "experiments/commands/man.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "experiments/commands/command_set.hpp"

namespace fedgram::experiments {

namespace {

struct ManOptions {
    std::string command;
    std::optional<std::filesystem::path> out;
    const CommandSet* commands;
};

int man(const ManOptions& options)
{
    const auto pages = options.commands->manual_pages({"fedgram-coordinator", "fedgram-client", "fedgram-serve"});
    if (options.out) {
        std::error_code told_by_write_file;
        std::filesystem::create_directories(*options.out, told_by_write_file);
        for (const auto& [name, text] : pages) files::write_file(*options.out / (name + ".1"), text);
        return 0;
    }
    const auto page = pages.find(options.command.empty() ? "fedgram" : "fedgram-" + options.command);
    if (page == pages.end())
        throw SpecError{"man: \"" + options.command + "\" is no command; `fedgram --help` lists them"};
    std::cout << page->second;
    return 0;
}

}  // namespace

void add_man(CommandSet& commands)
{
    const auto options = std::make_shared<ManOptions>(ManOptions{{}, {}, &commands});
    const auto sub = commands.add("man", "Print a command's help as a manual page",
                                  "  fedgram man run | man -l -\n"
                                  "  fedgram man --out ~/.local/share/man/man1     # all pages",
                                  man, options);
    const auto command =
        sub.option("command", &options->command, "The command (default: fedgram itself)").type_name("COMMAND");
    sub.option("--out", &options->out, "Folder to write the pages of all commands to")
        .type_name("DIR")
        .excludes(command);
}

}  // namespace fedgram::experiments
