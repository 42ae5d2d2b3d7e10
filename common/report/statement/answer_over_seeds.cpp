#include "common/report/statement/answer_over_seeds.hpp"

#include <algorithm>
#include <optional>

#include "common/report/statement/answer.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/banded_number.hpp"

namespace fedgram::report {

namespace {

using Index = std::optional<std::size_t>;

// Of the columns of one kind that every run has a result in.
Index least_of(const Table& table, const std::vector<SeedCell>& cells, std::size_t runs, run::TrainingKind kind)
{
    Index least;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        if (table.outcome(table.columns[j]).kind != kind || cells[j].reached < runs) continue;
        if (!least || cells[j].grams->mean < cells[*least].grams->mean) least = j;
    }
    return least;
}

// "federated-iid, jetson-tx2 (0.130 ± 0.004 g)"
std::string named(const Table& table, const std::vector<SeedCell>& cells, std::size_t column)
{
    return table.columns[column].heading + " (" + mean_text(*cells[column].grams) + " g)";
}

// All that the ratio can be: in any run, whatever values the figures have. Nothing where there is no ratio in one.
std::optional<text::Band> ratios(std::span<const SeededTable> runs, std::size_t over, std::size_t under)
{
    std::optional<text::Band> all;
    for (const auto& [table, seed] : runs) {
        const auto ratio = grams_ratio(*table, over, under, 0);
        if (!ratio) return std::nullopt;
        all = all ? text::Band{std::min(all->low, ratio->low), std::max(all->high, ratio->high)}
                  : text::Band{ratio->low, ratio->high};
    }
    return all;
}

std::string verdict(const text::Band& band)
{
    constexpr const char* certain = " in each of these runs, whatever values the figures have within their bands.";
    if (band.low > 1) return std::string{"so federated training emits more"} + certain;
    if (band.high < 1) return std::string{"so federated training emits less"} + certain;
    return "so these seeds and figures don't tell which of them emits less.";
}

}  // namespace

std::string answer_over_seeds(std::span<const SeededTable> runs)
{
    const auto& table = *runs.front().table;
    if (runs.size() == 1) return answer(table);
    const auto cells = seed_cells(runs);  // those of the first country come first
    const auto federated = least_of(table, cells, runs.size(), run::TrainingKind::federated);
    const auto centralized = least_of(table, cells, runs.size(), run::TrainingKind::centralized);
    const auto in = "In " + table.accounting.countries.front().name + ", by the mean over " +
                    std::to_string(runs.size()) + " seeds, ";
    if (!federated && !centralized)
        return "No training has a result in each of the " + std::to_string(runs.size()) + " runs.";
    if (!federated || !centralized)
        return in + "the least is " + named(table, cells, federated ? *federated : *centralized) + "; no " +
               (federated ? "centralized" : "federated") + " training stands beside it with a result in each run.";
    const auto both = "the greenest federated training is " + named(table, cells, *federated) +
                      " and the greenest centralized one " + named(table, cells, *centralized) + ". ";
    const auto band = ratios(runs, *federated, *centralized);
    const auto likely = ratio(cells[*federated].grams->mean, cells[*centralized].grams->mean);
    if (!band || !likely) return in + both + "There is no ratio of the two: a grid or a training counts as 0.";
    return in + both + "Federated training emits " + text::banded(*likely, *band) + " times" +
           (band->is_known() ? " (" + text::band_text(*band) + ")" : "") + " what centralized training does, " +
           verdict(*band);
}

}  // namespace fedgram::report
