#include "common/report/statement/answer.hpp"

#include <algorithm>
#include <optional>

#include "common/report/render/render.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Index = std::optional<std::size_t>;

// Of the columns of one kind with a result; nothing without one.
Index least_of(const Table& table, run::TrainingKind kind)
{
    Index least;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        if (table.outcome(column).kind != kind || !table.result(table.cell(0, j))) continue;
        const auto grams = table.cell(0, j).emissions.operational();
        if (!least || grams < table.cell(0, *least).emissions.operational()) least = j;
    }
    return least;
}

// "federated-iid, jetson-tx2 (0.13 g, 0.055-0.47)"
std::string named(const Table& table, std::size_t column)
{
    const auto& cell = table.cell(0, column);
    const auto band = cell_band_text(table, cell);
    return table.columns[column].heading + " (" + grams_text(table, cell) + " g" + (band.empty() ? "" : ", " + band) +
           ")";
}

std::string compared(const Table& table, std::size_t federated, std::size_t centralized)
{
    const auto in = "In " + table.accounting.countries.front().name + " ";
    const auto both = "the greenest federated training is " + named(table, federated) +
                      " and the greenest centralized one " + named(table, centralized) + ". ";
    const auto ratio = grams_ratio(table, federated, centralized, 0);
    if (!ratio) return in + both + "There is no ratio of the two: a grid or a training counts as 0.";
    const text::Band band{ratio->low, ratio->high};
    const auto times =
        text::banded(ratio->likely, band) + " times" + (band.is_known() ? " (" + text::band_text(band) + ")" : "");
    const auto verdict =
        ratio->low > 1    ? "so federated training emits more, whatever values the figures have within their bands."
        : ratio->high < 1 ? "so federated training emits less, whatever values the figures have within their bands."
                          : "so the figures don't tell which of them emits less.";
    return in + both + "Federated training emits " + times + " what centralized training does, " + verdict;
}

}  // namespace

std::string question(const Table& table)
{
    const auto goal = table.target ? " to " + table.goal() : std::string{};
    return "Which training of " + table.name + goal + " emits least?";
}

std::string answer(const Table& table)
{
    const auto federated = least_of(table, run::TrainingKind::federated);
    const auto centralized = least_of(table, run::TrainingKind::centralized);
    if (federated && centralized) return compared(table, *federated, *centralized);
    if (!federated && !centralized) return "No training has a result: each missed its target or diverged.";
    const auto least = federated ? *federated : *centralized;
    return "In " + table.accounting.countries.front().name + " the least is " + named(table, least) + "; " +
           (federated ? "no centralized" : "no federated") + " training stands beside it with a result.";
}

}  // namespace fedgram::report
