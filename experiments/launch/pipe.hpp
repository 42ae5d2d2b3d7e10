#pragma once

#include <fcntl.h>
#include <unistd.h>

#include "common/error/errno_error.hpp"
#include "common/files/descriptor.hpp"

namespace fedgram::experiments {

/// Both ends are closed by a successful exec. Throws SystemError where there is none left.
struct Pipe {
    files::Descriptor read_end;
    files::Descriptor write_end;

    Pipe()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw errno_error("no pipe");
        read_end = files::Descriptor{ends[0]};
        write_end = files::Descriptor{ends[1]};
    }
};

}  // namespace fedgram::experiments
