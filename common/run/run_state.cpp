#include "common/run/run_state.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "common/files/descriptor.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/event.hpp"

namespace fedgram::run {

namespace {

/// A coordinator keeps its folder by a lock (FolderLock). One that looks takes no place from it.
bool is_kept(const std::filesystem::path& folder)
{
    const files::Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return opened.number() >= 0 && ::flock(opened.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

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
    if (is_kept(folder)) return RunState::running;
    if (whole) return RunState::whole;
    return was_stopped(folder) ? RunState::interrupted : RunState::failed;
}

}  // namespace fedgram::run
