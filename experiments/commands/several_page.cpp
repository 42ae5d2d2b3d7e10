#include "experiments/commands/several_page.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/page/page.hpp"
#include "common/report/page/several_data.hpp"
#include "common/report/seeds/setting_names.hpp"
#include "common/run/round_line.hpp"
#include "common/run/summary.hpp"
#include "experiments/commands/page_file.hpp"

namespace fedgram::experiments {

namespace {

/// As two settings they would be compared, and differ in nothing.
void refuse_copies(std::span<const PricedSetting> settings)
{
    std::map<std::pair<std::string, std::uint64_t>, std::filesystem::path> seen;
    for (const auto& setting : settings)
        for (std::size_t i = 0; i < setting.priced.size(); ++i) {
            const auto seed = setting.priced[i].run.seed;
            const auto [found, is_new] = seen.try_emplace({setting.setting, seed}, setting.folders[i]);
            if (!is_new)
                throw SpecError{"--html: " + found->second.string() + " and " + setting.folders[i].string() +
                                " are runs of one specification and one seed, " + std::to_string(seed) +
                                ", and so one result; name one of them"};
        }
}

std::vector<std::string> names_of(std::span<const PricedSetting> settings)
{
    if (settings.size() == 1) return {settings.front().priced.front().table.name};
    std::vector<report::NamedSetting> named;
    for (const auto& setting : settings) named.push_back({setting.setting, setting.folders.front().string()});
    return report::setting_names(named);
}

std::vector<run::RoundLine> rounds_of(const std::filesystem::path& folder)
{
    const auto path = folder / "rounds.jsonl";
    return run::parse_rounds(files::read_file(path), path.string());
}

}  // namespace

void write_several_page(std::span<const PricedSetting> settings, std::span<const report::RunBudget> budgets,
                        const std::filesystem::path& file)
{
    refuse_unless_page(file);
    if (settings.empty())
        throw SpecError{
            "--html: none of these runs is whole, so there is nothing to show; leave --html out to see what "
            "they have spent"};
    refuse_copies(settings);
    const auto names = names_of(settings);
    std::deque<std::vector<run::RoundLine>> rounds;
    std::vector<report::SettingOfPage> shown;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        auto& setting = shown.emplace_back(report::SettingOfPage{names[i], {}});
        for (std::size_t k = 0; k < settings[i].priced.size(); ++k) {
            const auto& folder = settings[i].folders[k];
            const auto& priced = settings[i].priced[k];
            rounds.push_back(rounds_of(folder));
            setting.runs.push_back({folder.string(), &priced.table, &priced.run, &rounds.back()});
        }
    }
    std::vector<report::RunOfPage> runs;
    for (const auto& budget : budgets) runs.push_back({budget, run::find_summary(budget.folder)});
    const std::string version = FEDGRAM_VERSION;
    files::write_file(file, report::several_page(report::several_data({shown, runs, version})));
}

}  // namespace fedgram::experiments
