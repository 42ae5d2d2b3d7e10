#include "experiments/sweep/sweep_means.hpp"

#include <algorithm>

namespace fedgram::experiments {

namespace {

template <class Value>
report::Statistics statistics_of(const std::vector<const SweepRow*>& rows, Value value)
{
    std::vector<double> values;
    for (const auto* row : rows) values.push_back(static_cast<double>(row->*value));
    return report::statistics(values);
}

}  // namespace

bool has_reached(const SweepRow& row) { return row.reached_target.value_or(true) && !row.diverged; }

statistics::CensoredMean grams_to_target(const std::vector<const SweepRow*>& rows)
{
    std::vector<statistics::Observation> grams;
    for (const auto* row : rows) grams.push_back({row->spent_gco2e, has_reached(*row)});
    return statistics::censored_mean(grams);
}

SweepMean mean_of(const std::vector<const SweepRow*>& rows)
{
    std::vector<const SweepRow*> reached;
    for (const auto* row : rows)
        if (has_reached(*row)) reached.push_back(row);
    SweepMean mean{rows.size(), reached.size(), statistics_of(rows, &SweepRow::best_test_accuracy),
                   statistics_of(rows, &SweepRow::spent_gco2e)};
    if (reached.empty()) return mean;
    mean.gco2e = statistics_of(reached, &SweepRow::spent_gco2e);
    mean.rounds = statistics_of(reached, &SweepRow::rounds);
    mean.virtual_seconds = statistics_of(reached, &SweepRow::virtual_seconds);
    return mean;
}

std::vector<SweepSetting> settings_of(const std::vector<SweepRow>& rows)
{
    std::vector<SweepSetting> settings;
    std::vector<std::string> trainings;
    for (const auto& row : rows) {
        if (std::ranges::count(trainings, row.training) == 0) trainings.push_back(row.training);
        const auto same = [&](const auto& setting) {
            return setting.training == row.training && setting.values == row.run.values;
        };
        auto found = std::ranges::find_if(settings, same);
        if (found == settings.end()) found = settings.insert(found, {row.training, row.run.values, {}});
        found->rows.push_back(&row);
    }
    const auto place = [&](const SweepSetting& setting) { return std::ranges::find(trainings, setting.training); };
    std::ranges::stable_sort(settings, {}, place);
    return settings;
}

}  // namespace fedgram::experiments
