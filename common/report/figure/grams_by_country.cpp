#include "common/report/figure/grams_by_country.hpp"

#include <algorithm>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::report {

Figure grams_by_country(std::span<const PlottedRun> runs)
{
    Dots content{{"Emissions", "gCO2e", "gco2e"}, "country", {}, {}};
    for (const auto& run : runs)
        for (const auto& country : run.table->accounting.countries)
            if (std::ranges::find(content.groups, country.name) == content.groups.end())
                content.groups.push_back(country.name);
    for (const auto& run : runs) {
        const auto& table = *run.table;
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            const auto& outcome = table.outcome(table.columns[j]);
            DotSeries series{
                {run.name, table.columns[j].heading, outcome.missed_target() ? outcome.missed_words() : ""}, {}};
            series.values.resize(content.groups.size());
            for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
                const auto& cell = table.cell(i, j);
                const auto group = std::ranges::find(content.groups, table.accounting.countries[i].name);
                if (const auto grams = table.result(cell))
                    series.values[static_cast<std::size_t>(group - content.groups.begin())] =
                        BandedValue{grams->count(), table.band(cell)};
            }
            content.series.push_back(std::move(series));
        }
    }
    const auto has_none = [](const auto& series) { return !series.source.missed.empty(); };
    if (std::ranges::all_of(content.series, has_none))
        throw SpecError{
            "no training has reached its target, so there is no cell to draw; energy-by-phase shows what they spent"};
    return {runs.front().table->title(), std::move(content), runs.size() > 1};
}

}  // namespace fedgram::report
