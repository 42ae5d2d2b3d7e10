#pragma once

#include <stdexcept>
#include <string>

namespace fedgram {

/// What stops the present task. The type says who can put it right, and the exit code follows from it.
/// The text is one line: the thing, the value, the way out.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;

    /// Puts "WHERE: " in front of the text.
    void add_context(const std::string& where) { text_ = where + ": " + what(); }

    /// Puts "; WAY_OUT" behind the text.
    void add_way_out(const std::string& way_out) { text_ = what() + ("; " + way_out); }

    [[nodiscard]] const char* what() const noexcept override
    {
        return text_.empty() ? std::runtime_error::what() : text_.c_str();
    }

private:
    std::string text_;  // empty until something is added
};

/// The user's specification or command line: key, value, what would be valid.
struct SpecError : Error {
    using Error::Error;
};

/// A data file: path, what was found, what was expected.
struct DataError : Error {
    using Error::Error;
};

/// The peer on a connection: that connection ends, the run goes on.
struct ProtocolError : Error {
    using Error::Error;
};

/// The machine: a port in use, a folder that can't be written, a program that can't be started.
struct SystemError : Error {
    using Error::Error;
};

struct Timeout : ProtocolError {
    Timeout() : ProtocolError{"no answer before the deadline"} {}
};

/// Stopped by SIGINT or SIGTERM, with the results so far kept.
struct Interrupted : Error {
    explicit Interrupted(int signal) : Error{"interrupted"}, signal_number{signal} {}
    int signal_number;
};

}  // namespace fedgram
