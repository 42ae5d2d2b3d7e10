#include "experiments/commands/plot.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/drawing/svg_figure.hpp"
#include "common/report/figure/figure_csv.hpp"
#include "common/report/figure/figure_kinds.hpp"
#include "common/report/figure/over_seeds.hpp"
#include "common/report/seeds/same_but_seed.hpp"
#include "common/report/seeds/setting_names.hpp"
#include "common/run/round_line.hpp"
#include "common/run/spec_file.hpp"
#include "common/svg/conversion.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/idle_options.hpp"

namespace fedgram::experiments {

namespace {

using Path = std::filesystem::path;

int list_figures(bool json)
{
    auto list = nlohmann::ordered_json::array();
    text::TextTable table{{"figure", "what it shows"}};
    for (const auto& kind : report::figure_kinds()) {
        table.add({kind.name, kind.what});
        list.push_back({{"name", kind.name}, {"shows", kind.what}});
    }
    std::cout << (json ? list.dump(2) + "\n" : table.text());
    return 0;
}

using Converter = std::string (*)(const std::string& document);

Converter converter_to(const Path& out)
{
    const auto ending = out.extension();
    if (ending == ".svg") return [](const std::string& document) { return document; };
    if (ending == ".pdf") return svg::pdf;
    if (ending == ".png") return svg::png;
    throw SpecError{"--out: " + out.string() +
                    " has an ending that says no format of a figure; use .svg, .pdf or .png"};
}

report::FigureWidth width_of(const PlotOptions& options)
{
    return options.width == "two" ? report::FigureWidth::two_columns : report::FigureWidth::one_column;
}

/// Beside the image. Throws SystemError where that is a file of somebody else's, as table.csv of a run is.
Path numbers_file(const Path& out)
{
    auto file = Path{out}.replace_extension(".csv");
    std::error_code none;
    if (std::filesystem::exists(file, none) &&
        !files::try_read_file(file).value_or("").starts_with(report::csv_heading))
        throw SystemError{file.string() +
                          " is there already and holds no figure's numbers, which would go there; give "
                          "--out another name"};
    return file;
}

/// A run with what of it is drawn.
struct ReadRun {
    std::string name;
    std::string setting;
    PricedRun priced;
    std::vector<run::RoundLine> rounds;
};

// A folder's own name, which suffices where no other run's folder has the same.
std::string name_of(const Path& folder, const std::vector<Path>& all)
{
    const auto own_name = [](const Path& path) {
        return path.has_filename() ? path.filename() : path.parent_path().filename();
    };
    const auto same =
        std::ranges::count_if(all, [&](const auto& other) { return own_name(other) == own_name(folder); });
    return same > 1 ? folder.string() : own_name(folder).string();
}

std::vector<ReadRun> read(const PlotOptions& options, const report::FigureKind& kind)
{
    std::vector<ReadRun> runs;
    for (const auto& folder : options.runs) {
        if (std::ranges::count(options.runs, folder) > 1)
            throw SpecError{folder.string() + " is named twice; name each run once"};
        auto& run = runs.emplace_back(ReadRun{name_of(folder, options.runs),
                                              run::read_spec_file(folder).setting,
                                              priced_run(folder, options.assumptions),
                                              {}});
        if (!kind.of_accuracy) continue;
        const auto file = folder / "rounds.jsonl";
        run.rounds = run::parse_rounds(files::read_file(file), file.string());
    }
    std::vector<const PricedRun*> priced;
    for (const auto& run : runs) priced.push_back(&run.priced);
    refuse_idle_options(priced);
    return runs;
}

/// Of one setting alone they are called by their seeds: "seeds 1, 2, 3".
std::vector<report::RunsOfSeeds> seeds_of(const std::vector<ReadRun>& runs)
{
    std::vector<report::SeededSetting> settings;
    for (const auto& run : runs) settings.push_back({run.setting, run.priced.run.seed});
    std::vector<report::RunsOfSeeds> groups;
    std::vector<report::NamedSetting> named;
    std::string seeds;
    for (const auto& members : report::same_but_seed(settings)) {
        const auto& first = runs[members.front()];
        named.push_back({first.setting, first.name});
        auto& group = groups.emplace_back();
        for (const auto i : members) {
            group.runs.push_back(runs[i].name);
            seeds += (seeds.empty() ? "seeds " : ", ") + std::to_string(runs[i].priced.run.seed);
        }
    }
    const auto names = groups.size() > 1 ? report::setting_names(named) : std::vector{seeds};
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].name = names[i];
    return groups;
}

report::Figure figure_of(const report::FigureKind& kind, const std::vector<ReadRun>& runs, bool each)
{
    std::vector<report::PlottedRun> plotted;
    for (const auto& run : runs) plotted.push_back({run.name, &run.priced.table, &run.priced.run, &run.rounds});
    auto figure = kind.make(plotted);
    const auto groups = seeds_of(runs);
    return each || groups.size() == runs.size() ? figure : report::over_seeds(figure, groups);
}

}  // namespace

int plot(const PlotOptions& options)
{
    if (options.list) return list_figures(options.json);
    const auto& kind = report::figure_kind(options.figure);
    const auto convert = converter_to(options.out);
    const auto numbers = numbers_file(options.out);
    if (kind.of_accuracy && options.assumptions.measured)
        throw SpecError{"--measured: a meter's joules are of a whole training, so " + kind.name +
                        " has no curve of them; leave it out, or draw gco2e-by-country"};
    const auto figure = figure_of(kind, read(options, kind), options.each);
    const auto image = convert(report::svg_figure(figure, width_of(options)));
    files::write_file(options.out, image);
    files::write_file(numbers, report::figure_csv(figure));
    std::cout << options.out.string() << " and " << numbers.string() << " are written\n";
    return 0;
}

void add_plot(CommandSet& commands)
{
    std::vector<std::string> names;
    for (const auto& kind : report::figure_kinds()) names.push_back(kind.name);
    const auto options = std::make_shared<PlotOptions>();
    const auto sub =
        commands.add("plot", "Draw a figure of runs for a paper, with its numbers as CSV beside it",
                     "  fedgram plot --list\n"
                     "  fedgram plot results/mine --figure accuracy-vs-gco2e --out grams.svg\n"
                     "  fedgram plot results/mine --figure gco2e-by-country --countries DEU,POL --out cells.pdf\n"
                     "  fedgram plot results/seed-1 results/seed-2 --figure accuracy-vs-rounds --width two --out a.png",
                     plot, options);
    const auto list = sub.flag("--list", &options->list, "List the figures");
    sub.option("runs", &options->runs, "Folders of runs, all in one figure").type_name("DIR").required_unless(list);
    sub.option("--figure", &options->figure, "Which figure; --list has them all")
        .type_name("NAME")
        .suggests(names)
        .required_unless(list)
        .excludes(list);
    sub.option("--out", &options->out, "The file to write: .svg, .pdf or .png; its numbers go beside it, into a .csv")
        .type_name("FILE")
        .required_unless(list)
        .excludes(list);
    sub.option("--width", &options->width, "How wide it is in print: one column of a paper (88 mm) or two (180 mm)")
        .one_of({"one", "two"})
        .shows_default();
    sub.flag("--each", &options->each, "Draw runs that differ in the seed alone one by one, not as their mean")
        .excludes(list);
    add_assumptions(sub, options->assumptions);
    add_json(sub, options->json).needs(list);
}

}  // namespace fedgram::experiments
