#include "experiments/launch/client_fork_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <chrono>

#include "common/error/errno_error.hpp"

namespace fedgram::experiments {

namespace {

// A fork takes some milliseconds.
constexpr std::chrono::milliseconds patience{10'000};

}  // namespace

ClientForkServer::ClientForkServer(const std::string& engine, const std::string& dataset,
                                   const std::vector<std::string>& data, std::optional<int> kept)
{
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw errno_error("clients can't be forked");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw errno_error("clients can't be forked");
    socket_ = files::Descriptor{ends[0]};
    const files::Descriptor theirs{ends[1]};
    ::fcntl(theirs.number(), F_SETFD, 0);  // the child keeps this one
    std::vector<std::string> arguments{"fork-server", "--socket", std::to_string(theirs.number()), "--engine", engine,
                                       "--data",      dataset};
    arguments.insert(arguments.end(), data.begin(), data.end());
    process_.emplace(sibling_program("fedgram-client"), arguments, ChildProcess::Output::inherit,
                     std::filesystem::path{}, kept);
}

std::string ClientForkServer::hear()
{
    pollfd answer{socket(), POLLIN, 0};
    char text[32];
    if (::poll(&answer, 1, static_cast<int>(patience.count())) <= 0) return {};
    const auto size = ::recv(socket(), text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
}

bool ClientForkServer::is_ready() { return hear() == "ready"; }

std::optional<ChildProcess> ClientForkServer::fork_client(const std::vector<std::string>& arguments)
{
    std::string request;
    for (const auto& argument : arguments) request += argument + "\n";
    if (::send(socket(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
    const auto answer = hear();
    if (answer.empty()) return std::nullopt;
    return ChildProcess::adopted(std::stoi(answer));
}

}  // namespace fedgram::experiments
