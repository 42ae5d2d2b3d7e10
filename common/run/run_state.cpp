#include "common/run/run_state.hpp"

#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/event.hpp"
#include "common/run/folder_lock.hpp"

namespace fedgram::run {

namespace {

bool was_stopped(const std::filesystem::path& folder)
{
    const auto path = folder / "events.jsonl";
    std::vector<Event> events;
    if (const auto text = files::try_read_file(path))
        static_cast<void>(damage_found([&] { events = parse_events(*text, path.string()); }));
    return !events.empty() && events.back().name == "interrupted";
}

}  // namespace

std::string_view name(RunState state)
{
    switch (state) {
        case RunState::running:
            return "running";
        case RunState::whole:
            return "whole";
        case RunState::interrupted:
            return "interrupted";
        case RunState::failed:
            break;
    }
    return "failed";
}

RunState state_of(const std::filesystem::path& folder, bool whole)
{
    if (is_kept(folder, FolderKeeper::coordinator)) return RunState::running;
    if (whole) return RunState::whole;
    return was_stopped(folder) ? RunState::interrupted : RunState::failed;
}

}  // namespace fedgram::run
