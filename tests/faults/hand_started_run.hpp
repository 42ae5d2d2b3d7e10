#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fedgram::test {

/// The words before a command line that say where it runs: none for right here, else `NetworkNamespace::place()`.
using Place = std::vector<std::string>;

/// A run whose coordinator and clients are started one by one, as on machines of their own. What has not ended a minute
/// after its start is killed, so that no test hangs.
class HandStartedRun {
public:
    /// Starts the coordinator, and waits until it listens. `options` are fedgram-coordinator's beyond --spec and --out;
    /// `environment` holds NAME=VALUE additions, for the clients too.
    HandStartedRun(const std::string& spec, const Place& where, const std::vector<std::string>& options = {},
                   std::vector<std::string> environment = {});

    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] const Process& coordinator() const { return coordinator_; }
    /// `options` are fedgram-client's beyond --connect and --nodes; `address` is the coordinator's unless given.
    const Process& start_client(const std::string& nodes, const Place& where,
                                const std::vector<std::string>& options = {}, const std::string& address = {});

    /// Whether the coordinator has ended.
    [[nodiscard]] bool over() const;
    /// True once the condition holds; false when it doesn't before the run is over or out of time.
    [[nodiscard]] bool comes_true(const std::function<bool()>& condition) const;
    /// Waits for all; each must end with 0. Returns what the coordinator said on standard error.
    std::string check_ends_well();

    /// The lines of one of the run's files: rounds, ledger, events.
    [[nodiscard]] std::vector<nlohmann::json> lines(const std::string& file) const;
    [[nodiscard]] std::vector<nlohmann::json> events(const std::string& kind) const;
    [[nodiscard]] std::size_t wasted_trainings() const;
    [[nodiscard]] bool begun() const;  ///< every node has a client

    /// Every one of `nodes` took part in every one of `rounds`, and the parameters are those of a run of this
    /// specification that nothing disturbs, in one process on this machine.
    void check_equals_undisturbed(std::size_t rounds, unsigned nodes) const;

private:
    [[nodiscard]] bool ended(const Process& process) const;
    [[nodiscard]] std::string resolved(const std::string& spec) const;
    [[nodiscard]] std::string parameters_sha256(const std::string& run) const;

    TemporaryFolder folder_;
    std::string spec_;
    std::chrono::steady_clock::time_point give_up_;
    std::vector<std::string> environment_;
    Process coordinator_;
    std::string address_;
    std::list<Process> clients_;
};

}  // namespace fedgram::test
