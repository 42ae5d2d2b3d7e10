#pragma once

#include <optional>
#include <string>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::run {

/// A file that a later Fedgram has written, in a form that this one doesn't know.
struct NewerFormat : DataError {
    using DataError::DataError;
};

/// What `read` gives. The JSON readers throw SpecError, for a user's text; in a run folder it is a file that is wrong,
/// so the same text goes on as DataError. Of several mistakes the first alone: nobody mends such a file by hand.
template <class Read>
decltype(auto) of_file(Read&& read)
{
    try {
        return std::forward<Read>(read)();
    } catch (const SpecError& error) {
        const std::string text = error.what();
        throw DataError{text.substr(0, text.find('\n'))};
    }
}

/// Why `read` could not read its file, for whoever can do without; nothing where it could. A newer format is no damage:
/// that error passes, as all others that aren't about the file's content.
template <class Read>
[[nodiscard]] std::optional<std::string> damage_found(Read&& read)
{
    try {
        of_file(std::forward<Read>(read));
        return std::nullopt;
    } catch (const NewerFormat&) {
        throw;
    } catch (const DataError& error) {
        return error.what();
    }
}

}  // namespace fedgram::run
