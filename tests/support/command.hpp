#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace fedgram::test {

struct Outcome {
    int exit_code = 0;  ///< 128 + signal when it was killed
    std::string out;
    std::string err;
};

/// Where a program of this build lies.
[[nodiscard]] std::string program(const std::string& name);

/// A program of this build, running. Killed with the object, if it is still there.
class Process {
public:
    /// `name` is one in the build's bin folder, or a path. `environment` holds NAME=VALUE additions.
    explicit Process(const std::string& name, const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {});
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    void send(int signal) const;
    /// The next line of its standard output, without the newline; what there is of it when the output ends.
    [[nodiscard]] std::string read_line() const;
    /// Reads both outputs to their ends and waits.
    Outcome wait();

private:
    pid_t pid_ = -1;
    int out_ = -1;
    int err_ = -1;
};

/// Runs it to its end.
Outcome run(const std::string& program, const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment = {});

}  // namespace fedgram::test
