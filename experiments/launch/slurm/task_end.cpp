#include "experiments/launch/slurm/task_end.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::experiments::slurm {

std::string TaskEnd::text() const
{
    return "exit code " + std::to_string(exit_code) + " on " + node + " (job " + job + ")";
}

std::optional<TaskEnd> parse_task_end(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    try {
        return TaskEnd{json.at("exit_code").get<int>(), json.at("node").get<std::string>(),
                       json.at("job").get<std::string>(), json.at("restarts").get<std::uint32_t>()};
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

}  // namespace fedgram::experiments::slurm
