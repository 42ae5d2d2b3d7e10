#include "common/energy/meters/gap_log.hpp"

namespace fedgram::energy {

void GapLog::add(GapKind kind, Instant from, Instant until, const std::string& reason)
{
    if (!gaps_.empty() && gaps_.back().kind == kind && from <= gaps_.back().until)
        gaps_.back().until = until;
    else
        gaps_.push_back({kind, from, until, reason});
}

void GapLog::extend(Instant until)
{
    if (!gaps_.empty()) gaps_.back().until = until;
}

}  // namespace fedgram::energy
