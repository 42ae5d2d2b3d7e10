#include "common/report/seeds/seed_table.hpp"

#include <nlohmann/json.hpp>

#include "common/report/render/text_sections.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

std::string seeds_text(std::span<const SeededTable> runs)
{
    std::string text;
    for (const auto& [table, seed] : runs) text += (text.empty() ? "" : ", ") + std::to_string(seed);
    return text;
}

// What the mean of a column leaves out.
std::string missed_text(const Table& table, const std::vector<SeedCell>& cells, std::size_t runs)
{
    std::string text;
    for (std::size_t j = 0; j < table.columns.size(); ++j)
        if (const auto missed = runs - cells[j].reached; missed > 0)
            text += table.columns[j].heading + ": not reached, or diverged, in " + std::to_string(missed) + " of " +
                    std::to_string(runs) + " runs, which are not in its mean.\n";
    return text;
}

}  // namespace

std::vector<SeedCell> seed_cells(std::span<const SeededTable> runs)
{
    const auto& first = *runs.front().table;
    std::vector<SeedCell> cells;
    for (std::size_t i = 0; i < first.accounting.countries.size(); ++i)
        for (std::size_t j = 0; j < first.columns.size(); ++j) {
            std::vector<double> grams;
            for (const auto& [table, seed] : runs)
                if (const auto result = table->result(table->cell(i, j))) grams.push_back(result->count());
            SeedCell cell{i, j, grams.size(), std::nullopt, std::nullopt};
            if (!grams.empty()) cell.grams = statistics(grams);
            if (grams.size() == runs.size()) cell.confidence = statistics::mean_interval(grams);
            if (const auto result = first.result(first.cell(i, j))) cell.first = result->count();
            cells.push_back(cell);
        }
    return cells;
}

std::string seed_table(std::span<const SeededTable> runs)
{
    const auto& first = *runs.front().table;
    const auto cells = seed_cells(runs);
    const auto columns = first.columns.size();
    text::TextTable grid;
    grid.add_headings(headings(first, "gCO2e"));
    for (std::size_t i = 0; i < first.accounting.countries.size(); ++i) {
        std::vector<std::string> mean{first.accounting.countries[i].name};
        std::vector<std::string> one{"  seed " + std::to_string(runs.front().seed)};
        for (std::size_t j = 0; j < columns; ++j) {
            const auto& cell = cells[i * columns + j];
            mean.push_back(cell.grams ? mean_text(*cell.grams) : "not reached");
            one.push_back(cell.first ? text::significant(*cell.first) : "not reached");
        }
        grid.add(mean);
        grid.add(one);
    }
    return first.title() + ": mean ± standard deviation over the seeds " + seeds_text(runs) + "\n" + grid.text() +
           missed_text(first, cells, runs.size());
}

Json seed_json(std::span<const SeededTable> runs)
{
    const auto& first = *runs.front().table;
    const auto or_null = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    Json json{{"title", first.title()}, {"seeds", Json::array()}, {"first_seed", runs.front().seed}};
    for (const auto& [table, seed] : runs) json["seeds"].push_back(seed);
    json["cells"] = Json::array();
    for (const auto& cell : seed_cells(runs))
        json["cells"].push_back(
            {{"country", first.accounting.countries[cell.country].iso3},
             {"column", first.columns[cell.column].heading},
             {"reached", cell.reached},
             {"mean_gco2e", cell.grams ? Json(cell.grams->mean) : Json(nullptr)},
             {"deviation_gco2e", or_null(cell.grams ? cell.grams->standard_deviation : std::nullopt)},
             {"least_gco2e", cell.grams ? Json(cell.grams->least) : Json(nullptr)},
             {"most_gco2e", cell.grams ? Json(cell.grams->most) : Json(nullptr)},
             {"first_gco2e", or_null(cell.first)},
             {"confidence_95",
              cell.confidence ? Json{{"low", cell.confidence->low}, {"high", cell.confidence->high}} : Json(nullptr)}});
    return json;
}

}  // namespace fedgram::report
