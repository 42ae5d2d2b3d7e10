#include "experiments/commands/table.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/report/statement/answer.hpp"
#include "common/run/event.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "experiments/lookup/zero_grids.hpp"

namespace fedgram::experiments {

namespace {

report::Footnotes notes_of(const std::filesystem::path& folder, const PricedRun& priced)
{
    auto notes = report::footnotes(priced.run, priced.table.accounting);
    notes.ended = run::find_end(folder);
    notes.zero_grids = zero_grid_notes(priced.table.accounting);
    return notes;
}

// A table may fail for reasons that only the training shows: it may outlast a grid by the hour.
PricedRun priced_after_training(const std::filesystem::path& folder)
{
    return with_way_out<SpecError>("make it by `fedgram table " + folder.string() +
                                       "` with other --countries, --hourly, --from, --node-places or --fleet",
                                   [&] {
                                       return with_context<SpecError>(
                                           "the trainings are done and their results kept, but they give no table",
                                           [&] { return priced_run(folder, {}); });
                                   });
}

std::string first_screen(const std::filesystem::path& folder, const report::Table& table,
                         const report::Footnotes& notes)
{
    return report::render_screen(table) + "\n" + report::answer(table) + "\n" + report::went_wrong_section(notes) +
           "\nThe rest is in " + (folder / "table.txt").string() + " (--full prints it); fedgram report " +
           folder.string() + " --html FILE draws it.\n";
}

}  // namespace

int table(const TableOptions& options)
{
    const auto format = report::parse_format(options.format);
    const auto priced = priced_run(options.run, options.assumptions);
    refuse_idle_options(std::array{&priced});
    std::cout << report::render(priced.table, format, notes_of(options.run, priced));
    return 0;
}

std::string write_tables(const std::filesystem::path& run_folder)
{
    const auto priced = priced_after_training(run_folder);
    const auto notes = notes_of(run_folder, priced);
    const std::pair<const char*, report::Format> files[] = {
        {"table.txt", report::Format::text},  {"table.md", report::Format::markdown},
        {"table.csv", report::Format::csv},   {"table.json", report::Format::json},
        {"table.tex", report::Format::latex}, {"emissions.csv", report::Format::codecarbon}};
    for (const auto& [name, format] : files)
        files::write_file(run_folder / name, report::render(priced.table, format, notes));
    return first_screen(run_folder, priced.table, notes);
}

void add_table(CommandSet& commands)
{
    const auto options = std::make_shared<TableOptions>();
    const auto sub =
        commands.add("table", "Make the emissions table of a run anew, without training",
                     "  fedgram table results/mine\n"
                     "  fedgram table results/mine --countries DEU,POL --pue 1.2 --datacenter-device v100\n"
                     "  fedgram table results/mine --edge-device my-device.json --format latex\n"
                     "  fedgram table results/mine --format impact-framework > manifest.yaml\n"
                     "  fedgram table results/mine --site aws:eu-west-3 --node-places FRA,CHN,row\n"
                     "  fedgram table results/mine --hourly US-CAL-CISO --from 2020-09-14T06:00:00Z",
                     table, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub.option("--format", &options->format,
               "text, md, csv, json, latex, codecarbon (its emissions.csv), or impact-framework (a manifest)")
        .suggests({"text", "md", "csv", "json", "latex", "codecarbon", "impact-framework"})
        .shows_default();
}

}  // namespace fedgram::experiments
