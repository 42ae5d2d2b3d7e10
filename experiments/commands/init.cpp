#include "experiments/commands/init.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/lookup/shipped_files.hpp"

namespace fedgram::experiments {

int init(const InitOptions& options)
{
    const auto file = options.file.string();
    std::error_code none;
    if (std::filesystem::exists(std::filesystem::symlink_status(options.file, none)))
        throw SystemError{file + " is there already; name another file, nothing is overwritten"};
    const auto shipped = std::ranges::find(shipped_files(), "specs/templates/specification.json", &ShippedFile::path);
    files::write_file(options.file, shipped->text);
    std::cout << file << " is written; `fedgram run " << file << "` carries it out\n";
    return 0;
}

void add_init(CommandSet& commands)
{
    const auto options = std::make_shared<InitOptions>();
    const auto sub = commands.add("init", "Write a specification to start from, with what each key means",
                                  "  fedgram init\n"
                                  "  fedgram init my.json && fedgram run my.json --out results/mine",
                                  init, options);
    sub.option("file", &options->file, "The file to write, which isn't there yet").type_name("FILE").shows_default();
}

}  // namespace fedgram::experiments
