#include "common/report/seeds/reduction_means.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Rows = std::vector<const ReductionRow*>;  // the same row of each run

std::vector<Rows> rows_of(std::span<const SeededTable> runs)
{
    std::vector<Rows> all;
    for (const auto& row : runs.front().table->reductions.rows) {
        Rows same;
        for (const auto& run : runs) {
            const auto& rows = run.table->reductions.rows;
            const auto found = std::ranges::find(rows, row.label, &ReductionRow::label);
            if (found != rows.end() && found->levers == row.levers) same.push_back(&*found);
        }
        if (same.size() == runs.size()) all.push_back(std::move(same));
    }
    return all;
}

template <class Value>
std::string mean_of(const Rows& rows, const Value& value_of)
{
    std::vector<double> values;
    for (const auto* row : rows)
        if (const std::optional<double> value = value_of(*row)) values.push_back(*value);
    if (values.size() < rows.size()) return "-";
    // What is counted is the same for every seed.
    const bool is_one = std::ranges::all_of(values, [&](double value) { return value == values.front(); });
    return is_one ? text::significant(values.front()) : mean_text(statistics(values));
}

std::vector<std::string> model_texts(const Rows& rows)
{
    const auto& first = *rows.front();
    const auto of_bytes = [&](auto bytes_of) {
        return mean_of(rows, [&](const ReductionRow& row) { return std::optional{bytes_of(row.figures) / 1e3}; });
    };
    const auto of_ops = [&](auto ops_of) {
        return mean_of(rows, [&](const ReductionRow& row) {
            return std::optional{static_cast<double>(ops_of(row.figures.inference)) / 1e6};
        });
    };
    const bool has_levers = !first.levers.empty();
    const auto of_levers = [&](auto value_of) {
        return has_levers ? mean_of(rows, [&](const ReductionRow& row) { return std::optional{value_of(row)}; }) : "-";
    };
    using Figures = learning::ModelFigures;
    using Inference = learning::InferenceWork;
    return {
        first.label,
        has_levers ? first.levers : "-",
        mean_of(rows, [](const ReductionRow& row) { return std::optional{100 * row.figures.accuracy}; }),
        of_levers([](const ReductionRow& row) { return 100 * row.accuracy_change.value_or(0); }),
        of_bytes([](const Figures& figures) { return static_cast<double>(figures.stored_bytes); }),
        of_bytes([](const Figures& figures) { return static_cast<double>(figures.update_bytes); }),
        of_ops([](const Inference& inference) { return inference.float_ops; }),
        of_ops([](const Inference& inference) { return inference.int8_ops; }),
        of_bytes([](const Figures& figures) { return static_cast<double>(figures.inference.peak_activation_bytes); }),
        of_levers([](const ReductionRow& row) { return row.one_off.count(); }),
        of_levers([](const ReductionRow& row) { return row.one_off_grams.count(); })};
}

/// `table`, of the first run, with the means of what `value_of` says of each run's requests.
template <class Value>
TextRows with_means(TextRows table, std::span<const SeededTable> runs, const Value& value_of)
{
    if (table.rows.empty()) return table;
    std::map<std::string, std::vector<std::string>> firsts;  // what has no mean is told in words: "never"
    for (const auto& row : table.rows) firsts[row.front()] = {row.begin() + 1, row.end()};
    table.rows.resize(1);
    for (const auto& rows : rows_of(runs)) {
        auto& texts = table.rows.emplace_back(std::vector{rows.front()->label});
        for (std::size_t device = 0; device + 1 < table.rows.front().size(); ++device) {
            const auto value = [&](const ReductionRow& row) -> std::optional<double> {
                const auto& request = row.requests[device];
                return request.cost.energy ? value_of(request) : std::nullopt;
            };
            const auto known = std::ranges::count_if(rows, [&](const auto* row) { return value(*row).has_value(); });
            texts.push_back(known == 0 ? firsts[texts.front()][device]
                            : static_cast<std::size_t>(known) < rows.size()
                                ? std::to_string(known) + " of " + std::to_string(rows.size()) + " runs"
                                : mean_of(rows, value));
        }
    }
    return table;
}

std::string note_of(const std::string& note, std::size_t runs)
{
    return "Mean ± standard deviation over " + std::to_string(runs) + (runs == 1 ? " seed. " : " seeds. ") + note;
}

}  // namespace

TextRows reduced_models(std::span<const SeededTable> runs)
{
    auto table = reduced_models(*runs.front().table);
    if (table.rows.empty()) return table;
    table.rows.resize(1);
    for (const auto& rows : rows_of(runs)) table.rows.push_back(model_texts(rows));
    table.note = note_of(table.note, runs.size());
    return table;
}

TextRows request_grams(std::span<const SeededTable> runs)
{
    return with_means(request_grams(*runs.front().table), runs, [](const RequestCost& request) {
        return request.cost.energy->idle ? std::optional{1000 * request.grams.count()} : std::nullopt;
    });
}

TextRows request_joules(std::span<const SeededTable> runs)
{
    auto table = with_means(request_joules(*runs.front().table), runs, [](const RequestCost& request) {
        return request.cost.energy->idle ? std::optional{1000 * request.joules.count()} : std::nullopt;
    });
    if (!table.rows.empty()) table.note = "Computing and waiting together. " + table.note;
    return table;
}

TextRows request_break_even(std::span<const SeededTable> runs)
{
    const auto first = request_break_even(*runs.front().table);
    auto means = with_means(first, runs, [](const RequestCost& request) { return request.break_even; });
    for (auto& texts : means.rows)
        for (const auto& own : first.rows)
            for (std::size_t i = 1; own.front() == texts.front() && i < own.size(); ++i)
                if (own[i].ends_with('*') && !texts[i].ends_with('*')) texts[i] += '*';  // it is so of each seed
    return means;
}

std::string reductions_section(std::span<const SeededTable> runs)
{
    return section_of(reduced_models(runs)) + section_of(request_joules(runs)) + section_of(request_grams(runs)) +
           section_of(request_break_even(runs));
}

nlohmann::ordered_json reductions_json(std::span<const SeededTable> runs)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto& [table, seed] : runs) list.push_back({{"seed", seed}, {"reductions", reductions_json(*table)}});
    return list;
}

}  // namespace fedgram::report
