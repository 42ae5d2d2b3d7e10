#include "common/energy/logs/labelled_intervals.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "common/error/error.hpp"
#include "common/text/joined.hpp"

namespace fedgram::power_logs {

namespace {

/// As many as an error can show.
std::string shown_labels(const std::vector<LabelledInterval>& rows)
{
    constexpr std::size_t most = 8;
    std::set<std::string> labels;
    for (const auto& row : rows) labels.insert(row.labels.begin(), row.labels.end());
    const bool all = labels.size() <= most;
    while (labels.size() > most) labels.erase(std::prev(labels.end()));
    return text::joined(labels) + (all ? "" : ", ...");
}

void refuse_overlaps(std::vector<LabelledInterval> rows, LogTime slack)
{
    std::ranges::stable_sort(rows, {}, [](const LabelledInterval& row) { return row.interval.begin; });
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i - 1].interval.end - rows[i].interval.begin > slack)
            throw SpecError{std::string{rows[i].line.where} + ": lines " + std::to_string(rows[i - 1].line.number) +
                            " and " + std::to_string(rows[i].line.number) +
                            " tell of the same time; choose those of one label: " + shown_labels(rows)};
}

}  // namespace

void add_labelled(std::vector<LabelledInterval> rows, const std::string& label, LogTime slack, LogBuilder& builder)
{
    if (!label.empty() && !rows.empty()) {
        const auto labels = shown_labels(rows);
        std::erase_if(rows, [&](const LabelledInterval& row) {
            return std::ranges::find(row.labels, label) == row.labels.end();
        });
        if (rows.empty()) throw SpecError{"the log has no row of the label \"" + label + "\"; it has " + labels};
    }
    refuse_overlaps(rows, slack);
    std::optional<LogTime> reached;
    for (auto& [line, interval, labels] : rows) {
        const LogTime late = reached.value_or(interval.begin) - interval.begin;
        if (late > LogTime{} && late <= slack) {
            interval.begin += late;
            interval.end += late;
        }
        builder.add_interval(line, interval);
        reached = interval.end;
    }
}

}  // namespace fedgram::power_logs
