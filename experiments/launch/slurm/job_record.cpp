#include "experiments/launch/slurm/job_record.hpp"

#include <sstream>

namespace fedgram::experiments::slurm {

std::string JobRecord::text() const
{
    std::string details;
    const auto add = [&](const std::string& what) { details += (details.empty() ? "" : ", ") + what; };
    if (!reason.empty() && reason != "None") add("reason " + reason);
    if (!exit_code.empty() && exit_code != "0:0") add("exit code " + exit_code);
    return state + (nodes.empty() || nodes == "(null)" ? "" : " on " + nodes) +
           (details.empty() ? "" : " (" + details + ")");
}

std::optional<JobRecord> parse_job_record(std::string_view text)
{
    JobRecord record;
    std::istringstream words{std::string{text.substr(0, text.find('\n'))}};
    for (std::string word; words >> word;) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) continue;
        const auto key = word.substr(0, equals);
        const auto value = word.substr(equals + 1);
        if (key == "JobState") record.state = value;
        if (key == "Reason") record.reason = value;
        if (key == "ExitCode") record.exit_code = value;
        if (key == "NodeList") record.nodes = value;
    }
    if (record.state.empty()) return std::nullopt;
    return record;
}

}  // namespace fedgram::experiments::slurm
