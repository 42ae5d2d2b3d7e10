#include "experiments/commands/table.hpp"

#include <iostream>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/render/render.hpp"

namespace fedgram::experiments {

namespace {

// What can't be known before the training may still keep its table from being made, as how long it takes by the hour.
PricedRun priced_after_training(const std::filesystem::path& folder)
{
    try {
        return priced_run(folder, {});
    } catch (const SpecError& error) {
        throw SpecError{"the trainings are done and their results kept, but they give no table: " +
                        std::string{error.what()} + "; make it by `fedgram table " + folder.string() +
                        "` with other --countries, --hourly, --from or --node-places"};
    }
}

}  // namespace

int table(const TableOptions& options)
{
    const auto format = carbon::parse_format(options.format);
    const auto [run, table] = priced_run(options.run, options.assumptions);
    std::cout << carbon::render(table, format, carbon::footnotes(run));
    return 0;
}

void write_tables(const std::filesystem::path& run_folder)
{
    const auto [run, table] = priced_after_training(run_folder);
    const auto notes = carbon::footnotes(run);
    const std::pair<const char*, carbon::Format> files[] = {
        {"table.txt", carbon::Format::text},  {"table.md", carbon::Format::markdown},
        {"table.csv", carbon::Format::csv},   {"table.json", carbon::Format::json},
        {"table.tex", carbon::Format::latex}, {"emissions.csv", carbon::Format::codecarbon}};
    for (const auto& [name, format] : files) write_file(run_folder / name, carbon::render(table, format, notes));
}

}  // namespace fedgram::experiments
