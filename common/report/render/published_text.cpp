#include <cmath>
#include <string>
#include <vector>

#include "common/report/render/text_sections.hpp"
#include "common/report/table/published_ratio.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

std::string drivers(const Table& table)
{
    std::size_t compared = 0;
    std::size_t by_energy = 0;
    for (const auto& cell : table.cells)
        if (const auto ratio = published_ratio(table, cell);
            ratio && ratio->energy.value_or(0) > 0 &&
            ratio->grid.value_or(0) > 0) {  // a zero has no share in a product
            ++compared;
            if (std::abs(std::log(*ratio->energy)) > std::abs(std::log(*ratio->grid))) ++by_energy;
        }
    if (compared == 0) return {};
    return "Ratio = grid part x energy part. The grid part is our intensity over the one that the published cells "
           "imply,\n" +
           std::string{table.accounting.node_places.empty() ? "the same in every column"
                                                            : "a federated cell's by its nodes' places"} +
           ". The energy part is our energy (with PUE and network) over the implied one: the\n"
           "device profiles' watts, rates and launches, and the samples that the trainings needed, drive it. It "
           "is\n"
           "the larger part in " +
           std::to_string(by_energy) + " of " + std::to_string(compared) + " cells.\n";
}

}  // namespace

std::string against_published(const Table& table)
{
    text::TextTable grid;
    grid.add_headings(headings(table, ""));
    bool any = false;
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> published{table.accounting.countries[i].iso3 + " published"};
        std::vector<std::string> whole{"    ours / published"};
        std::vector<std::string> grid_part{"      grid part"};
        std::vector<std::string> energy_part{"      energy part"};
        bool any_here = false;
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            const auto& cell = table.cell(i, j);
            const auto ratio = published_ratio(table, cell).value_or(PublishedRatio{});
            any_here = any_here || cell.published.has_value();
            published.push_back(cell.published ? text::fixed(*cell.published, 1) : "-");
            whole.push_back(ratio_text(ratio.whole));
            grid_part.push_back(ratio_text(ratio.grid));
            energy_part.push_back(ratio_text(ratio.energy));
        }
        if (!any_here) continue;
        any = true;
        for (auto* const row : {&published, &whole, &grid_part, &energy_part}) grid.add(*row);
    }
    if (!any) return {};
    return "\nBeside the published table: " + table.published->source + "\n" + grid.text() + drivers(table);
}

std::string recomputed_table(const PublishedTable& published)
{
    const auto recomputed = recompute(published);
    text::TextTable grid;
    std::vector<std::string> heads{"gCO2e recomputed"};
    std::vector<std::string> energy{"implied energy in kJ"};
    for (std::size_t j = 0; j < published.columns.size(); ++j) {
        const auto& column = published.columns[j];
        heads.push_back(column.device && column.pue ? *column.device + ", PUE " + text::shortest(*column.pue)
                                                    : column.training);
        energy.push_back(kilojoules(recomputed.energy[j]));
    }
    grid.add_headings(heads);
    std::size_t off = 0;
    for (std::size_t i = 0; i < published.rows.size(); ++i) {
        std::vector<std::string> row{published.rows[i].country};
        for (const auto& cell : recomputed.rows[i]) {
            row.push_back(cell.grams ? text::fixed(*cell.grams, 1) + (cell.off ? " (!)" : "") : "-");
            off += cell.off ? 1 : 0;
        }
        grid.add(row);
    }
    grid.add(energy);
    return "\nThe published table recomputed from the energies and intensities that its own cells imply\n" +
           grid.text() +
           (off == 0 ? "Each legible cell agrees within 0.1 g.\n"
                     : "(!) more than 0.1 g from the published cell: " + std::to_string(off) + "\n");
}

}  // namespace fedgram::report
