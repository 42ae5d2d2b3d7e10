#include <nlohmann/json.hpp>

#include "common/report/budget/run_budget.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json spending_json(const Spending& spent)
{
    return {{"samples", spent.samples},
            {"flops", spent.flops},
            {"device_hours", spent.device_time.count() / 3600},
            {"device_joules", spent.devices.count()},
            {"coordinator_joules", spent.coordinator.count()},
            {"levers_joules", spent.levers.count()},
            {"joules", spent.joules().count()},
            {"kwh", kilowatt_hours(spent.joules())},
            {"wasted_ledger_lines", spent.wasted_lines},
            {"wasted_joules", spent.wasted.count()},
            {"host_cpu_seconds", spent.host_cpu_seconds ? Json(*spent.host_cpu_seconds) : Json(nullptr)}};
}

}  // namespace

Json budget_json(std::span<const RunBudget> runs)
{
    Json json{{"runs", Json::array()}};
    Spending sum;
    for (const auto& run : runs) {
        Json row{{"run", run.folder.string()},
                 {"seed", run.seed},
                 {"state", name(run.state)},
                 {"missed_target", run.missed},
                 {"from_store", run.from_store}};
        row.update(spending_json(run.spending));
        json["runs"].push_back(std::move(row));
        sum += run.spending;
    }
    json["seeds"] = seeds(runs);
    json["sum"] = spending_json(sum);
    return json;
}

}  // namespace fedgram::report
