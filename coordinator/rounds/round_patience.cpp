#include "coordinator/rounds/round_patience.hpp"

#include <algorithm>

namespace fedgram::coordinator {

namespace {

std::chrono::steady_clock::duration host_time(double seconds)
{
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>{seconds});
}

}  // namespace

RoundPatience::RoundPatience(const spec::Federated& rule, TimePoint started)
    : round_deadline_{started + host_time(rule.round_deadline_s)},
      rejoin_until_{started},
      rejoin_wait_{host_time(rule.rejoin_wait_s)},
      quorum_wait_{host_time(rule.quorum_wait_s)}
{
}

RoundPatience::TimePoint RoundPatience::until(const RoundNodes& round) const
{
    const auto end = round.busy() ? round_deadline_ : std::min(rejoin_until_, round_deadline_);
    return round.quorum_held() ? end : end + quorum_wait_;
}

}  // namespace fedgram::coordinator
