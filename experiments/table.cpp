#include "experiments/table.hpp"

#include <iostream>
#include <utility>

#include "common/carbon/render.hpp"
#include "experiments/files.hpp"

namespace fedgram::experiments {

int table(const TableOptions& options)
{
    const auto format = carbon::parse_format(options.format);
    const auto [run, table] = priced_run(options.run, options.assumptions);
    std::cout << carbon::render(table, format, carbon::footnotes(run));
    return 0;
}

void write_tables(const std::filesystem::path& run_folder)
{
    const auto [run, table] = priced_run(run_folder, {});
    const auto notes = carbon::footnotes(run);
    const std::pair<const char*, carbon::Format> files[] = {
        {"table.txt", carbon::Format::text},  {"table.md", carbon::Format::markdown},
        {"table.csv", carbon::Format::csv},   {"table.json", carbon::Format::json},
        {"table.tex", carbon::Format::latex}, {"emissions.csv", carbon::Format::codecarbon}};
    for (const auto& [name, format] : files) write_file(run_folder / name, carbon::render(table, format, notes));
}

}  // namespace fedgram::experiments
