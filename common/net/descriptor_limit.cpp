#include "common/net/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <climits>

namespace fedgram::net {

namespace {

constexpr int open_before_clients = 24;

}  // namespace

int raise_descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);  // some systems grant less than their hard limit
    return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, INT_MAX));
}

int descriptors_for(std::uint32_t clients)
{
    return open_before_clients + reserved_descriptors + static_cast<int>(clients);
}

std::uint32_t clients_within(int limit) { return static_cast<std::uint32_t>(std::max(0, limit - descriptors_for(0))); }

}  // namespace fedgram::net
