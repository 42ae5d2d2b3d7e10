#include "common/error/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>

namespace fedgram {

void hold_standard_streams()
{
    std::signal(SIGPIPE, SIG_IGN);
    // A file that grows beyond a limit is an error of the call that writes it, as a full disk is.
    std::signal(SIGXFSZ, SIG_IGN);
    // The lowest number that is free is the one that open gives; processes started later inherit it. To be read only:
    // a text that is printed there must fail, not vanish.
    for (int number = 0; number <= STDERR_FILENO; ++number)
        if (::fcntl(number, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
}

bool output_has_arrived()
{
    std::cout.flush();
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && static_cast<bool>(std::cout);
}

bool reader_has_gone()
{
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

}  // namespace fedgram
