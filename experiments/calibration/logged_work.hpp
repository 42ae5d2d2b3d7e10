#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/energy/logs/power_log.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// Work that was done while a log was written.
struct LoggedWork {
    energy::Work work;
    std::string name;  ///< "table4, centralized", "resnet-50, batches of 64"
    /// When it began, by the clock that the work's own times follow; nothing: with the log.
    std::optional<power_logs::LogTime> begin;
    bool absolute = false;           ///< `begin` is since the Unix epoch; else since the log's start
    std::optional<Seconds> seconds;  ///< nothing: to the end of the log
    Seconds coarseness;              ///< how far the times may be off
};

/// Of a training of a run folder: all that it computed, from when it began (events.jsonl, whole seconds) for as long as
/// it took (summary.json). Empty `training`: the only one. Throws SpecError where there are several, or none of that
/// name; DataError where the run was interrupted and resumed, so that its times aren't known, and as reading a run
/// does.
[[nodiscard]] LoggedWork work_of_run(const std::filesystem::path& folder, const std::string& training);

/// Of a file: a JSON object with `network`, `optimizer`, `batch` and `steps`, as a measured row has them (`pass`,
/// `optimizer_launches` too); or the sums themselves, `samples`, `steps`, `kernels`, `flops`, `memory_bytes`. It may
/// have `begin` ("2026-11-29T10:00:00Z", or seconds since the log's start) and `seconds`. Throws SpecError.
[[nodiscard]] LoggedWork work_of_file(const std::filesystem::path& file);

}  // namespace fedgram::experiments
