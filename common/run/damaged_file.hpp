#pragma once

#include <utility>

#include "common/error/error.hpp"

namespace fedgram::run {

/// What `read` gives. The JSON readers throw SpecError, for a user's text; in a run folder it is a file that is wrong,
/// so the same text goes on as DataError.
template <class Read>
decltype(auto) of_file(Read&& read)
{
    try {
        return std::forward<Read>(read)();
    } catch (const SpecError& error) {
        throw DataError{error.what()};
    }
}

}  // namespace fedgram::run
