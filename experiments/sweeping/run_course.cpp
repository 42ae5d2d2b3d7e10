#include "experiments/sweeping/run_course.hpp"

#include <algorithm>
#include <vector>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/round_line.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"

namespace fedgram::experiments {

namespace {

std::vector<run::RoundLine> lines_of(const std::filesystem::path& folder, const std::string& label)
{
    const auto path = folder / "rounds.jsonl";
    const auto text = files::try_read_file(path);
    if (!text) return {};
    auto lines = run::parse_rounds(*text, path.string());
    std::erase_if(lines, [&](const run::RoundLine& line) { return !label.empty() && line.training != label; });
    return lines;
}

std::uint32_t rounds_of(const std::vector<run::RoundLine>& lines, const std::string& label)
{
    std::uint32_t rounds = 0;
    for (const auto& line : lines)
        if (line.training == label) rounds = std::max(rounds, line.round);
    return rounds;
}

void add(const run::RoundLine& line, const std::filesystem::path& folder, Course& course)
{
    course.virtual_seconds += line.virtual_seconds.count();
    if (line.costs) {
        if (!line.costs->emissions)
            throw SpecError{folder.string() + ": the grid by the hour ends before round " + std::to_string(line.round) +
                            " does; give one that lasts longer"};
        course.joules += line.costs->devices.count() + line.costs->network.count();
        course.gco2e += line.costs->emissions->count();
    }
    if (line.evaluation) course.points.push_back({line.round, line.evaluation->test_accuracy, course.gco2e});
}

}  // namespace

RunCourse run_course(const std::filesystem::path& folder, const std::string& label, std::uint32_t rounds)
{
    RunCourse result;
    const auto lines = lines_of(folder, label);
    for (const auto& line : lines) {
        result.rounds = std::max(result.rounds, line.round);
        if (line.round <= rounds) add(line, folder, result.course);
    }
    const auto summary = run::find_summary(folder);
    if (!summary) return result;
    result.ended = summary->whole(run::read_spec_file(folder).trainings.size());
    for (const auto& training : summary->trainings) {
        if (!label.empty() && training.label != label) continue;
        result.course.failed = result.course.failed || training.diverged();
        result.lost_joules += training.wasted.count();
        const auto known = rounds_of(lines, training.label);
        if (known < training.rounds)
            throw DataError{(folder / "rounds.jsonl").string() + ": \"" + training.label + "\" ends after round " +
                            std::to_string(known) + ", and has " + std::to_string(training.rounds) +
                            " in summary.json; the file is damaged: remove its folder to have the run made anew"};
        if (!training.from_store) result.host_core_seconds += training.host_cpu_seconds;
    }
    return result;
}

double virtual_seconds(const std::filesystem::path& folder, const std::string& label, std::uint32_t rounds)
{
    double seconds = 0;
    for (const auto& line : lines_of(folder, label))
        if (line.round <= rounds) seconds += line.virtual_seconds.count();
    return seconds;
}

}  // namespace fedgram::experiments
