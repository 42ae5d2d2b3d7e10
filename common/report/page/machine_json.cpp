#include "common/report/page/machine_json.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::report {

nlohmann::ordered_json machine_json(const run::RunSummary& summary)
{
    using Json = nlohmann::ordered_json;
    const auto& engine = summary.engine;
    return {{"cpu_model", summary.host_cpu_model ? Json(*summary.host_cpu_model) : Json(nullptr)},
            {"engine", engine.name + (engine.version.empty() ? "" : " " + engine.version) +
                           (engine.cpu.empty() ? "" : ", " + engine.cpu)},
            {"fedgram", summary.fedgram}};
}

}  // namespace fedgram::report
