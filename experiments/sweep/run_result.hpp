#pragma once

#include <string>

#include "common/error/error.hpp"

namespace fedgram::experiments {

/// What `read` makes of a file that a run of a sweep wrote. Damage to it goes on as DataError with the way out.
template <class Read>
[[nodiscard]] auto of_sweep_run(Read read)
{
    try {
        return read();
    } catch (const DataError& error) {
        throw DataError{error.what() +
                        std::string{"; the file is damaged: remove its folder to have the run made anew"}};
    }
}

}  // namespace fedgram::experiments
