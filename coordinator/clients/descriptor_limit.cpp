#include "coordinator/clients/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <climits>

namespace fedgram::coordinator {

int raise_descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);  // some systems grant less than their hard limit
    return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, INT_MAX));
}

}  // namespace fedgram::coordinator
