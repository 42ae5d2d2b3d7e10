#include "experiments/asking/candidates.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/figure/spending.hpp"
#include "common/run/round_line.hpp"
#include "common/run/summary.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_runs.hpp"
#include "experiments/sweeping/run_course.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

constexpr auto all_rounds = std::numeric_limits<std::uint32_t>::max();

std::vector<std::string> labels_of(const fs::path& run)
{
    std::vector<std::string> labels;
    if (const auto summary = run::find_summary(run))
        for (const auto& training : summary->trainings) labels.push_back(training.label);
    return labels;
}

/// Of the first line that tells.
void take_country(const fs::path& run, Candidates& candidates)
{
    if (!candidates.country.empty()) return;
    const auto path = run / "rounds.jsonl";
    for (const auto& line : run::parse_rounds(files::read_file(path), path.string())) {
        if (!line.costs || !line.evaluation) continue;
        candidates.country = line.costs->country;
        candidates.evaluated_on = name(line.evaluation->on);
        return;
    }
}

void add(const fs::path& run, std::uint64_t seed, const Candidate& like, Candidates& candidates)
{
    const auto same = [&](const Candidate& other) {
        return other.training == like.training && other.values == like.values;
    };
    auto found = std::ranges::find_if(candidates.list, same);
    if (found == candidates.list.end()) found = candidates.list.insert(found, like);
    found->runs.push_back({seed, run_course(run, like.training, all_rounds).course});
    take_country(run, candidates);
}

Candidates of_sweep(const fs::path& folder, const std::string& wanted)
{
    const auto plan = read_sweep_file(folder);
    Candidates candidates;
    candidates.cut_short = plan.search.has_rungs();
    std::set<std::string> known;
    for (const auto& key : plan.keys) candidates.keys.push_back(short_key(plan, key.key));
    for (const auto& run : expand(plan)) {
        const auto path = folder / "runs" / run.name;
        const auto labels = labels_of(path);
        known.insert(labels.begin(), labels.end());
        const auto setting = setting_name(plan, run.values);
        for (const auto& label : labels)
            if (wanted.empty() || label == wanted) add(path, run.seed, {setting, label, run.values, {}}, candidates);
    }
    if (known.size() > 1 && wanted.empty())
        for (auto& candidate : candidates.list) candidate.name += ", " + candidate.training;
    return candidates;
}

Course course_of(const PricedRun& priced, std::size_t column, const std::vector<run::RoundLine>& rounds)
{
    const auto& label = priced.table.outcome(priced.table.columns[column]).label;
    const auto spent = report::spending(priced.table, column, priced.run);
    Course course;
    for (const auto& line : rounds) {
        if (line.training != label || !line.evaluation) continue;
        const auto found = std::ranges::find(spent, line.round, &report::SpentSoFar::round);
        if (found != spent.end())
            course.points.push_back({line.round, line.evaluation->test_accuracy, found->emissions.count()});
    }
    return course;
}

/// Column by column of its table, from the Work: so that folders of earlier versions answer, too.
Candidates of_run(const fs::path& folder, const std::string& wanted)
{
    const auto priced = priced_run(folder, {});
    const auto path = folder / "rounds.jsonl";
    const auto rounds = run::parse_rounds(files::read_file(path), path.string());
    const auto& table = priced.table;
    Candidates candidates{.country = table.accounting.countries.front().iso3,
                          .evaluated_on = std::string{name(table.evaluated_on)}};
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const auto& label = table.outcome(table.columns[column]).label;
        if (!wanted.empty() && label != wanted) continue;
        candidates.list.push_back({table.columns[column].heading, label, {}, {}});
        candidates.list.back().runs.push_back({priced.run.seed, course_of(priced, column, rounds)});
    }
    return candidates;
}

}  // namespace

Candidates candidates_of(const fs::path& folder, const std::string& training)
{
    const bool is_sweep = is_sweep_folder(folder);
    if (!is_sweep && !fs::exists(folder / "spec.json"))
        throw SpecError{folder.string() + " is no folder of a run or a sweep; give the --out of one"};
    auto candidates = is_sweep ? of_sweep(folder, training) : of_run(folder, training);
    if (candidates.list.empty())
        throw SpecError{folder.string() + ": " +
                        (training.empty() ? "no training has ended yet" : "no training has the label " + training)};
    if (candidates.country.empty())
        throw SpecError{
            folder.string() +
            ": rounds.jsonl has no accuracy or no grams, as in a sweep of an earlier version; nothing can be asked "
            "of it"};
    return candidates;
}

}  // namespace fedgram::experiments
