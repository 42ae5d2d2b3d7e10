#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

/// A program with its arguments.
struct Call {
    std::filesystem::path program;
    std::vector<std::string> arguments;
};

/// Where the processes of a run go on. Each is a child of this program, or a child of it stands for one elsewhere: it
/// ends when that does, and hands signals and the standard output on.
class ProcessHost {
public:
    virtual ~ProcessHost() = default;

    /// `arguments` are all but those by which the processes find and know each other.
    [[nodiscard]] virtual Call coordinator(std::vector<std::string> arguments) const = 0;
    [[nodiscard]] virtual Call client(std::vector<std::string> arguments) const = 0;
    /// By which clients reach a coordinator that says it listens on `listened`.
    [[nodiscard]] virtual std::string address(const std::string& listened) const = 0;
    /// Whether the processes share this machine's memory with this one.
    [[nodiscard]] virtual bool is_here() const = 0;
};

/// This machine.
class LocalHost final : public ProcessHost {
public:
    [[nodiscard]] Call coordinator(std::vector<std::string> arguments) const override
    {
        arguments.insert(arguments.begin(), {"--listen", "127.0.0.1:0"});
        return {sibling_program("fedgram-coordinator"), std::move(arguments)};
    }
    [[nodiscard]] Call client(std::vector<std::string> arguments) const override
    {
        return {sibling_program("fedgram-client"), std::move(arguments)};
    }
    [[nodiscard]] std::string address(const std::string& listened) const override { return listened; }
    [[nodiscard]] bool is_here() const override { return true; }
};

}  // namespace fedgram::experiments
