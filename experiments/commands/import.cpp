#include "experiments/commands/import.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <span>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/spec/plain_name.hpp"
#include "common/spec/utf8.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/output_folder.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/importing/imported_run.hpp"
#include "experiments/importing/recorded_work.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

std::string name_of(const ImportOptions& options)
{
    auto name = options.name.empty() ? options.file.stem().string() : options.name;
    if (!spec::is_plain_name(name))
        throw SpecError{"--name: \"" + name + "\" is not valid; use " + std::string{spec::plain_name_words}};
    return name;
}

/// A name that statements print.
void check_words(const char* option, const std::string& words)
{
    const bool printable =
        spec::is_utf8(words) && std::ranges::none_of(words, [](unsigned char c) { return c < 0x20; });
    if (words.empty() || !printable)
        throw SpecError{std::string{option} + ": is empty, no UTF-8, or holds a control character; use plain words"};
}

}  // namespace

int import_work(const ImportOptions& options)
{
    check_words("--model", options.model);
    check_words("--dataset", options.dataset);
    if (std::filesystem::is_directory(options.file))
        throw DataError{options.file.string() + " is a folder; name the CSV file"};
    const auto text = files::read_file(options.file);
    const auto work = parse_recorded_work(text, options.file.string());
    const ImportSource source{name_of(options), options.model, options.dataset, options.file.filename().string(),
                              files::sha256(std::as_bytes(std::span{text}))};
    const auto accounting =
        assumed(carbon::parse_accounting(nlohmann::ordered_json::object(), accounting_lookup()), options.assumptions);
    if (options.out) check_output_folder(*options.out);
    const auto folder = make_run_folder(options.out, source.name, imported_spec(work, source, accounting));
    std::string screen;
    try {
        write_imported_run(folder, work, source, accounting);
        const auto priced = priced_run(folder, options.assumptions);
        refuse_idle_options(std::array{&priced});
        screen = write_tables(folder);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
        throw;
    }
    std::cout << (options.full ? files::read_file(folder / "table.txt") : screen) << std::flush;
    std::cerr << "results are in " << folder.string() << "\n";
    return 0;
}

void add_import(CommandSet& commands)
{
    const auto options = std::make_shared<ImportOptions>();
    const auto sub =
        commands.add("import", "Price what another framework trained, from a CSV file of its work",
                     "  fedgram import flower.csv\n"
                     "  fedgram import flower.csv --name flower --countries DEU,FRA --edge-device jetson-nano\n"
                     "The file has a row for each training, round and node; its columns are training, round,\n"
                     "node (empty in a centralized training), samples, steps, flops (2 per multiply-add, with\n"
                     "the backward pass), bytes_down and bytes_up; kernels, memory_bytes and test_accuracy\n"
                     "may stand beside them.",
                     import_work, options);
    sub.option("file", &options->file, "The CSV file").required().type_name("FILE");
    sub.option("--out", &options->out, "Folder for the run (default: results/NAME-TIME)").type_name("DIR");
    sub.option("--name", &options->name, "Of the run (default: the file's, without its ending)");
    sub.option("--model", &options->model, "What was trained, as the table's statements name it");
    sub.option("--dataset", &options->dataset, "On what, as they name it");
    add_prices(sub, options->assumptions);
    sub.flag("--full", &options->full, "Print all of table.txt, not its first screen alone");
}

}  // namespace fedgram::experiments
