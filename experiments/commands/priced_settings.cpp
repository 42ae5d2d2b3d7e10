#include "experiments/commands/priced_settings.hpp"

#include "common/report/seeds/same_but_seed.hpp"
#include "experiments/lookup/idle_options.hpp"

namespace fedgram::experiments {

std::vector<PricedSetting> priced_settings(std::span<const report::RunBudget> budgets,
                                           const AssumptionOptions& assumptions)
{
    std::vector<const report::RunBudget*> whole;
    std::vector<report::SeededSetting> settings;
    for (const auto& budget : budgets) {
        if (budget.state != report::RunState::whole) continue;
        whole.push_back(&budget);
        settings.push_back({budget.setting, budget.seed});
    }
    std::vector<PricedSetting> result;
    for (const auto& members : report::same_but_seed(settings)) {
        auto& group = result.emplace_back(PricedSetting{whole[members.front()]->setting, {}, {}});
        for (const auto i : members) {
            group.folders.push_back(whole[i]->folder);
            group.priced.push_back(priced_run(whole[i]->folder, assumptions));
        }
    }
    std::vector<const PricedRun*> runs;
    for (const auto& group : result)
        for (const auto& priced : group.priced) runs.push_back(&priced);
    if (!runs.empty()) refuse_idle_options(runs);
    return result;
}

}  // namespace fedgram::experiments
