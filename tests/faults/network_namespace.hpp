#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fedgram::test {

/// Why no network can be made here, or nothing: it takes root, `ip` and `tc` (iproute2), `nsenter`, and a kernel with
/// veth pairs, bridges, token buckets and TUN devices.
[[nodiscard]] std::optional<std::string> no_network_here();

/// A network namespace of the test's own, with `lo` up; gone with the object, and its devices with it. Whatever runs
/// in it must have ended by then, or it lives on without a name.
class NetworkNamespace {
public:
    /// Its name has the role and this process's id. Throws what `ip` says.
    explicit NetworkNamespace(const std::string& role);
    NetworkNamespace(const NetworkNamespace&) = delete;
    NetworkNamespace& operator=(const NetworkNamespace&) = delete;
    ~NetworkNamespace();

    [[nodiscard]] const std::string& name() const { return name_; }
    /// The words that run the command after them in here. nsenter replaces itself by that command, so that its process
    /// id is the command's.
    [[nodiscard]] std::vector<std::string> place() const;
    /// Runs a command of words parted by blanks in here. Throws what it says when it fails.
    void command(const std::string& words) const;

private:
    struct Name {
        std::string text;
    };
    explicit NetworkNamespace(Name name);

    std::string name_;
};

}  // namespace fedgram::test
