#include "tests/faults/network_namespace.hpp"

#include <unistd.h>

#include <sstream>
#include <stdexcept>

#include "tests/support/command.hpp"

namespace fedgram::test {

namespace {

/// Where a system's tool lies, or nothing.
std::optional<std::string> tool(const std::string& name)
{
    for (const std::string folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
        if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
    return std::nullopt;
}

std::string required_tool(const std::string& name)
{
    const auto path = tool(name);
    if (!path) throw std::runtime_error{name + " is not installed"};
    return *path;
}

void execute(const std::vector<std::string>& words)
{
    const auto outcome = run(words.front(), {words.begin() + 1, words.end()});
    if (outcome.exit_code == 0) return;
    std::string line;
    for (const auto& word : words) line += word + " ";
    throw std::runtime_error{line + "ended with " + std::to_string(outcome.exit_code) + ": " + outcome.err};
}

}  // namespace

std::optional<std::string> no_network_here()
{
    if (::geteuid() != 0) return "only root can make network namespaces";
    for (const std::string name : {"ip", "tc", "nsenter"})
        if (!tool(name)) return name + " is not installed (Debian's iproute2 and util-linux have it)";
    try {
        const NetworkNamespace one{"try-one"};
        const NetworkNamespace other{"try-other"};
        one.command("ip link add port type veth peer name cable netns " + other.name());
        one.command("ip link add bridge type bridge");
        one.command("tc qdisc add dev port root tbf rate 1mbit burst 10kb latency 1s");
        one.command("ip tuntap add dev wire mode tun");
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return std::nullopt;
}

NetworkNamespace::NetworkNamespace(const std::string& role)
    : NetworkNamespace{Name{"fedgram-" + std::to_string(::getpid()) + "-" + role}}
{
    command("ip link set lo up");  // it is complete by now: removed, should this fail
}

NetworkNamespace::NetworkNamespace(Name name) : name_{std::move(name.text)}
{
    execute({required_tool("ip"), "netns", "add", name_});
}

NetworkNamespace::~NetworkNamespace()
{
    try {
        execute({required_tool("ip"), "netns", "del", name_});
    } catch (const std::runtime_error&) {
        // A destructor has nobody to tell it to; `ip netns list` shows what is left.
    }
}

std::vector<std::string> NetworkNamespace::place() const
{
    return {required_tool("nsenter"), "--net=/run/netns/" + name_};
}

void NetworkNamespace::command(const std::string& words) const
{
    auto all = place();
    std::istringstream text{words};
    for (std::string word; text >> word;) all.push_back(word);
    execute(all);
}

}  // namespace fedgram::test
